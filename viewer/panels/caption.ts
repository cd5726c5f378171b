/** What the 3D view shows, in words on top of it. */

import { CONTROLLER_NAMES, type EpisodeHeader } from "../../sim/episode-log.js";
import { terrainName } from "../../sim/terrain/kinds.js";
import { byId } from "../page/dom.js";

export class Caption {
  private readonly title: HTMLElement;
  private readonly detail: HTMLElement;

  /** @param id what its elements' ids start with */
  constructor(id: string) {
    this.title = byId(`${id}-title`, HTMLElement);
    this.detail = byId(`${id}-detail`, HTMLElement);
  }

  show(header: EpisodeHeader, title = header.label, notes: readonly string[] = []): void {
    this.title.textContent = title;
    this.detail.textContent = [
      header.robot.toUpperCase(),
      header.gait,
      terrainName(header.terrain.kind, header.terrain.level),
      CONTROLLER_NAMES[header.controller],
      ...(header.fell ? [`fell at ${header.durationS.toFixed(1)} s`] : []),
      ...notes,
    ].join(" · ");
  }
}
