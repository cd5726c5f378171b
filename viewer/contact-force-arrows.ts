/** The ground's push on each foot that touches it. Belongs into the robot's base frame. */

import { Group, Vector3 } from "three";
import { footForce } from "../gaits/foot-forces.js";
import { footPosition } from "../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_LEGS } from "../gaits/types.js";
import type { RobotModel } from "../sim/types.js";
import { Arrow } from "./arrow.js";
import type { Frames } from "./frames.js";
import type { Theme } from "./theme.js";

/** Length of an arrow for the robot's whole weight, m. */
const WEIGHT_LENGTH_M = 0.3;

export class ContactForceArrows {
  readonly root = new Group();
  private readonly arrows = Array.from({ length: NUM_LEGS }, () => new Arrow());
  private readonly force = new Float32Array(3);
  private readonly foot = new Float32Array(3);
  private readonly from = new Vector3();
  private readonly vector = new Vector3();

  constructor() {
    this.root.add(...this.arrows.map(({ root }) => root));
  }

  setTheme(theme: Theme): void {
    this.arrows.forEach((arrow, leg) => {
      arrow.setColor(theme.legs[leg]);
    });
  }

  /** Shows the forces of frame `index`. */
  apply({ legs, massKg }: RobotModel, frames: Frames, index: number): void {
    const frame = frames.frame(index);
    const contact = frames.column("contact").offset;
    const q = frames.column("jointPosition").offset;
    this.arrows.forEach((arrow, leg) => {
      if (frame[contact + leg] < 0.5) {
        arrow.hide();
        return;
      }
      footPosition(this.foot, 0, legs, leg, frame, q + JOINTS_PER_LEG * leg);
      footForce(this.force, legs, leg, frame, q, frame, frames.column("jointTorque").offset);
      this.vector.fromArray(this.force).multiplyScalar(WEIGHT_LENGTH_M / (9.81 * massKg));
      arrow.set(this.from.fromArray(this.foot), this.vector);
    });
  }
}
