import { footJacobian, footPosition } from "../../gaits/kinematics.js";
import { GRAVITY_M_PER_S2 } from "../../gaits/library.js";
import { JOINTS_PER_LEG, type LegGeometry, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { SensorReadings } from "./sensors.js";

/**
 * Share of the legs' measurement in each new estimate of the velocity. Single measurements are off by 0.3 m/s where feet slip or
 * roll over edges; an accelerometer's bias of 0.1 m/s² adds up to 0.1 · 0.02 / 0.05 = 0.04 m/s at this share.
 */
export const VELOCITY_SHARE = 0.05;
/** The same for the height, which nothing but the legs measures. */
export const HEIGHT_SHARE = 0.5;

/**
 * Base velocity from what a robot senses, as a complementary filter. The IMU predicts: v ← v − ω × v dt + Δv + g dt. The legs
 * correct: the point of a foot that touches the ground stands still, which tells how the base moves over it,
 * v = −(J q̇ + ω_leg × r + ω × (p + r)) with p the foot's centre and r from there to the sole, averaged over the planted feet:
 * in contact, at the step before too, and meant to be. Feet that just touch down or are about to lift off slip, and measure
 * 0.1 to 1 m/s too little; with them, estimates at 1 m/s were 0.07 m/s too low.
 * (Bloesch et al., "State estimation for legged robots", RSS 2012, with fixed gains.)
 */
export class LegOdometry {
  /** Estimated velocity of the base in the base frame, m/s. [N, 3] */
  readonly velocity: Float32Array;
  /** Estimated height of the base above the soles in contact, along gravity, m. [N] */
  readonly height: Float32Array;
  /** Gyroscope at the last update, rad/s. [N, 3] */
  private readonly lastRate: Float32Array;
  /** Foot contacts at the last update. [N, 4] */
  private readonly lastContact: Uint8Array;
  private readonly foot = new Float32Array(3);
  private readonly jacobian = new Float32Array(9);
  /** Velocity (3) and height, summed over feet. */
  private readonly sum = new Float64Array(4);

  constructor(
    private readonly geometry: LegGeometry,
    private readonly nominalHeightM: number,
    private readonly dtS: number,
    numRobots: number,
  ) {
    this.lastRate = new Float32Array(numRobots * 3);
    this.lastContact = new Uint8Array(numRobots * NUM_LEGS);
    this.velocity = new Float32Array(numRobots * 3);
    this.height = new Float32Array(numRobots);
  }

  /** Forgets the past of one robot: at rest, at nominal height. */
  reset(robot: number): void {
    this.velocity.fill(0, 3 * robot, 3 * robot + 3);
    this.lastRate.fill(0, 3 * robot, 3 * robot + 3);
    this.lastContact.fill(0, NUM_LEGS * robot, NUM_LEGS * (robot + 1));
    this.height[robot] = this.nominalHeightM;
  }

  /**
   * Takes in one robot's joint angles, joint rates, IMU and foot contacts.
   *
   * @param scheduledContact the feet that are meant to be on the ground. [N, 4]
   */
  update(robot: number, state: SensorReadings, scheduledContact: Uint8Array): void {
    this.predict(robot, state);
    this.sum.fill(0);
    let planted = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      if (state.footContact[i] && this.lastContact[i] && scheduledContact[i]) {
        planted++;
        this.addFoot(robot, leg, state);
      }
      this.lastContact[i] = state.footContact[i];
    }
    if (planted === 0) return;
    for (let k = 0; k < 3; k++) {
      const i = 3 * robot + k;
      this.velocity[i] = this.velocity[i] + VELOCITY_SHARE * (this.sum[k] / planted - this.velocity[i]);
    }
    this.height[robot] = this.height[robot] + HEIGHT_SHARE * (this.sum[3] / planted - this.height[robot]);
  }

  /** Integrates the IMU over one step; the base turns at the mean of the rates before and after. */
  private predict(robot: number, { baseAngularVelocity: rate, deltaVelocity, projectedGravity }: SensorReadings): void {
    const { velocity: v, lastRate, dtS } = this;
    const i = 3 * robot;
    const x = v[i];
    const y = v[i + 1];
    const z = v[i + 2];
    const wx = 0.5 * dtS * (rate[i] + lastRate[i]);
    const wy = 0.5 * dtS * (rate[i + 1] + lastRate[i + 1]);
    const wz = 0.5 * dtS * (rate[i + 2] + lastRate[i + 2]);
    const g = GRAVITY_M_PER_S2 * dtS;
    v[i] = x - (wy * z - wz * y) + deltaVelocity[i] + g * projectedGravity[i];
    v[i + 1] = y - (wz * x - wx * z) + deltaVelocity[i + 1] + g * projectedGravity[i + 1];
    v[i + 2] = z - (wx * y - wy * x) + deltaVelocity[i + 2] + g * projectedGravity[i + 2];
    for (let k = i; k < i + 3; k++) lastRate[k] = rate[k];
  }

  private addFoot(robot: number, leg: number, state: SensorReadings): void {
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
    const hipRate = state.jointVelocity[j];
    const thighRate = state.jointVelocity[j + 1];
    const calfRate = state.jointVelocity[j + 2];
    // Rotation of the calf in the base frame: hip about x, thigh and calf about the y axis that the hip has turned.
    const pitchRate = thighRate + calfRate;
    const wx = state.baseAngularVelocity[b] + hipRate;
    const wy = state.baseAngularVelocity[b + 1] + pitchRate * Math.cos(hip);
    const wz = state.baseAngularVelocity[b + 2] + pitchRate * Math.sin(hip);
    const bx = wx - hipRate;
    const by = state.baseAngularVelocity[b + 1];
    const bz = state.baseAngularVelocity[b + 2];
    sum[0] -= J[0] * hipRate + J[1] * thighRate + J[2] * calfRate + by * p[2] - bz * p[1] + wy * rz - wz * ry;
    sum[1] -= J[3] * hipRate + J[4] * thighRate + J[5] * calfRate + bz * p[0] - bx * p[2] + wz * rx - wx * rz;
    sum[2] -= J[6] * hipRate + J[7] * thighRate + J[8] * calfRate + bx * p[1] - by * p[0] + wx * ry - wy * rx;
    sum[3] += (p[0] * rx + p[1] * ry + p[2] * rz) / radius + radius;
  }
}
