import { footJacobian, footPosition } from "../../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { rotate } from "../math.js";
import type { RobotState } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";
import { heightAt, type Terrain } from "../terrain/height-field.js";

/** Where one robot's feet really are in the base frame, and how fast they move over the ground. */
export class FootMotion {
  private readonly positionM = new Float32Array(3 * NUM_LEGS);
  private readonly velocityMPerS = new Float32Array(3 * NUM_LEGS);
  private readonly jacobian = new Float32Array(9);
  private robot = 0;
  /** Whether this robot's have been computed. */
  private isRead = false;

  /** @param state of all robots */
  constructor(
    private readonly model: RobotModel,
    private readonly state: RobotState,
    private readonly terrain: Terrain,
  ) {}

  /** Of another robot, or of another step, from here on: nothing is computed until somebody asks. */
  read(robot: number): void {
    this.robot = robot;
    this.isRead = false;
  }

  /** Centres, m. [4, 3] */
  get position(): Float32Array {
    if (!this.isRead) this.compute();
    return this.positionM;
  }

  /** In the axes of the base frame but relative to the ground, m/s. [4, 3] */
  get velocity(): Float32Array {
    if (!this.isRead) this.compute();
    return this.velocityMPerS;
  }

  /** Height of a leg's sole above the ground under it, m. */
  heightM(leg: number): number {
    const { position, model, state, terrain, robot } = this;
    const [x, y, z, w] = state.baseRotation.subarray(4 * robot, 4 * robot + 4);
    const [px, py, pz] = position.subarray(3 * leg, 3 * leg + 3);
    const [dx, dy, dz] = rotate([x, y, z, w], [px, py, pz]);
    const [bx, by, bz] = state.basePosition.subarray(3 * robot, 3 * robot + 3);
    return bz + dz - model.legs.footRadiusM - heightAt(terrain, bx + dx, by + dy);
  }

  /** v_foot = v + ω × p + J q̇ */
  private compute(): void {
    const { jointPosition, jointVelocity, baseVelocity, baseAngularVelocity } = this.state;
    this.isRead = true;
    const { robot, positionM: p, velocityMPerS: velocity, jacobian: J } = this;
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
