/** Plain words for what episode headers hold as codes. */

import type { EpisodeHeader } from "../../sim/episode-log.js";

export function controllerName(controller: EpisodeHeader["controller"]): string {
  return controller === "policy" ? "policy" : "zero action";
}
