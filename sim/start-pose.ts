/** Where a robot's episode starts: standing, level, each foot just above the ground under it. */

import { legJointAngles } from "../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_LEGS } from "../gaits/types.js";
import { nominalFeet } from "./locomotion-control.js";
import { heightAt, type Terrain } from "./terrain.js";
import type { RobotModel } from "./types.js";

/** Air under each foot, m: no foot starts within a bump beside the point under its centre. */
const CLEARANCE_M = 0.01;

export class StartPose {
  /** Foot centres in the base frame on level ground, and on the ground as it is, m. [4, 3] */
  private readonly levelFeet: Float32Array;
  private readonly feet: Float32Array;
  private readonly groundM = new Float64Array(NUM_LEGS);

  constructor(
    private readonly model: RobotModel,
    private readonly terrain: Terrain,
  ) {
    this.levelFeet = nominalFeet(model);
    this.feet = this.levelFeet.slice();
  }

  /**
   * Writes the joint angles of a robot at (x, y) m with heading `yaw` rad, its feet under its hips, to `q[offset ... + 11]`.
   * Returns the height of its base, m: the nominal one above the mean of the ground under its feet, and the clearance.
   */
  write(q: Float32Array, offset: number, x: number, y: number, yaw: number): number {
    const { levelFeet, feet, groundM, model, terrain } = this;
    const cos = Math.cos(yaw);
    const sin = Math.sin(yaw);
    let meanM = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const footX = levelFeet[3 * leg];
      const footY = levelFeet[3 * leg + 1];
      groundM[leg] = heightAt(terrain, x + cos * footX - sin * footY, y + sin * footX + cos * footY);
      meanM += groundM[leg] / NUM_LEGS;
    }
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      feet[3 * leg + 2] = levelFeet[3 * leg + 2] + groundM[leg] - meanM;
      legJointAngles(q, offset + JOINTS_PER_LEG * leg, model.legs, leg, feet, 3 * leg);
    }
    return meanM + model.nominalHeightM + CLEARANCE_M;
  }
}
