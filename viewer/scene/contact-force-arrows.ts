/** The ground's push on each foot that touches it. Belongs into the robot's base frame. */

import { Group, Vector3 } from "three";
import { footForce } from "../../gaits/foot-forces.js";
import { footPosition } from "../../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_LEGS } from "../../gaits/types.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { Arrows } from "./arrows.js";

/** Length of an arrow for the robot's whole weight, m. */
const WEIGHT_LENGTH_M = 0.3;

export class ContactForceArrows {
  readonly root = new Group();
  private readonly arrows = new Arrows(NUM_LEGS);
  private readonly force = new Float32Array(3);
  private readonly foot = new Float32Array(3);
  private readonly from = new Vector3();
  private readonly vector = new Vector3();

  constructor() {
    this.root.add(this.arrows.root);
  }

  setTheme(theme: Theme): void {
    for (let leg = 0; leg < NUM_LEGS; leg++) this.arrows.setColor(leg, theme.legs[leg]);
  }

  /** Shows the forces of frame `index`. */
  apply({ legs, massKg }: RobotModel, frames: Frames, index: number): void {
    const frame = frames.frame(index);
    const contact = frames.column("contact").offset;
    const q = frames.column("jointPosition").offset;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      if (frame[contact + leg] < 0.5) {
        this.arrows.hide(leg);
        continue;
      }
      footPosition(this.foot, 0, legs, leg, frame, q + JOINTS_PER_LEG * leg);
      footForce(this.force, legs, leg, frame, q, frame, frames.column("jointTorque").offset);
      this.vector.fromArray(this.force).multiplyScalar(WEIGHT_LENGTH_M / (9.81 * massKg));
      this.arrows.set(leg, this.from.fromArray(this.foot), this.vector);
    }
  }
}
