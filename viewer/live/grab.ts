/** Pulling at the robot with the pointer. */

import { Vector2, type Vector3 } from "three";
import type { Pull } from "./disturbances.js";
import type { LiveView } from "./live-view.js";

export class Grab {
  /** What is held, in the base frame. */
  private grip: Vector3 | null = null;
  private readonly pointer = new Vector2();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly view: LiveView,
  ) {
    // Before the camera's own listeners, which would turn it.
    canvas.addEventListener("pointerdown", (event) => this.take(event), { capture: true });
    canvas.addEventListener("pointermove", (event) => this.follow(event));
    canvas.addEventListener("pointerup", () => this.letGo());
    canvas.addEventListener("pointercancel", () => this.letGo());
  }

  /** The pull as the camera sees the pointer now. */
  pull(): Pull | null {
    if (!this.grip) return null;
    return { point: this.grip.toArray(), target: this.view.dragTarget(this.pointer, this.grip).toArray() };
  }

  letGo(): void {
    this.grip = null;
  }

  private take(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    this.follow(event);
    this.grip = this.view.gripAt(this.pointer);
    if (!this.grip) return;
    event.stopImmediatePropagation();
    this.canvas.setPointerCapture(event.pointerId);
  }

  private follow({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    this.pointer.set((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height);
  }
}
