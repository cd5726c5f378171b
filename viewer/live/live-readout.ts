/** What the live simulation does now, in words and numbers. */

import { GAITS } from "../../gaits/library.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { terrainName } from "../../sim/terrain/kinds.js";
import { byId } from "../page/dom.js";
import type { Frames } from "../recording/frames.js";

/** Numbers that change faster than this cannot be read, s. */
const PERIOD_S = 0.1;

export class LiveReadout {
  private readonly title = byId("live-title", HTMLElement);
  private readonly detail = byId("live-detail", HTMLElement);
  private readonly gait = byId("live-gait-now", HTMLElement);
  private readonly status = byId("live-status", HTMLElement);
  private readonly figures = byId("live-figures", HTMLElement);
  private shownAtS = Number.NaN;

  showRun(controller: string, { kind, level }: TerrainSpec): void {
    this.title.textContent = terrainName(kind, level).replace(/^./, (letter) => letter.toUpperCase());
    this.detail.textContent = controller;
  }

  /** A sentence for those who watch, or nothing. */
  say(text: string): void {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** @param figures by name, as text; asked for only when they are to be written */
  update(frames: Frames, timeS: number, figures: () => Readonly<Record<string, string>>): void {
    if (Math.abs(timeS - this.shownAtS) < PERIOD_S) return;
    this.shownAtS = timeS;
    const frame = frames.frame(frames.numFrames - 1);
    const gait = GAITS[frame[frames.column("gait").offset]].id;
    const changing = frame[frames.column("transition").offset] === 1;
    this.gait.textContent = changing ? `→ ${gait}` : gait;
    for (const [name, value] of Object.entries(figures())) this.cell(name).textContent = value;
  }

  private cell(name: string): HTMLElement {
    const cell = this.figures.querySelector<HTMLElement>(`[data-figure="${name}"]`);
    if (!cell) throw new Error(`The page shows no figure "${name}".`);
    return cell;
  }
}
