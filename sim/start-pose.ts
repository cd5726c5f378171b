/** Where a robot's episode starts: standing, level, each foot just above the ground under it. */

import { legJointAngles } from "../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_LEGS } from "../gaits/types.js";
import { heightAt, type Terrain } from "./terrain.js";
import type { RobotModel } from "./types.js";

/** Air under each foot, m: no foot starts within a bump beside the point under its centre. */
const CLEARANCE_M = 0.01;

export class StartPose {
  /** Foot centres in the base frame, m. [4, 3] */
  private readonly feet = new Float32Array(3 * NUM_LEGS);
  private readonly groundM = new Float64Array(NUM_LEGS);

  constructor(
    private readonly model: RobotModel,
    private readonly terrain: Terrain,
  ) {}

  /**
   * Writes the joint angles of a robot at (x, y) m with heading `yaw` rad, its feet under its hips, to `q[offset ... + 11]`.
   * Returns the height of its base, m: the nominal one above the mean of the ground under its feet.
   */
  write(q: Float32Array, offset: number, x: number, y: number, yaw: number): number {
    const { legs, nominalHeightM } = this.model;
    let meanM = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const footX = legs.hipOffsetM[3 * leg];
      const footY = legs.hipOffsetM[3 * leg + 1] + legs.abductionOffsetM[leg];
      this.feet[3 * leg] = footX;
      this.feet[3 * leg + 1] = footY;
      const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
      this.groundM[leg] = heightAt(this.terrain, x + cos * footX - sin * footY, y + sin * footX + cos * footY);
      meanM += this.groundM[leg] / NUM_LEGS;
    }
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      this.feet[3 * leg + 2] = this.groundM[leg] - meanM + legs.footRadiusM - nominalHeightM;
      legJointAngles(q, offset + JOINTS_PER_LEG * leg, legs, leg, this.feet, 3 * leg);
    }
    return meanM + nominalHeightM + CLEARANCE_M;
  }
}
