import { GRAVITY_M_PER_S2 } from "./library.js";
import { NUM_JOINTS, NUM_LEGS } from "./types.js";

/** Cost of transport counts the samples with a commanded planar speed above this, m/s. */
const MIN_COMMANDED_SPEED_M_PER_S = 0.3;

/** Columns of the running sums. */
const SAMPLES = 0;
const POWER_W = 1;
const SPEED = 2;
const TORQUE_SHARE = 3;
const CONTACT_ERRORS = 4;
const ERROR_VX = 5;
const ERROR_VY = 6;
const ERROR_YAW_RATE = 7;
const COLUMNS = 8;

export interface BiomechanicsOptions {
  readonly numRobots: number;
  readonly massKg: number;
  /** Torque limits that the simulation applies, N·m. [12] */
  readonly torqueMaxNm: Float32Array;
}

/** Means over samples; NaN where no sample counts. */
export interface BiomechanicsSummary {
  readonly samples: number;
  /** Σ Σ_j |τ_j q̇_j| / (m g Σ |v|) over samples with |v_cmd| > 0.3 m/s, dimensionless. */
  readonly costOfTransport: number;
  /** Mean of |τ_j| / τ_max,j over joints, %. */
  readonly torqueSaturationPercent: number;
  /** Share of (foot, sample) pairs whose contact differs from the scheduled one, %. */
  readonly contactErrorPercent: number;
  /** Mean absolute errors, m/s and rad/s. */
  readonly vxErrorMPerS: number;
  readonly vyErrorMPerS: number;
  readonly yawRateErrorRadPerS: number;
}

/** Running biomechanics metrics of N robots, as defined by Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z. */
export class BiomechanicsAccumulator {
  private readonly sums: Float64Array;
  private readonly numRobots: number;
  private readonly weightN: number;
  private readonly torqueMaxNm: Float32Array;

  /** @throws RangeError for a mass or a torque limit that is not positive, or other than 12 limits */
  constructor({ numRobots, massKg, torqueMaxNm }: BiomechanicsOptions) {
    if (!(massKg > 0)) throw new RangeError(`massKg must be > 0, not ${massKg}`);
    if (torqueMaxNm.length !== NUM_JOINTS || !torqueMaxNm.every((limit) => limit > 0)) {
      throw new RangeError(`torqueMaxNm must hold ${NUM_JOINTS} positive limits`);
    }
    this.numRobots = numRobots;
    this.weightN = massKg * GRAVITY_M_PER_S2;
    this.torqueMaxNm = torqueMaxNm;
    this.sums = new Float64Array(COLUMNS * numRobots);
  }

  /**
   * Adds one control step of one robot. Arrays hold all robots, robot-major.
   *
   * @param torqueNm applied joint torques. [N, 12]
   * @param jointVelocityRadPerS [N, 12]
   * @param contact measured foot contacts, 0 or 1. [N, 4]
   * @param scheduledContact [N, 4]
   * @param command v_x, v_y (m/s) and yaw rate (rad/s) as commanded, base frame. [N, 3]
   * @param velocity the same as they are. [N, 3]
   */
  add(
    robot: number,
    torqueNm: Float32Array,
    jointVelocityRadPerS: Float32Array,
    contact: Uint8Array,
    scheduledContact: Uint8Array,
    command: Float32Array,
    velocity: Float32Array,
  ): void {
    const { sums } = this;
    const row = COLUMNS * robot;
    const c = 3 * robot;
    sums[row + SAMPLES] += 1;
    sums[row + ERROR_VX] += Math.abs(velocity[c] - command[c]);
    sums[row + ERROR_VY] += Math.abs(velocity[c + 1] - command[c + 1]);
    sums[row + ERROR_YAW_RATE] += Math.abs(velocity[c + 2] - command[c + 2]);
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++) {
      if (contact[i] !== scheduledContact[i]) sums[row + CONTACT_ERRORS] += 1;
    }
    let powerW = 0;
    for (let joint = 0; joint < NUM_JOINTS; joint++) {
      const i = NUM_JOINTS * robot + joint;
      powerW += Math.abs(torqueNm[i] * jointVelocityRadPerS[i]);
      sums[row + TORQUE_SHARE] += Math.abs(torqueNm[i]) / this.torqueMaxNm[joint];
    }
    if (Math.hypot(command[c], command[c + 1]) > MIN_COMMANDED_SPEED_M_PER_S) {
      sums[row + POWER_W] += powerW;
      sums[row + SPEED] += Math.hypot(velocity[c], velocity[c + 1]);
    }
  }

  /** Forgets one robot's samples. */
  reset(robot: number): void {
    this.sums.fill(0, COLUMNS * robot, COLUMNS * (robot + 1));
  }

  /** Metrics of one robot. */
  summary(robot: number): BiomechanicsSummary {
    return this.summarise(this.sums.subarray(COLUMNS * robot, COLUMNS * (robot + 1)));
  }

  /** Metrics over the samples of all robots, each sample weighing the same. */
  pooledSummary(): BiomechanicsSummary {
    const pooled = new Float64Array(COLUMNS);
    for (let i = 0; i < COLUMNS * this.numRobots; i++) pooled[i % COLUMNS] += this.sums[i];
    return this.summarise(pooled);
  }

  private summarise(sums: Float64Array): BiomechanicsSummary {
    const samples = sums[SAMPLES];
    return {
      samples,
      costOfTransport: sums[POWER_W] / (this.weightN * sums[SPEED]),
      torqueSaturationPercent: (100 * sums[TORQUE_SHARE]) / (NUM_JOINTS * samples),
      contactErrorPercent: (100 * sums[CONTACT_ERRORS]) / (NUM_LEGS * samples),
      vxErrorMPerS: sums[ERROR_VX] / samples,
      vyErrorMPerS: sums[ERROR_VY] / samples,
      yawRateErrorRadPerS: sums[ERROR_YAW_RATE] / samples,
    };
  }
}
