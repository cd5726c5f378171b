/**
 * What runs on the robot besides the network, for N robots: leg odometry, the gait memory, its joint reference, and the
 * joint targets that an action makes of it. The simulation, the evaluation and the live page all use this one class.
 */

import { bouncePush, bouncesPerStride } from "../../gaits/bounce.js";
import { footJacobian, legJointAngles } from "../../gaits/kinematics.js";
import { GAITS, GRAVITY_M_PER_S2, gaitIndex, isStanding, strideRateHz } from "../../gaits/library.js";
import { GaitMemory } from "../../gaits/memory.js";
import { JOINTS_PER_LEG, type Motion, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { ControlConfig } from "../config-sections.js";
import type { RobotModel } from "../robot/types.js";
import { Balance } from "./balance.js";
import { Leveller } from "./leveller.js";
import type { SensorReadings } from "./sensors.js";
import { isStandstill } from "./standstill.js";
import { StateEstimate } from "./state-estimate.js";

/** Actions beyond this are cut off: ±4 standard deviations of a unit Gaussian. */
export const MAX_ACTION = 4;
/**
 * Feet that step bounce, and carry the load in less time than scheduled: stance legs give way by more than the mean load says, the
 * more the longer feet are in the air. What is missing shifts feet at every step, which drives a trotting robot backward and turns
 * it one way with one diagonal, the other way with the other. Found by measurement: 1.75 times the mean load at a trot.
 */
export const LOAD_PER_SWING_SHARE = 1.5;
/**
 * Soft legs walk slower than their feet are led: an A1 that trots after the gait memory alone, at 0.8 of a forward command from
 * 0.25 to 1.5 m/s. This makes up for most of it.
 */
export const FORWARD_GAIN = 1.2;

/**
 * Share of actions that a standing robot makes: it is held up by its legs, and answers to noise by shuffling. With all of them a
 * policy of eight gaits drifted by up to 0.3 m in 10 s, with this share 0.06 m.
 */
export const STANDING_SHARE = 0.2;
/** Slower robots may stand. */
export const MAX_SPEED_TO_STAND_M_PER_S = 0.3;

const STAND = GAITS.findIndex(isStanding);

export class LocomotionControl {
  readonly estimate: StateEstimate;
  readonly gait: GaitMemory;
  /** v_x m/s, v_y m/s, yaw rate rad/s. [N, 3] */
  readonly command: Float32Array;
  /** The gait to be in, as an index in `GAITS`. [N] */
  readonly gaitCommand: Uint8Array;
  /** 1 where a robot that is not to move stands, whatever its gait; 0 where it goes on in it, on the spot. [N] */
  readonly standsAtRest: Uint8Array;
  /** The last action, clipped and smoothed. [N, 12] */
  readonly action: Float32Array;
  /** Joint angles of the gait memory's reference feet, with gravity feed-forward, rad. [N, 12] */
  readonly jointReference: Float32Array;
  /** Motor targets, rad. [N, 12] */
  readonly jointTarget: Float32Array;
  /** sin and cos of each leg's phase. [N, 8] */
  readonly phaseVector: Float32Array;
  /** Foot centres in the default stance, m. [12] */
  readonly nominalFeet: Float32Array;
  /** Stride rate, Hz, and duty factor of each robot's gait. [N, 2] */
  readonly gaitTiming: Float32Array;
  private readonly motorLagS: number;
  /** The gait memory's reference feet of the step before. [N, 12] */
  private readonly lastFootM: Float32Array;
  private readonly motion: Motion = { vx: 0, vy: 0, yawRate: 0, baseVx: 0, baseVy: 0, baseYawRate: 0, baseHeightM: 0 };
  private readonly jacobian = new Float32Array(9);
  /** In a stride, by gait. */
  private readonly bounces = GAITS.map(bouncesPerStride);
  private readonly leveller = new Leveller();
  private readonly balance = new Balance();
  private readonly ledFoot = new Float32Array(3);
  private readonly footInBase = new Float32Array(3);

  constructor(
    readonly model: RobotModel,
    readonly config: ControlConfig,
    readonly numRobots: number,
  ) {
    const { legs, nominalHeightM } = model;
    this.estimate = new StateEstimate(model, config.estimator, config.stepS, numRobots);
    this.gait = new GaitMemory({ numRobots, dtS: config.stepS, geometry: legs, nominalHeightM });
    this.gaitCommand = new Uint8Array(numRobots).fill(gaitIndex("trot"));
    this.standsAtRest = new Uint8Array(numRobots).fill(1);
    this.gaitTiming = new Float32Array(numRobots * 2);
    this.motorLagS = motorLagS(model);
    this.lastFootM = new Float32Array(numRobots * 3 * NUM_LEGS);
    this.command = new Float32Array(numRobots * 3);
    this.action = new Float32Array(numRobots * NUM_JOINTS);
    this.jointReference = new Float32Array(numRobots * NUM_JOINTS);
    this.jointTarget = new Float32Array(numRobots * NUM_JOINTS);
    this.phaseVector = new Float32Array(numRobots * 2 * NUM_LEGS);
    this.nominalFeet = nominalFeet(model);
  }

  /** Starts one robot anew, in its commanded gait at a point of the stride (cycles, 0..1). */
  reset(robot: number, strideCycle: number, readings: SensorReadings): void {
    this.action.fill(0, robot * NUM_JOINTS, (robot + 1) * NUM_JOINTS);
    this.estimate.reset(robot, readings);
    this.gait.reset(robot, this.gaitToBeIn(robot), strideCycle);
    const { footTargetM } = this.gait.reference;
    for (let i = 3 * NUM_LEGS * robot; i < 3 * NUM_LEGS * (robot + 1); i++) this.lastFootM[i] = footTargetM[i];
    this.writeReference(robot, readings);
  }

  /** Takes in what the robot senses; a learned estimator then has its say before `advance`. */
  sense(robot: number, readings: SensorReadings): void {
    this.estimate.sense(robot, readings, this.gait.reference.contact);
  }

  /** Moves the gait memory on by one policy step, after `sense`. */
  advance(robot: number, readings: SensorReadings): void {
    const c = 3 * robot;
    const { command, estimate } = this;
    estimate.conclude(robot, readings, command);
    this.gait.select(robot, this.gaitToBeIn(robot));
    const { motion } = this;
    motion.vx = FORWARD_GAIN * command[c];
    motion.vy = command[c + 1];
    motion.yawRate = command[c + 2];
    motion.baseVx = estimate.velocity[c];
    motion.baseVy = estimate.velocity[c + 1];
    motion.baseYawRate = readings.baseAngularVelocity[c + 2];
    motion.baseHeightM = estimate.height[robot];
    this.gait.step(robot, motion);
    this.writeReference(robot, readings);
  }

  /** Turns one robot's action into motor targets within the joint limits. [12 numbers at `offset`] */
  act(robot: number, actions: Float32Array, offset: number): void {
    for (let j = 0; j < NUM_JOINTS; j++) {
      const i = robot * NUM_JOINTS + j;
      this.action[i] = this.smoothed(robot, i, actions[offset + j]);
      this.jointTarget[i] = this.targetOf(robot, j, this.action[i]);
    }
  }

  /** What `act` would make the motor targets, to `out[offset ...]`; `actions` have the same offset. */
  preview(out: Float32Array, robot: number, actions: Float32Array, offset: number): void {
    for (let j = 0; j < NUM_JOINTS; j++) {
      const action = this.smoothed(robot, robot * NUM_JOINTS + j, actions[offset + j]);
      out[offset + j] = this.targetOf(robot, j, action);
    }
  }

  /** The action of which `act` makes these motor targets, as far as actions reach, to `out[offset ...]`. */
  actionFor(out: Float32Array, robot: number, targets: Float32Array, offset: number): void {
    const { actionScaleRad, actionShare } = this.config;
    for (let j = 0; j < NUM_JOINTS; j++) {
      const i = robot * NUM_JOINTS + j;
      const action = (targets[offset + j] - this.actionOrigin(robot, j)) / actionScaleRad;
      out[offset + j] = (this.action[i] + (action - this.action[i]) / actionShare) / this.askedShare(robot);
    }
  }

  private smoothed(robot: number, i: number, action: number): number {
    const asked = this.askedShare(robot) * action;
    const raw = Math.min(Math.max(asked, -MAX_ACTION), MAX_ACTION);
    return this.action[i] + this.config.actionShare * (raw - this.action[i]);
  }

  private targetOf(robot: number, j: number, action: number): number {
    const target = this.actionOrigin(robot, j) + this.config.actionScaleRad * action;
    return Math.min(Math.max(target, this.model.qMinRad[j]), this.model.qMaxRad[j]);
  }

  private actionOrigin(robot: number, j: number): number {
    return this.config.actionMode === "residual"
      ? this.jointReference[robot * NUM_JOINTS + j]
      : this.model.qDefaultRad[j];
  }

  private askedShare(robot: number): number {
    return this.gait.reference.gaitIndex[robot] === STAND ? STANDING_SHARE : 1;
  }

  /** Duty factor of the gait that a robot is in. */
  dutyFactor(robot: number): number {
    return GAITS[this.gait.reference.gaitIndex[robot]].dutyFactor;
  }

  /** Who is not to move stands, once it has slowed down: to stand takes one step, at speed it would fall over its feet. */
  private gaitToBeIn(robot: number): number {
    const stands = this.standsAtRest[robot] === 1 && isStandstill(this.command, 3 * robot);
    const commanded = stands ? STAND : this.gaitCommand[robot];
    const current = this.gait.reference.gaitIndex[robot];
    if (commanded !== STAND || current === STAND) return commanded;
    const { velocity } = this.estimate;
    return Math.hypot(velocity[3 * robot], velocity[3 * robot + 1]) < MAX_SPEED_TO_STAND_M_PER_S ? STAND : current;
  }

  private writeReference(robot: number, readings: SensorReadings): void {
    const { phase, contact, gaitIndex: gaits } = this.gait.reference;
    const gait = GAITS[gaits[robot]];
    this.gaitTiming[2 * robot] = strideRateHz(gait);
    this.gaitTiming[2 * robot + 1] = gait.dutyFactor;
    this.leveller.set(readings.projectedGravity, 3 * robot);
    const { height, velocity } = this.estimate;
    // A trunk that bounces is meant to rise and to sink.
    const bounces = this.bounces[gaits[robot]] > 0;
    const tooHighM = bounces ? 0 : height[robot] - this.model.nominalHeightM;
    this.balance.set(readings, robot, tooHighM, bounces ? 0 : velocity[3 * robot + 2]);
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const l = NUM_LEGS * robot + leg;
      const angle = 2 * Math.PI * phase[l];
      this.phaseVector[2 * l] = Math.sin(angle);
      this.phaseVector[2 * l + 1] = Math.cos(angle);
      const j = NUM_JOINTS * robot + JOINTS_PER_LEG * leg;
      this.placeFoot(l);
      legJointAngles(this.jointReference, j, this.model.legs, leg, this.footInBase, 0);
      if (this.config.gravityFeedForward && contact[l]) this.feedForward(robot, leg, j);
    }
  }

  /**
   * The reference foot `l` of all in the base frame: as the gait memory has it, ahead by what the motors lag, with what keeps the
   * trunk upright.
   */
  private placeFoot(l: number): void {
    const { contact, footTargetM } = this.gait.reference;
    const { footInBase, lastFootM, ledFoot } = this;
    const lead = this.motorLagS / this.config.stepS;
    for (let k = 0; k < 3; k++) {
      const i = 3 * l + k;
      ledFoot[k] = footTargetM[i] + lead * (footTargetM[i] - lastFootM[i]);
      lastFootM[i] = footTargetM[i];
    }
    if (!contact[l]) {
      this.leveller.toBase(footInBase, ledFoot, 0);
      return;
    }
    for (let k = 0; k < 3; k++) footInBase[k] = ledFoot[k];
    footInBase[2] += this.balance.height(ledFoot[0], ledFoot[1]);
  }

  /**
   * Shifts a stance leg's targets by −JᵀF/kp, F being the ground's push on the foot: its share of the weight averaged over
   * a stride, m·g / (4 · duty factor), upwards. It swells and fades over the stance where the gait bounces; where it does not,
   * it makes up for what bouncing feet lack.
   */
  private feedForward(robot: number, leg: number, j: number): void {
    const { model, jacobian, jointReference } = this;
    const { phase, gaitIndex: gaits } = this.gait.reference;
    const duty = this.dutyFactor(robot);
    const stanceShare = phase[NUM_LEGS * robot + leg] / duty;
    const load = this.bounces[gaits[robot]] > 0 ? bouncePush(stanceShare) : 1 + LOAD_PER_SWING_SHARE * (1 - duty);
    const force = (load * model.massKg * GRAVITY_M_PER_S2) / (NUM_LEGS * duty);
    footJacobian(jacobian, model.legs, leg, jointReference, j);
    for (let k = 0; k < JOINTS_PER_LEG; k++) {
      jointReference[j + k] -= (jacobian[6 + k] * force) / model.kp[JOINTS_PER_LEG * leg + k];
    }
  }
}

/** How far PD motors run behind their targets, s: damping kd q̇ is held up by an error of kd/kp q̇. Mean over the joints. */
export function motorLagS({ kp, kd }: RobotModel): number {
  return kd.reduce((sum, gain, j) => sum + gain / kp[j], 0) / NUM_JOINTS;
}

/** Foot centres of the default stance in the base frame: under each hip at nominal height, m. [4, 3] */
export function nominalFeet({ legs, nominalHeightM }: RobotModel): Float32Array {
  const feet = new Float32Array(NUM_JOINTS);
  for (let leg = 0; leg < NUM_LEGS; leg++) {
    feet[3 * leg] = legs.hipOffsetM[3 * leg];
    feet[3 * leg + 1] = legs.hipOffsetM[3 * leg + 1] + legs.abductionOffsetM[leg];
    feet[3 * leg + 2] = legs.footRadiusM - nominalHeightM;
  }
  return feet;
}
