import { bounceHeight, bouncesPerStride } from "./bounce.js";
import { GAITS, GRAVITY_M_PER_S2 } from "./library.js";
import { clamp } from "./math.js";
import type { GaitScheduler } from "./scheduler.js";
import {
  bezier,
  CLEARANCE_RATIO,
  CLEARANCE_SHARES,
  FOOT_REACH_X_M,
  FOOT_REACH_Y_M,
  MAX_FOOT_SPEED_X_M_PER_S,
  MAX_FOOT_SPEED_Y_M_PER_S,
  maxFootSpeedZ,
  raibertOffset,
  swingHeight,
} from "./swing.js";
import { type GaitReference, type LegGeometry, type Motion, NUM_LEGS } from "./types.js";

/** Farthest that a reference foot gets from the point under its hip, m, x y. */
const REACH_M = [FOOT_REACH_X_M, FOOT_REACH_Y_M];

/**
 * Reference feet of N robots, yaw-aligned base frame. A stance foot stays on the ground that passes under the base at
 * the commanded velocity; a swing foot goes from its lift-off point to a Raibert foothold. Both are tracked at a bounded
 * speed, so a phase that jumps or a foothold that moves never makes the reference jump.
 */
export class ReferenceFeet {
  /** Points under the hips where feet stand at rest, x y. [4, 2] */
  private readonly hipPointM = new Float64Array(2 * NUM_LEGS);
  private readonly groundZM: number;
  private readonly clearanceM: number;
  /** Largest change of each coordinate in dt, m. */
  private readonly maxStepM: Float64Array;
  /** Where each foot left the ground, x y. [N, 4, 2] */
  private readonly liftOffM: Float64Array;
  /** Scheduled contact and swing progress at the previous step. [N, 4] */
  private readonly lastContact: Uint8Array;
  private readonly lastSwingPhase: Float32Array;
  // Of the foot that is being moved. Kept here, as each number that is passed to a function costs the garbage collector a box.
  /** Commanded velocity of its hip, m/s, x y. */
  private readonly hipVelocity = new Float64Array(2);
  /** Where a swing ends, m, x y. */
  private readonly footholdM = new Float64Array(2);
  /** Share of the way from lift-off to foothold that its swing has made, or makes in this step if it is the last one. */
  private readonly swingShare = new Float64Array(1);
  /** Where it should be now, m, x y z. */
  private readonly targetM = new Float64Array(3);
  /** Bounces in a stride, by gait. */
  private readonly bounces = GAITS.map(bouncesPerStride);

