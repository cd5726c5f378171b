/** Reward terms: small functions of one robot after one policy step, each multiplied by its weight of the same name. */

import { GRAVITY_M_PER_S2 } from "../../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { LocomotionControl } from "../control/locomotion-control.js";
import type { RewardConfig } from "../env-config.js";
import { type RobotState, SHELL_NEAR_M } from "../robot/state.js";
import type { FootMotion } from "./foot-motion.js";
import type { PrivilegedState } from "./observation.js";

export interface RewardSources {
  readonly state: RobotState;
  readonly control: LocomotionControl;
  readonly privileged: PrivilegedState;
  /** Actions of the step before, clipped. [N, 12] */
  readonly previousAction: Float32Array;
  /** Of the robot whose terms are asked for. */
  readonly feet: FootMotion;
  /** Of each robot's last step, J/kg. [N] */
  readonly externalWork: Float32Array;
}

/** Writes its value to `value[0]`: a number that is returned would cost the garbage collector a box at each call. */
type RewardTerm = (value: Float64Array, sources: RewardSources, robot: number) => void;

/** Widths of the velocity kernels exp(−error²/width): legged_gym's form, with its 0.25 narrowed. */
const LINEAR_VELOCITY_WIDTH = 0.1;
const YAW_RATE_WIDTH = 0.12;
/** Within this many cycles of a scheduled touchdown or lift-off, either contact is right. */
const CONTACT_TOLERANCE_CYCLES = 0.06;
/** Width of the kernel over the feet's squared distances from their references, m²: 7 cm for each of the four. */
const REFERENCE_FEET_WIDTH = 0.02;
/** Share of a joint's range at either end that is penalised: legged_gym's soft limit of 0.9. */
const LIMIT_SHARE = 0.05;

export type RewardName = Exclude<keyof RewardConfig, "scale" | "fall">;

export const REWARD_TERMS: Record<RewardName, RewardTerm> = {
  linearVelocity(value, { state, control }, robot) {
    const ex = control.command[3 * robot] - state.baseVelocity[3 * robot];
    const ey = control.command[3 * robot + 1] - state.baseVelocity[3 * robot + 1];
    value[0] = Math.exp(-(ex * ex + ey * ey) / LINEAR_VELOCITY_WIDTH);
  },
  yawRate(value, { state, control }, robot) {
    const error = control.command[3 * robot + 2] - state.baseAngularVelocity[3 * robot + 2];
    value[0] = Math.exp((-error * error) / YAW_RATE_WIDTH);
  },
  /** Share of feet that touch the ground when, and only when, the gait memory schedules it. */
  contactSchedule(value, { state, control }, robot) {
    const { phase, contact } = control.gait.reference;
    const duty = control.dutyFactor(robot);
    let matches = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      const p = phase[i];
      const toSwitch = Math.min(Math.abs(p - duty), p, 1 - p);
      if (toSwitch < CONTACT_TOLERANCE_CYCLES || contact[i] === state.footContact[i]) matches++;
    }
    value[0] = matches / NUM_LEGS;
  },
  /** 1 − cos(tilt). */
  upright(value, { state }, robot) {
    value[0] = Math.min(1, 1 + state.projectedGravity[3 * robot + 2]);
  },
  baseHeight(value, { control, privileged }, robot) {
    const error = privileged.baseHeight[robot] - control.model.nominalHeightM;
    value[0] = error * error;
  },
  verticalVelocity(value, { state }, robot) {
    value[0] = state.baseVelocity[3 * robot + 2] ** 2;
  },
  rollPitchRate(value, { state }, robot) {
    value[0] = state.baseAngularVelocity[3 * robot] ** 2 + state.baseAngularVelocity[3 * robot + 1] ** 2;
  },
  torque(value, { state }, robot) {
    value[0] = sumOfSquares(state.jointTorque, robot);
  },
  actionRate(value, { control, previousAction }, robot) {
    let sum = 0;
    for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
      sum += (control.action[i] - previousAction[i]) ** 2;
    }
    value[0] = sum;
  },
  actionSize(value, { control }, robot) {
    value[0] = sumOfSquares(control.action, robot);
  },
  /** The end-effector term of DeepMimic (Peng et al. 2018). */
  referenceFeet(value, { control, feet }, robot) {
    const { footTargetM } = control.gait.reference;
    let squares = 0;
    for (let i = 0; i < 3 * NUM_LEGS; i++) squares += (feet.position[i] - footTargetM[3 * NUM_LEGS * robot + i]) ** 2;
    value[0] = Math.exp(-squares / REFERENCE_FEET_WIDTH);
  },
  jointLimits(value, { state, control }, robot) {
    const { qMinRad, qMaxRad } = control.model;
    let sum = 0;
    for (let j = 0; j < NUM_JOINTS; j++) {
      const margin = LIMIT_SHARE * (qMaxRad[j] - qMinRad[j]);
      const q = state.jointPosition[robot * NUM_JOINTS + j];
      sum += Math.max(0, qMinRad[j] + margin - q, q - (qMaxRad[j] - margin));
    }
    value[0] = sum;
  },
  slip(value, { state, feet }, robot) {
    let sum = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      if (state.footContact[NUM_LEGS * robot + leg] === 0) continue;
      sum += feet.velocity[3 * leg] ** 2 + feet.velocity[3 * leg + 1] ** 2;
    }
    value[0] = sum;
  },
  /** 0 where nothing but feet is close to the ground, 1 where something touches it: tells of falls before they happen. */
  shellNear(value, { state }, robot) {
    value[0] = Math.min(1, 1 - state.shellGapM[robot] / SHELL_NEAR_M);
  },
  /** Mechanical power over weight, m/s: the cost of transport times the speed. */
  energy(value, { state, control }, robot) {
    let powerW = 0;
    for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
      powerW += Math.abs(state.jointTorque[i] * state.jointVelocity[i]);
    }
    value[0] = powerW / (control.model.massKg * GRAVITY_M_PER_S2);
  },
  torqueSaturation(value, { state, control }, robot) {
    let sum = 0;
    for (let j = 0; j < NUM_JOINTS; j++) {
      sum += Math.abs(state.jointTorque[robot * NUM_JOINTS + j]) / control.model.torqueMaxNm[j];
    }
    value[0] = sum / NUM_JOINTS;
  },
  externalWork(value, { externalWork }, robot) {
    value[0] = externalWork[robot];
  },
  contactError(value, { state, control }, robot) {
    const { contact } = control.gait.reference;
    let errors = 0;
    for (let i = robot * NUM_LEGS; i < (robot + 1) * NUM_LEGS; i++)
      errors += contact[i] === state.footContact[i] ? 0 : 1;
    value[0] = errors / NUM_LEGS;
  },
};

export const REWARD_NAMES = Object.keys(REWARD_TERMS) as RewardName[];
/** The terms that look at `RewardSources.feet`. */
export const FOOT_REWARDS: readonly RewardName[] = ["referenceFeet", "slip"];

function sumOfSquares(values: Float32Array, robot: number): number {
  let sum = 0;
  for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) sum += values[i] ** 2;
  return sum;
}
