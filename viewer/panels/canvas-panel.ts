import { pageScale } from "../dom.js";

/** A 2D canvas that keeps the screen's resolution and redraws when its size changes. */
export class CanvasPanel {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels, of the page's scale. */
  width = 0;
  height = 0;
  private scale = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    redraw: () => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser draws no 2D canvas.");
    this.context = context;
    // Asked for at each drawing, sizes would have the browser lay out the page each time.
    new ResizeObserver(() => {
      this.measure();
      redraw();
    }).observe(canvas);
  }

  /** An empty sheet in CSS pixels of the page's scale; call at the start of each drawing. */
  begin(): this {
    const { canvas, context } = this;
    const ratio = window.devicePixelRatio * this.scale;
    const width = Math.round(this.width * ratio);
    const height = Math.round(this.height * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.resetTransform();
    context.clearRect(0, 0, width, height);
    context.scale(ratio, ratio);
    return this;
  }

  private measure(): void {
    this.scale = pageScale();
    this.width = this.canvas.clientWidth / this.scale;
    this.height = this.canvas.clientHeight / this.scale;
  }
}
