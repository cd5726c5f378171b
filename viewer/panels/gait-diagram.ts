/** Hildebrand diagram: which foot is on the ground when. The gait memory's schedule above, what was measured below. */

import { LEG_NAMES } from "../../gaits/types.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { type GaitSpan, gaitSpans } from "../recording/gait-spans.js";
import { CanvasPanel } from "./canvas-panel.js";

/** Time shown, s. */
const WINDOW_S = 2;
const LABEL_WIDTH = 34;
const AXIS_HEIGHT = 20;
/** Room for the gait's name above the bars. */
const NAME_HEIGHT = 19;
const TICK_S = 0.5;
const NAME_FONT = "600 12px system-ui, sans-serif";

interface Strip {
  readonly log: Frames;
  readonly column: "contact" | "scheduledContact";
  readonly leg: number;
  readonly top: number;
  readonly height: number;
  readonly opacity: number;
}

/** A strip chart around the current time, drawn on a canvas. */
export class GaitDiagram {
  private readonly panel: CanvasPanel;
  private log: Frames | null = null;
  private other: Frames | null = null;
  private timeS = 0;
  /** The legs' names stand there: they stay. */
  private named = false;

  constructor(
    canvas: HTMLCanvasElement,
    private theme: Theme,
    /** Where now stands in the window: 0 at its beginning, 1 at its end. */
    private readonly nowAt = 0.5,
  ) {
    this.panel = new CanvasPanel(canvas, () => this.draw());
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.draw();
  }

  /** @param other a second episode, whose contacts stand below those of the first, paler */
  show(log: Frames, other: Frames | null = null): void {
    this.log = log;
    this.other = other;
  }

  update(timeS: number): void {
    this.timeS = timeS;
    this.draw(this.named ? LABEL_WIDTH : 0);
  }

  /** @param left what is to the left of it stays as it was drawn: text is what takes longest */
  private draw(left = 0): void {
    const { panel, log, theme } = this;
    const { context, width, height, blank } = panel.begin(left);
    this.named = log !== null && width > 0;
    if (!log || width === 0) return;
    const rowHeight = (height - AXIS_HEIGHT - NAME_HEIGHT) / LEG_NAMES.length;
    this.drawAxis(height - AXIS_HEIGHT);
    for (const span of gaitSpans(log, ...this.framesIn(log))) this.drawGait(span, height - AXIS_HEIGHT);
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.font = NAME_FONT;
    LEG_NAMES.forEach((name, leg) => {
      const top = NAME_HEIGHT + leg * rowHeight;
      context.fillStyle = theme.legs[leg];
      context.strokeStyle = theme.legs[leg];
      if (blank) context.fillText(name, 0, top + rowHeight / 2);
      this.drawLeg(log, leg, top, rowHeight);
    });
    context.fillStyle = theme.ink;
    context.fillRect(Math.round(this.xAt(this.timeS)) - 1, 0, 2, height - AXIS_HEIGHT);
  }

  private drawLeg(log: Frames, leg: number, rowTop: number, rowHeight: number): void {
    const strips = [
      { log, column: "scheduledContact", opacity: 1 } as const,
      { log, column: "contact", opacity: 1 } as const,
      ...(this.other ? [{ log: this.other, column: "contact", opacity: 0.45 } as const] : []),
    ];
    const step = (0.8 * rowHeight) / strips.length;
    strips.forEach((strip, i) => {
      this.drawStrip({ ...strip, leg, top: rowTop + 0.1 * rowHeight + i * step + 1, height: step - 2 });
    });
  }

  /** The gait's name over its time; the band of a transition goes through all rows. */
  private drawGait({ fromS, toS, gait, transition }: GaitSpan, bottom: number): void {
    const { context } = this.panel;
    const left = Math.max(LABEL_WIDTH, this.xAt(fromS));
    const right = Math.min(this.panel.width - 2, this.xAt(toS));
    if (right <= left) return;
    context.fillStyle = this.theme.line;
    if (transition) context.fillRect(left, 0, right - left, bottom);
    else context.fillRect(left + 0.75, NAME_HEIGHT - 3, right - left - 1.5, 2);
    context.font = NAME_FONT;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillStyle = this.theme.ink;
    const name = transition ? `→ ${gait}` : gait;
    // A band that is too narrow for its name is followed by the gait's own.
    if (context.measureText(name).width < right - left - 4) context.fillText(name, left + 4, 0);
  }

  private xAt(timeS: number): number {
    const plotWidth = this.panel.width - LABEL_WIDTH - 2;
    return LABEL_WIDTH + ((timeS - this.timeS) / WINDOW_S + this.nowAt) * plotWidth;
  }

  private get fromS(): number {
    return this.timeS - this.nowAt * WINDOW_S;
  }

  private get toS(): number {
    return this.fromS + WINDOW_S;
  }

  /** The frames within the window, as the first and the one after the last. */
  private framesIn({ header: { dtS }, numFrames }: Frames): [first: number, end: number] {
    return [Math.max(0, Math.floor(this.fromS / dtS)), Math.min(numFrames, Math.ceil(this.toS / dtS) + 1)];
  }

  private drawAxis(bottom: number): void {
    const { context } = this.panel;
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "top";
    const first = Math.ceil(Math.max(0, this.fromS) / TICK_S);
    for (let tick = first; tick * TICK_S <= this.toS; tick++) {
      const x = Math.round(this.xAt(tick * TICK_S));
      context.fillStyle = this.theme.line;
      context.fillRect(x, 0, 1, bottom);
      context.fillStyle = this.theme.muted;
      const label = `${(tick * TICK_S).toFixed(1)} s`;
      // A label that would be cut off at the side says nothing, and one that began further left would stay there.
      if (x > LABEL_WIDTH + 14 && x < this.panel.width - 14) context.fillText(label, x, bottom + 5);
    }
  }

  /** Each unbroken contact is one bar: outlined where scheduled, filled where measured. */
  private drawStrip({ log, column, leg, top, height, opacity }: Strip): void {
    this.panel.context.globalAlpha = opacity;
    const dtS = log.header.dtS;
    const at = log.column(column).offset + leg;
    const [first, end] = this.framesIn(log);
    for (let i = first; i < end; i++) {
      if (log.frame(i)[at] < 0.5) continue;
      const start = i;
      while (i < end && log.frame(i)[at] >= 0.5) i++;
      this.drawBar(start * dtS, i * dtS, top, height, column === "contact");
    }
    this.panel.context.globalAlpha = 1;
  }

  private drawBar(fromS: number, toS: number, top: number, height: number, filled: boolean): void {
    const { context, width } = this.panel;
    const left = Math.max(LABEL_WIDTH, this.xAt(fromS));
    const right = Math.min(width - 2, this.xAt(toS));
    if (right <= left) return;
    context.beginPath();
    context.roundRect(left + 0.75, top + 0.75, Math.max(right - left - 1.5, 0.5), height - 1.5, 2);
    context.lineWidth = 1.5;
    if (filled) context.fill();
    else context.stroke();
  }
}
