/** How likely a gait selection policy found each gait over time: a row a gait, the darker the likelier, outlined the one that runs. */

import { GAITS, SELECTABLE_GAITS } from "../../gaits/library.js";
import { byId, pageScale } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { hasSelection, selectionSpans } from "../recording/gait-selection.js";
import { gaitSpans } from "../recording/gait-spans.js";
import { CanvasPanel } from "./canvas-panel.js";

const NAMES = SELECTABLE_GAITS.map((gait) => GAITS[gait].id);
const LABEL_WIDTH = 40;
const AXIS_HEIGHT = 16;
/** Room for a label of the time axis, CSS pixels, and the times between two of them to choose from, s. */
const TICK_SPACE = 44;
const TICKS_S = [0.5, 1, 2, 5, 10, 20];
/** Less likely gaits are not told of in words. */
const WORTH_TELLING = 0.05;

export interface GaitSelectionOptions {
  /** Up to now, s. Undefined: all that the log holds. */
  readonly windowS?: number;
  /** Called with the time that is clicked or dragged to. */
  readonly onSeek?: (timeS: number) => void;
}

export class GaitSelectionStrip {
  private readonly box: HTMLElement;
  private readonly reading: HTMLElement;
  private readonly panel: CanvasPanel;
  private log: Frames | null = null;
  private timeS = 0;

  /** @param id what its elements' ids start with */
  constructor(
    id: string,
    private theme: Theme,
    private readonly options: GaitSelectionOptions,
  ) {
    this.box = byId(id, HTMLElement);
    this.reading = byId(`${id}-now`, HTMLElement);
    const canvas = byId(`${id}-strip`, HTMLCanvasElement);
    this.panel = new CanvasPanel(canvas, () => this.draw());
    if (options.onSeek) this.seekFrom(canvas, options.onSeek);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
  }

  /** Takes no room where `selects` is false: by default, where no policy selected. */
  show(log: Frames, selects = hasSelection(log)): void {
    this.log = selects ? log : null;
    this.box.hidden = !selects;
  }

  update(timeS: number): void {
    this.timeS = timeS;
    const { log } = this;
    if (!log || log.numFrames === 0) return;
    const now = Math.min(Math.round(timeS / log.header.dtS), log.numFrames - 1);
    this.reading.textContent = inWords(selectionSpans(log, now, now + 1)[0]?.probabilities ?? []);
    this.draw();
  }

  /** What the strip spans, s. */
  private get range(): readonly [fromS: number, toS: number] {
    const { windowS } = this.options;
    if (windowS !== undefined) return [this.timeS - windowS, this.timeS];
    const { numFrames, header } = this.log!;
    return [0, Math.max(numFrames - 1, 1) * header.dtS];
  }

  private xAt(timeS: number): number {
    const [fromS, toS] = this.range;
    const x = LABEL_WIDTH + ((timeS - fromS) / (toS - fromS)) * (this.panel.width - LABEL_WIDTH - 2);
    return Math.min(Math.max(x, LABEL_WIDTH), this.panel.width - 2);
  }

  private draw(): void {
    const { log, panel, theme } = this;
    if (!log) return;
    const { context, width, height } = panel.begin();
    if (width === 0 || log.numFrames === 0) return;
    const bottom = height - AXIS_HEIGHT;
    const rowHeight = bottom / NAMES.length;
    const [fromS, toS] = this.range;
    const { dtS } = log.header;
    const frames = [Math.max(0, Math.floor(fromS / dtS)), Math.min(log.numFrames, Math.ceil(toS / dtS) + 1)] as const;
    this.drawAxis(bottom);
    this.drawRows(log, frames, rowHeight);
    context.fillStyle = theme.ink;
    context.fillRect(Math.round(this.xAt(this.timeS)) - 1, 0, 2, bottom);
  }

  private drawRows(log: Frames, frames: readonly [first: number, end: number], rowHeight: number): void {
    const { context } = this.panel;
    const { accent, ink, muted } = this.theme;
    context.fillStyle = accent;
    for (const { fromS, toS, probabilities } of selectionSpans(log, ...frames)) {
      const left = this.xAt(fromS);
      probabilities.forEach((share, row) => {
        context.globalAlpha = share;
        context.fillRect(left, row * rowHeight + 1, this.xAt(toS) - left, rowHeight - 2);
      });
    }
    context.globalAlpha = 1;
    context.strokeStyle = ink;
    for (const { fromS, toS, gait } of gaitSpans(log, ...frames)) {
      const [left, row] = [this.xAt(fromS), NAMES.indexOf(gait)];
      if (row >= 0) context.strokeRect(left + 0.5, row * rowHeight + 0.5, this.xAt(toS) - left - 1, rowHeight - 1);
    }
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = muted;
    for (const [row, name] of NAMES.entries()) context.fillText(name, 0, (row + 0.5) * rowHeight);
  }

  private drawAxis(bottom: number): void {
    const { context, width } = this.panel;
    const [fromS, toS] = this.range;
    const mostTicks = (width - LABEL_WIDTH) / TICK_SPACE;
    const tickS = TICKS_S.find((each) => (toS - fromS) / each < mostTicks) ?? TICKS_S[TICKS_S.length - 1];
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "top";
    for (let tick = Math.ceil(Math.max(0, fromS) / tickS); tick * tickS <= toS; tick++) {
      const x = Math.round(this.xAt(tick * tickS));
      context.fillStyle = this.theme.line;
      context.fillRect(x, 0, 1, bottom);
      context.fillStyle = this.theme.muted;
      if (x > LABEL_WIDTH + 8 && x < width - 12) context.fillText(`${tick * tickS} s`, x, bottom + 4);
    }
  }

  private seekFrom(canvas: HTMLCanvasElement, onSeek: (timeS: number) => void): void {
    const seek = ({ clientX }: PointerEvent) => {
      const { left, width } = canvas.getBoundingClientRect();
      const scale = pageScale();
      const share = ((clientX - left) / scale - LABEL_WIDTH) / (width / scale - LABEL_WIDTH - 2);
      const [fromS, toS] = this.range;
      onSeek(fromS + share * (toS - fromS));
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      seek(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) seek(event);
    });
  }
}

/** "trot 71 %, run 24 %", the likeliest first. */
function inWords(probabilities: ArrayLike<number>): string {
  const told = NAMES.map((name, i) => ({ name, share: probabilities[i] })).filter(({ share }) => share > WORTH_TELLING);
  const words = told.sort((a, b) => b.share - a.share).map(({ name, share }) => `${name} ${Math.round(100 * share)} %`);
  return words.slice(0, 2).join(", ");
}
