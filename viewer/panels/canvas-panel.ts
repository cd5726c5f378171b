import { pageScale } from "../page/dom.js";

/** A 2D canvas that keeps the screen's resolution and redraws when its size changes. */
export class CanvasPanel {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels, of the page's scale. */
  width = 0;
  height = 0;
  /** Nothing has stayed. */
  blank = true;
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

  /**
   * An empty sheet in CSS pixels of the page's scale; call at the start of each drawing.
   *
   * @param left what is to the left of it stays, unless the size has changed
   */
  begin(left = 0): this {
    const { canvas, context } = this;
    const ratio = window.devicePixelRatio * this.scale;
    const width = Math.round(this.width * ratio);
    const height = Math.round(this.height * ratio);
    const resized = canvas.width !== width || canvas.height !== height;
    if (resized) Object.assign(canvas, { width, height });
    this.blank = resized || left === 0;
    context.resetTransform();
    context.clearRect(Math.floor(left * ratio), 0, width, height); // whole pixels: half of one would pile up
    context.scale(ratio, ratio);
    return this;
  }

  private measure(): void {
    this.scale = pageScale();
    this.width = this.canvas.clientWidth / this.scale;
    this.height = this.canvas.clientHeight / this.scale;
  }
}