  /** @param reference footTargetM of it is written here, from its phase, contact and swingPhase */
  constructor(
    private readonly reference: GaitReference,
    private readonly scheduler: GaitScheduler,
    geometry: LegGeometry,
    nominalHeightM: number,
    private readonly dtS: number,
  ) {
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      this.hipPointM[2 * leg] = geometry.hipOffsetM[3 * leg];
      this.hipPointM[2 * leg + 1] = geometry.hipOffsetM[3 * leg + 1] + geometry.abductionOffsetM[leg];
    }
    this.groundZM = geometry.footRadiusM - nominalHeightM;
    this.clearanceM = CLEARANCE_RATIO * nominalHeightM;
    const maxSpeedZ = maxFootSpeedZ(nominalHeightM);
    this.maxStepM = Float64Array.of(MAX_FOOT_SPEED_X_M_PER_S, MAX_FOOT_SPEED_Y_M_PER_S, maxSpeedZ).map((v) => v * dtS);
    this.liftOffM = new Float64Array(2 * reference.contact.length);
    this.lastContact = new Uint8Array(reference.contact.length);
    this.lastSwingPhase = new Float32Array(reference.contact.length);
  }

  /** Puts one robot's feet under its hips, swing feet at the height of their phase: the reference at zero velocity. */
  reset(robot: number): void {
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      const x = this.hipPointM[2 * leg];
      const y = this.hipPointM[2 * leg + 1];
      this.liftOffM[2 * i] = x;
      this.liftOffM[2 * i + 1] = y;
      this.reference.footTargetM[3 * i] = x;
      this.reference.footTargetM[3 * i + 1] = y;
      this.reference.footTargetM[3 * i + 2] = this.heightM(robot, i);
      this.remember(i);
    }
  }

  /** Advances one robot's feet by dt, after its scheduler. */
  advance(robot: number, motion: Readonly<Motion>): void {
    const { vx, vy, yawRate, baseVx, baseVy, baseYawRate, baseHeightM } = motion;
    const stanceS = this.scheduler.dutyFactor[robot] * this.scheduler.periodS[robot];
    // z / (2 g) (v × omega), omega = (0, 0, yaw rate)
    const centrifugalS2 = (baseHeightM / (2 * GRAVITY_M_PER_S2)) * baseYawRate;
    const { hipVelocity, footholdM, targetM } = this;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const x = this.hipPointM[2 * leg];
      const y = this.hipPointM[2 * leg + 1];
      const hipVx = vx - yawRate * y;
      const hipVy = vy + yawRate * x;
      hipVelocity[0] = hipVx;
      hipVelocity[1] = hipVy;
      footholdM[0] =
        x + raibertOffset(baseVx - baseYawRate * y, hipVx, stanceS, centrifugalS2 * baseVy, FOOT_REACH_X_M);
      footholdM[1] =
        y + raibertOffset(baseVy + baseYawRate * x, hipVy, stanceS, -centrifugalS2 * baseVx, FOOT_REACH_Y_M);
      const i = NUM_LEGS * robot + leg;
      this.swingShare[0] = this.swingShareOf(robot, i);
      this.moveAxis(robot, leg, 0);
      this.moveAxis(robot, leg, 1);
      targetM[2] = this.heightM(robot, i);
      this.track(i);
      this.remember(i);
    }
  }

  /** Sets `targetM` of one foot along one horizontal axis (0 x, 1 y). */
  private moveAxis(robot: number, leg: number, axis: number): void {
    const { phase, contact, swingPhase, footTargetM } = this.reference;
    const i = NUM_LEGS * robot + leg;
    const periodS = this.scheduler.periodS[robot];
    const swingS = (1 - this.scheduler.dutyFactor[robot]) * periodS;
    const wasStance = this.lastContact[i] === 1;
    // A robot that stands takes no steps to make up for feet carried away by a velocity command, so they stay.
    const groundVelocity = swingS > 0 ? -this.hipVelocity[axis] : 0;
    const min = this.hipPointM[2 * leg + axis] - REACH_M[axis];
    const max = this.hipPointM[2 * leg + axis] + REACH_M[axis];

    let target = footTargetM[3 * i + axis];
    if (contact[i] === 1) {
      // A foot caught in its swing by a gait that never swings comes down where it is.
      if (!wasStance && swingS > 0) target = this.swingM(i, axis);
      const stanceS = wasStance ? this.dtS : Math.min(this.dtS, phase[i] * periodS);
      target = clamp(target + groundVelocity * stanceS, min, max);
    } else {
      if (wasStance) {
        // The part of this step that the foot still spent on the ground.
        const stanceS = Math.max(0, this.dtS - swingPhase[i] * swingS);
        this.liftOffM[2 * i + axis] = clamp(target + groundVelocity * stanceS, min, max);
      }
      target = this.swingM(i, axis);
    }
    this.targetM[axis] = target;
  }

  /** Of foot i. A swing that ends, be it cut short by a transition, is taken one more step along its way. */
  private swingShareOf(robot: number, i: number): number {
    const { contact, swingPhase } = this.reference;
    if (contact[i] === 0) return bezier(swingPhase[i]);
    const swingS = (1 - this.scheduler.dutyFactor[robot]) * this.scheduler.periodS[robot];
    return bezier(Math.min(1, this.lastSwingPhase[i] + this.dtS / swingS));
  }

  private swingM(i: number, axis: number): number {
    const from = this.liftOffM[2 * i + axis];
    return from + (this.footholdM[axis] - from) * this.swingShare[0];
  }

  private heightM(robot: number, i: number): number {
    const { contact, swingPhase, phase } = this.reference;
    const bounces = this.bounces[this.reference.gaitIndex[robot]];
    if (contact[i] === 0) {
      return this.groundZM + CLEARANCE_SHARES[bounces] * this.clearanceM * swingHeight(swingPhase[i]);
    }
    if (bounces === 0) return this.groundZM;
    const duty = this.scheduler.dutyFactor[robot];
    const periodS = this.scheduler.periodS[robot];
    return this.groundZM - bounceHeight(phase[i] / duty, duty * periodS, periodS / bounces);
  }

  /** Moves foot i towards its target by no more than the speed bounds allow in dt. */
  private track(i: number): void {
    const { footTargetM } = this.reference;
    const { targetM, maxStepM } = this;
    for (let k = 0; k < 3; k++) {
      footTargetM[3 * i + k] += clamp(targetM[k] - footTargetM[3 * i + k], -maxStepM[k], maxStepM[k]);
    }
  }

  private remember(i: number): void {
    this.lastContact[i] = this.reference.contact[i];
    this.lastSwingPhase[i] = this.reference.swingPhase[i];
  }
}
