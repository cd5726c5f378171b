/** A sudden push, drawn for a moment as an arrow from where it takes hold of the robot. Stands in the world. */

import { type Object3D, Vector3 } from "three";
import type { Vec3 } from "../../sim/math.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { Arrows } from "./arrows.js";

/** A push is over at once, and shown for this long, s. */
export const PUSH_SHOWN_S = 0.5;
/** The arrow is as long as the way that the robot goes in this time by the push alone, s. */
const ARROW_S = 0.7;

export class PushArrow {
  private readonly arrow = new Arrows(1);
  readonly root = this.arrow.root;
  private readonly grip = new Vector3();
  private readonly vector = new Vector3();

  setTheme(theme: Theme): void {
    this.arrow.setColor(0, theme.accent);
  }

  /** @param robot moves with the base */
  show(push: Push | null, robot: Object3D): void {
    if (!push) this.arrow.hide(0);
    else {
      robot.localToWorld(this.grip.set(...push.point));
      this.arrow.set(0, this.grip, this.vector.set(...push.velocityChange).multiplyScalar(ARROW_S));
    }
  }
}

/** The push that is to be seen at a time, or null. Logs made before pushes were kept tell of none. */
export function pushAt(frames: Frames, timeS: number): Push | null {
  if (!frames.has("push")) return null;
  const { dtS } = frames.header;
  const { offset } = frames.column("push");
  const last = Math.min(Math.round(timeS / dtS), frames.numFrames - 1);
  const first = Math.max(0, last - Math.round(PUSH_SHOWN_S / dtS) + 1);
  for (let i = last; i >= first; i--) {
    const [x, y, z, dx, dy, dz] = frames.frame(i).subarray(offset);
    if (dx !== 0 || dy !== 0 || dz !== 0) return { point: [x, y, z], velocityChange: [dx, dy, dz] };
  }
  return null;
}

/** A sudden push: where at the trunk (base frame, m), and by how much it changes the robot's velocity (world frame, m/s). */
export interface Push {
  readonly point: Vec3;
  readonly velocityChange: Vec3;
}
