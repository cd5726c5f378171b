/** Plain words for what episode headers hold as codes. */

import type { EpisodeHeader } from "../sim/episode-log.js";
import type { TerrainSpec } from "../sim/types.js";

export function terrainName(kind: TerrainSpec["kind"], level: number): string {
  return kind === "flat" || level === 0 ? "flat ground" : `${kind} ground, level ${level}`;
}

export function controllerName(controller: EpisodeHeader["controller"]): string {
  return controller === "policy" ? "policy" : "zero action";
}
