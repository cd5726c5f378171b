import { pageScale } from "../dom.js";

/** A 2D canvas that keeps the screen's resolution and redraws when its size changes. */
export class CanvasPanel {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels, of the page's scale. */
  width = 0;
  height = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    redraw: () => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser draws no 2D canvas.");
    this.context = context;
    new ResizeObserver(redraw).observe(canvas);
  }

  /** An empty sheet in CSS pixels of the page's scale; call at the start of each drawing. */
  begin(): this {
    const scale = pageScale();
    const ratio = window.devicePixelRatio * scale;
    this.width = this.canvas.clientWidth / scale;
    this.height = this.canvas.clientHeight / scale;
    // Setting the size clears the canvas.
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.context.scale(ratio, ratio);
    return this;
  }
}
