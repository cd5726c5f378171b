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
  /** Part of this step that it is on the ground, before a swing or after one, s. */
  private readonly groundS = new Float64Array(1);
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
      this.moveHeight(robot, i);
      this.reference.footTargetM[3 * i + 2] = this.targetM[2];
      this.remember(i);
    }
  }

  /** Advances one robot's feet by dt, after its scheduler. */
  advance(robot: number, motion: Readonly<Motion>): void {
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      this.aim(robot, leg, motion);
      this.splitStep(robot, i);
      for (let axis = 0; axis < 2; axis++) this.moveAxis(robot, leg, axis);
      this.moveHeight(robot, i);
      this.track(i);
      this.remember(i);
    }
  }

  /** Sets `hipVelocity` and `footholdM` of one foot. */
  private aim(robot: number, leg: number, motion: Readonly<Motion>): void {
    const { vx, vy, yawRate, baseVx, baseVy, baseYawRate, baseHeightM } = motion;
    const { hipVelocity, footholdM } = this;
    const x = this.hipPointM[2 * leg];
    const y = this.hipPointM[2 * leg + 1];
    const hipVx = vx - yawRate * y;
    const hipVy = vy + yawRate * x;
    hipVelocity[0] = hipVx;
    hipVelocity[1] = hipVy;
    const stanceS = this.scheduler.dutyFactor[robot] * this.scheduler.periodS[robot];
    // z / (2 g) (v × omega), omega = (0, 0, yaw rate)
    const centrifugalS2 = (baseHeightM / (2 * GRAVITY_M_PER_S2)) * baseYawRate;
    footholdM[0] = x + raibertOffset(baseVx - baseYawRate * y, hipVx, stanceS, centrifugalS2 * baseVy, FOOT_REACH_X_M);
    footholdM[1] = y + raibertOffset(baseVy + baseYawRate * x, hipVy, stanceS, -centrifugalS2 * baseVx, FOOT_REACH_Y_M);
  }

  /** Sets `swingShare` and `groundS` of foot i. */
  private splitStep(robot: number, i: number): void {
    const { phase, contact, swingPhase } = this.reference;
    const periodS = this.scheduler.periodS[robot];
    const swingS = (1 - this.scheduler.dutyFactor[robot]) * periodS;
    const isSwing = contact[i] === 0;
    // A swing that ends, be it cut short by a transition, is taken one more step along its way.
    this.swingShare[0] = bezier(isSwing ? swingPhase[i] : Math.min(1, this.lastSwingPhase[i] + this.dtS / swingS));
    const airborneS = isSwing ? swingPhase[i] * swingS : 0;
    const landedS = isSwing ? 0 : phase[i] * periodS;
    const groundS = this.lastContact[i] === 1 ? this.dtS - airborneS : landedS;
    // A robot that stands takes no steps to make up for feet carried away by a velocity command, so they stay.
    this.groundS[0] = swingS > 0 ? clamp(groundS, 0, this.dtS) : 0;
  }

  /** Sets `targetM` of one foot along one horizontal axis (0 x, 1 y): what is left of a swing, the ground, what a new swing has made. */
  private moveAxis(robot: number, leg: number, axis: number): void {
    const { targetM } = this;
    const i = NUM_LEGS * robot + leg;
    const wasStance = this.lastContact[i] === 1;
    const isStance = this.reference.contact[i] === 1;
    targetM[axis] = this.reference.footTargetM[3 * i + axis];
    // A foot caught in its swing by a gait that never swings comes down where it is.
    if (!wasStance && this.scheduler.dutyFactor[robot] < 1) this.swing(i, axis);
    if (wasStance || isStance) {
      const hipPoint = this.hipPointM[2 * leg + axis];
      const grounded = targetM[axis] - this.hipVelocity[axis] * this.groundS[0];
      targetM[axis] = clamp(grounded, hipPoint - REACH_M[axis], hipPoint + REACH_M[axis]);
    }
    if (wasStance && !isStance) {
      this.liftOffM[2 * i + axis] = targetM[axis];
      this.swing(i, axis);
    }
  }

  private swing(i: number, axis: number): void {
    const from = this.liftOffM[2 * i + axis];
    this.targetM[axis] = from + (this.footholdM[axis] - from) * this.swingShare[0];
  }

  /** Sets the height in `targetM` of foot i. */
  private moveHeight(robot: number, i: number): void {
    const { contact, swingPhase, phase } = this.reference;
    const { targetM, groundZM } = this;
    const bounces = this.bounces[this.reference.gaitIndex[robot]];
    if (contact[i] === 0) {
      targetM[2] = groundZM + CLEARANCE_SHARES[bounces] * this.clearanceM * swingHeight(swingPhase[i]);
    } else if (bounces === 0) {
      targetM[2] = groundZM;
    } else {
      const duty = this.scheduler.dutyFactor[robot];
      const periodS = this.scheduler.periodS[robot];
      targetM[2] = groundZM - bounceHeight(phase[i] / duty, duty * periodS, periodS / bounces);
    }
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
