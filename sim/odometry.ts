import { footJacobian, footPosition } from "../gaits/kinematics.js";
import { JOINTS_PER_LEG, type LegGeometry, NUM_JOINTS, NUM_LEGS } from "../gaits/types.js";
import type { RobotState } from "./state.js";

/** Share of each new measurement in the estimate. */
const SMOOTHING = 0.5;

/**
 * Base velocity from what a robot senses: the point of a foot that touches the ground stands still, which tells how the base
 * moves over it: v = −(J q̇ + ω_leg × r + ω × (p + r)) with p the foot's centre and r from there to the sole, averaged over
 * the feet in contact (Bloesch et al., "State estimation for legged robots", RSS 2012, without its filter) and smoothed.
 * With no foot on the ground the last estimate is held.
 */
export class LegOdometry {
  /** Estimated velocity of the base in the base frame, m/s. [N, 3] */
  readonly velocity: Float32Array;
  /** Estimated height of the base above the soles in contact, along gravity, m. [N] */
  readonly height: Float32Array;
  private readonly foot = new Float32Array(3);
  private readonly jacobian = new Float32Array(9);
  /** Velocity (3) and height, summed over feet. */
  private readonly sum = new Float64Array(4);

  constructor(
    private readonly geometry: LegGeometry,
    private readonly nominalHeightM: number,
    numRobots: number,
  ) {
    this.velocity = new Float32Array(numRobots * 3);
    this.height = new Float32Array(numRobots);
  }

  /** Forgets the past of one robot: at rest, at nominal height. */
  reset(robot: number): void {
    this.velocity.fill(0, 3 * robot, 3 * robot + 3);
    this.height[robot] = this.nominalHeightM;
  }

  /** Takes in one robot's joint angles, joint rates, gyroscope, gravity direction and foot contacts. */
  update(robot: number, state: RobotState): void {
    this.sum.fill(0);
    let contacts = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      if (!state.footContact[NUM_LEGS * robot + leg]) continue;
      contacts++;
      this.addFoot(robot, leg, state);
    }
    if (contacts === 0) return;
    for (let k = 0; k < 3; k++) {
      const i = 3 * robot + k;
      this.velocity[i] = this.velocity[i] + SMOOTHING * (this.sum[k] / contacts - this.velocity[i]);
    }
    this.height[robot] = this.height[robot] + SMOOTHING * (this.sum[3] / contacts - this.height[robot]);
  }

  private addFoot(robot: number, leg: number, state: RobotState): void {
    const j = NUM_JOINTS * robot + JOINTS_PER_LEG * leg;
    const { foot: p, jacobian: J, sum } = this;
    footPosition(p, 0, this.geometry, leg, state.jointPosition, j);
    footJacobian(J, this.geometry, leg, state.jointPosition, j);
    const b = 3 * robot;
    const radius = this.geometry.footRadiusM;
    const rx = radius * state.projectedGravity[b];
    const ry = radius * state.projectedGravity[b + 1];
    const rz = radius * state.projectedGravity[b + 2];
    const hip = state.jointPosition[j];
    const [hipRate, thighRate, calfRate] = [
      state.jointVelocity[j],
      state.jointVelocity[j + 1],
      state.jointVelocity[j + 2],
    ];
    // Rotation of the calf in the base frame: hip about x, thigh and calf about the y axis that the hip has turned.
    const pitchRate = thighRate + calfRate;
    const wx = state.baseAngularVelocity[b] + hipRate;
    const wy = state.baseAngularVelocity[b + 1] + pitchRate * Math.cos(hip);
    const wz = state.baseAngularVelocity[b + 2] + pitchRate * Math.sin(hip);
    const [bx, by, bz] = [wx - hipRate, state.baseAngularVelocity[b + 1], state.baseAngularVelocity[b + 2]];
    sum[0] -= J[0] * hipRate + J[1] * thighRate + J[2] * calfRate + by * p[2] - bz * p[1] + wy * rz - wz * ry;
    sum[1] -= J[3] * hipRate + J[4] * thighRate + J[5] * calfRate + bz * p[0] - bx * p[2] + wz * rx - wx * rz;
    sum[2] -= J[6] * hipRate + J[7] * thighRate + J[8] * calfRate + bx * p[1] - by * p[0] + wx * ry - wy * rx;
    sum[3] += (p[0] * rx + p[1] * ry + p[2] * rz) / radius + radius;
  }
}
