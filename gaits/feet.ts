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
import { type GaitReference, type LegGeometry, NUM_LEGS } from "./types.js";

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
  private readonly maxSpeedZ: number;
  /** Where each foot left the ground, x y. [N, 4, 2] */
  private readonly liftOffM: Float64Array;
  /** Scheduled contact and swing progress at the previous step. [N, 4] */
  private readonly lastContact: Uint8Array;
  private readonly lastSwingPhase: Float32Array;
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
    this.maxSpeedZ = maxFootSpeedZ(nominalHeightM);
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

  /** Advances one robot's feet by dt, after its scheduler. Velocities in m/s and rad/s, heights in m. */
  advance(
    robot: number,
    vx: number,
    vy: number,
    yawRate: number,
    baseVx: number,
    baseVy: number,
    baseYawRate: number,
    baseHeightM: number,
  ): void {
    const stanceS = this.scheduler.dutyFactor[robot] * this.scheduler.periodS[robot];
    // z / (2 g) (v × omega), omega = (0, 0, yaw rate)
    const centrifugalS2 = (baseHeightM / (2 * GRAVITY_M_PER_S2)) * baseYawRate;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const x = this.hipPointM[2 * leg];
      const y = this.hipPointM[2 * leg + 1];
      const hipVx = vx - yawRate * y;
      const hipVy = vy + yawRate * x;
      const offsetX = raibertOffset(baseVx - baseYawRate * y, hipVx, stanceS, centrifugalS2 * baseVy, FOOT_REACH_X_M);
      const offsetY = raibertOffset(baseVy + baseYawRate * x, hipVy, stanceS, -centrifugalS2 * baseVx, FOOT_REACH_Y_M);
      const i = NUM_LEGS * robot + leg;
      this.moveAxis(robot, i, 0, hipVx, x, offsetX, FOOT_REACH_X_M, MAX_FOOT_SPEED_X_M_PER_S);
      this.moveAxis(robot, i, 1, hipVy, y, offsetY, FOOT_REACH_Y_M, MAX_FOOT_SPEED_Y_M_PER_S);
      this.track(3 * i + 2, this.heightM(robot, i), this.maxSpeedZ);
      this.remember(i);
    }
  }

  /** Moves foot i along one horizontal axis (0 x, 1 y). */
  private moveAxis(
    robot: number,
    i: number,
    axis: number,
    hipVelocity: number,
    hipPointM: number,
    footholdOffsetM: number,
    reachM: number,
    maxSpeed: number,
  ): void {
    const { phase, contact, swingPhase, footTargetM } = this.reference;
    const periodS = this.scheduler.periodS[robot];
    const swingS = (1 - this.scheduler.dutyFactor[robot]) * periodS;
    const wasStance = this.lastContact[i] === 1;
    const footholdM = hipPointM + footholdOffsetM;
    // A robot that stands takes no steps to make up for feet carried away by a velocity command, so they stay.
    const groundVelocity = swingS > 0 ? -hipVelocity : 0;
    const min = hipPointM - reachM;
    const max = hipPointM + reachM;

    let target = footTargetM[3 * i + axis];
    if (contact[i] === 1) {
      if (!wasStance) target = this.touchDownM(i, axis, footholdM, swingS);
      const stanceS = wasStance ? this.dtS : Math.min(this.dtS, phase[i] * periodS);
      target = clamp(target + groundVelocity * stanceS, min, max);
    } else {
      if (wasStance) {
        // The part of this step that the foot still spent on the ground.
        const stanceS = Math.max(0, this.dtS - swingPhase[i] * swingS);
        this.liftOffM[2 * i + axis] = clamp(target + groundVelocity * stanceS, min, max);
      }
      target = this.swingM(i, axis, footholdM, swingPhase[i]);
    }
    this.track(3 * i + axis, target, maxSpeed);
  }

  /**
   * Where the swing that this step ends puts the foot: its foothold, or, when a transition cut the swing short, one more
   * step along the way. A foot caught by a gait that never swings comes down where it is.
   */
  private touchDownM(i: number, axis: number, footholdM: number, swingS: number): number {
    if (swingS <= 0) return this.reference.footTargetM[3 * i + axis];
    return this.swingM(i, axis, footholdM, Math.min(1, this.lastSwingPhase[i] + this.dtS / swingS));
  }

  private swingM(i: number, axis: number, footholdM: number, progress: number): number {
    const from = this.liftOffM[2 * i + axis];
    return from + (footholdM - from) * bezier(progress);
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

  /** Moves one coordinate towards its target by no more than the speed bound allows in dt. */
  private track(coordinate: number, targetM: number, maxSpeed: number): void {
    const { footTargetM } = this.reference;
    const maxStepM = maxSpeed * this.dtS;
    footTargetM[coordinate] += clamp(targetM - footTargetM[coordinate], -maxStepM, maxStepM);
  }

  private remember(i: number): void {
    this.lastContact[i] = this.reference.contact[i];
    this.lastSwingPhase[i] = this.reference.swingPhase[i];
  }
}
