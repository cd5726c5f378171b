/** What the 3D view shows, in words on top of it. */

import type { EpisodeHeader } from "../../sim/episode-log.js";
import { terrainName } from "../../sim/terrain-kinds.js";
import { byId } from "../dom.js";
import { controllerName } from "../names.js";

export class Caption {
  private readonly title = byId("caption-title", HTMLElement);
  private readonly detail = byId("caption-detail", HTMLElement);

  show(header: EpisodeHeader): void {
    this.title.textContent = header.label;
    this.detail.textContent = [
      header.robot.toUpperCase(),
      header.gait,
      terrainName(header.terrain.kind, header.terrain.level),
      controllerName(header.controller),
    ].join(" · ");
  }
}
