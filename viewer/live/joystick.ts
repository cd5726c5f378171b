import type { Deflection } from "./drive.js";

/** A stick on the screen for one finger: up and down to go, left and right to turn. */
export class Joystick {
  /** @param onMove null when it is let go */
  constructor(
    private readonly pad: HTMLElement,
    private readonly onMove: (deflection: Deflection | null) => void,
  ) {
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      this.move(event);
    });
    pad.addEventListener("pointermove", (event) => {
      if (pad.hasPointerCapture(event.pointerId)) this.move(event);
    });
    for (const type of ["pointerup", "pointercancel"] as const) pad.addEventListener(type, () => this.center());
  }

  private move({ clientX, clientY }: PointerEvent): void {
    const { left, top, width } = this.pad.getBoundingClientRect();
    const radius = width / 2;
    const x = (clientX - left - radius) / radius;
    const y = (clientY - top - radius) / radius;
    const excess = Math.max(1, Math.hypot(x, y));
    this.place(x / excess, y / excess);
    this.onMove([-y / excess, 0, -x / excess]);
  }

  private center(): void {
    this.place(0, 0);
    this.onMove(null);
  }

  private place(x: number, y: number): void {
    this.pad.style.setProperty("--x", x.toFixed(3));
    this.pad.style.setProperty("--y", y.toFixed(3));
  }
}
