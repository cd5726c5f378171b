/** What an evaluation measures of its trials. */

import { BiomechanicsAccumulator, type BiomechanicsSummary } from "../../gaits/biomechanics.js";
import { ExternalWork } from "../../gaits/external-work.js";
import { FootfallStatistics, type FootfallSummary } from "../../gaits/footfall.js";
import { ForcePeaks } from "../../gaits/force-peaks.js";
import { GaitUsage, type SpeedBin } from "../../gaits/gait-usage.js";
import { StrideStatistics } from "../../gaits/strides.js";
import type { VecEnv } from "../../sim/env.js";
import type { FrameWriter } from "./episode-frames.js";

/** So long after a change of gait footfalls count as the new one's. */
const GAIT_SETTLE_S = 0.8;

/** Means over all robots and scored steps before their fall, if any. */
export interface TrialScore {
  readonly velocityErrorX: number;
  readonly velocityErrorY: number;
  readonly yawRateError: number;
  readonly contactErrorPercent: number;
  readonly costOfTransport: number;
  readonly torqueSaturationPercent: number;
  /** J/(kg m) */
  readonly externalWork: number;
  readonly strideFrequencyHz: number;
  /** Standard deviation of the strides' durations over their mean. */
  readonly strideVariation: number;
  /** Mean peak of the ground's reaction force on a foot, in body weights. */
  readonly forcePeak: number;
  /** Of each gait that robots were settled in. */
  readonly footfalls: readonly FootfallSummary[];
  readonly usage: readonly SpeedBin[];
}

export class TrialMetrics {
  private readonly metrics: BiomechanicsAccumulator;
  private readonly work: ExternalWork;
  private readonly strides: StrideStatistics;
  private readonly peaks: ForcePeaks;
  private readonly usage: GaitUsage;
  private readonly footfalls = new FootfallStatistics();
  /** Steps that each robot has been in its gait, which is the one of `lastGait`. [N] */
  private readonly gaitSteps: Int32Array;
  private readonly lastGait: Uint8Array;
  private readonly velocity: Float32Array;

  constructor(
    private readonly env: VecEnv,
    private readonly frames: FrameWriter,
  ) {
    const { numEnvs, model, config } = env;
    const { massKg, torqueMaxNm, legs } = model;
    const { stepS } = config.control;
    this.metrics = new BiomechanicsAccumulator({ numRobots: numEnvs, massKg, torqueMaxNm });
    this.work = new ExternalWork(numEnvs, stepS);
    this.strides = new StrideStatistics(numEnvs, stepS);
    this.peaks = new ForcePeaks(numEnvs, massKg, legs);
    this.usage = new GaitUsage(massKg);
    this.gaitSteps = new Int32Array(numEnvs);
    this.lastGait = new Uint8Array(numEnvs);
    this.velocity = new Float32Array(3 * numEnvs);
  }

  /** After each step of a robot that has not fallen. */
  addFootfall(robot: number): void {
    const { env, frames, gaitSteps, lastGait } = this;
    const gait = env.control.gait.reference.gaitIndex[robot];
    if (gait !== lastGait[robot]) this.strides.interrupt(robot);
    gaitSteps[robot] = gait === lastGait[robot] ? gaitSteps[robot] + 1 : 0;
    lastGait[robot] = gait;
    if (gaitSteps[robot] * env.config.control.stepS < GAIT_SETTLE_S) return;
    this.footfalls.add(robot, gait, frames.phase, env.physics.state.footContact);
  }

  /** After `addFootfall` of a step that is scored. */
  score(robot: number): void {
    const { env, frames, velocity } = this;
    const { state } = env.physics;
    const { jointTorque, jointVelocity, footContact, baseVelocity } = state;
    const c = 3 * robot;
    velocity[c] = baseVelocity[c];
    velocity[c + 1] = baseVelocity[c + 1];
    velocity[c + 2] = state.baseAngularVelocity[c + 2];
    const { command, scheduledContact } = frames;
    this.metrics.add(robot, jointTorque, jointVelocity, footContact, scheduledContact, command, velocity);
    this.work.add(robot, state.basePosition, baseVelocity);
    this.strides.add(robot, footContact);
    this.peaks.add(robot, footContact, state.jointPosition, jointTorque);
    const speed = Math.hypot(baseVelocity[c], baseVelocity[c + 1]);
    this.usage.add(robot, this.lastGait[robot], command[c], speed, jointTorque, jointVelocity);
  }

  /** Of one robot. */
  summary(robot: number): BiomechanicsSummary {
    return this.metrics.summary(robot);
  }

  result(): TrialScore {
    const pooled = this.metrics.pooledSummary();
    const { frequencyHz, variation } = this.strides.summary();
    return {
      velocityErrorX: pooled.vxErrorMPerS,
      velocityErrorY: pooled.vyErrorMPerS,
      yawRateError: pooled.yawRateErrorRadPerS,
      contactErrorPercent: pooled.contactErrorPercent,
      costOfTransport: pooled.costOfTransport,
      torqueSaturationPercent: pooled.torqueSaturationPercent,
      externalWork: this.work.pooled(),
      strideFrequencyHz: frequencyHz,
      strideVariation: variation,
      forcePeak: this.peaks.mean(),
      footfalls: this.footfalls.summary(),
      usage: this.usage.summary(),
    };
  }
}
