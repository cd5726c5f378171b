/** Commanded and real velocity over the ground, above the robot. Stands in the world. */

import { Group, Quaternion, Vector3 } from "three";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { Arrows } from "./arrows.js";
import type { ReplayPose } from "./pose.js";

/** Length of the arrow for 1 m/s, m. */
const LENGTH_M = 0.4;
/** Above the base; the commanded one above the real one. */
const REAL_HEIGHT_M = 0.2;
const COMMANDED_HEIGHT_M = 0.25;

const [COMMANDED, REAL] = [0, 1];

export class VelocityArrows {
  private readonly arrows = new Arrows(2);
  readonly root = new Group();
  private readonly rotation = new Quaternion();
  private readonly from = new Vector3();
  private readonly forward = new Vector3();
  private readonly vector = new Vector3();

  constructor() {
    this.root.add(this.arrows.root);
  }

  setTheme(theme: Theme): void {
    this.arrows.setColor(COMMANDED, theme.ink);
    this.arrows.setColor(REAL, theme.accent);
  }

  /** Shows the velocities of frame `index` where `pose` is. */
  apply(pose: ReplayPose, frames: Frames, index: number): void {
    const frame = frames.frame(index);
    this.rotation.fromArray(pose.baseRotation);
    this.forward.set(1, 0, 0).applyQuaternion(this.rotation).setZ(0).normalize();
    const command = frames.column("command").offset;
    const [vx, vy] = [frame[command], frame[command + 1]];
    // The command is in the base's axes turned level: left is forward turned by 90° about z.
    this.vector.set(vx * this.forward.x - vy * this.forward.y, vx * this.forward.y + vy * this.forward.x, 0);
    this.point(COMMANDED, pose, COMMANDED_HEIGHT_M);
    this.vector.fromArray(frame, frames.column("baseVelocity").offset).applyQuaternion(this.rotation).setZ(0);
    this.point(REAL, pose, REAL_HEIGHT_M);
  }

  private point(arrow: number, { basePosition: [x, y, z] }: ReplayPose, heightM: number): void {
    this.arrows.set(arrow, this.from.set(x, y, z + heightM), this.vector.multiplyScalar(LENGTH_M));
  }
}
