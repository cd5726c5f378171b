import { footJacobian, footPosition } from "../../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { RobotState } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";

/** Where one robot's feet really are in the base frame, and how fast they move over the ground. */
export class FootMotion {
  /** Centres, m. [4, 3] */
  readonly position = new Float32Array(3 * NUM_LEGS);
  /** In the axes of the base frame but relative to the ground, m/s. [4, 3] */
  readonly velocity = new Float32Array(3 * NUM_LEGS);
  private readonly jacobian = new Float32Array(9);

  constructor(private readonly model: RobotModel) {}

  /** Takes one robot's state: v_foot = v + ω × p + J q̇. */
  read({ jointPosition, jointVelocity, baseVelocity, baseAngularVelocity }: RobotState, robot: number): void {
    const { position: p, velocity, jacobian: J } = this;
    const b = 3 * robot;
    const wx = baseAngularVelocity[b];
    const wy = baseAngularVelocity[b + 1];
    const wz = baseAngularVelocity[b + 2];
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const f = 3 * leg;
      const j = NUM_JOINTS * robot + JOINTS_PER_LEG * leg;
      footPosition(p, f, this.model.legs, leg, jointPosition, j);
      footJacobian(J, this.model.legs, leg, jointPosition, j);
      for (let k = 0; k < 3; k++) {
        const legs =
          J[3 * k] * jointVelocity[j] + J[3 * k + 1] * jointVelocity[j + 1] + J[3 * k + 2] * jointVelocity[j + 2];
        velocity[f + k] = baseVelocity[b + k] + legs;
      }
      velocity[f] += wy * p[f + 2] - wz * p[f + 1];
      velocity[f + 1] += wz * p[f] - wx * p[f + 2];
      velocity[f + 2] += wx * p[f + 1] - wy * p[f];
    }
  }
}
