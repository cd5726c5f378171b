/** Reward terms: small functions of one robot after one policy step, each multiplied by its weight of the same name. */

import { NUM_JOINTS, NUM_LEGS } from "../gaits/types.js";
import type { RewardConfig } from "./env-config.js";
import type { LocomotionControl } from "./locomotion-control.js";
import type { PrivilegedState } from "./observation.js";
import type { RobotState } from "./state.js";

export interface RewardSources {
  readonly state: RobotState;
  readonly control: LocomotionControl;
  readonly privileged: PrivilegedState;
  /** Actions of the step before, clipped. [N, 12] */
  readonly previousAction: Float32Array;
}

type RewardTerm = (sources: RewardSources, robot: number) => number;

/** Widths of the velocity kernels exp(−error²/width): legged_gym's form, with its 0.25 narrowed. */
const LINEAR_VELOCITY_WIDTH = 0.1;
const YAW_RATE_WIDTH = 0.12;
/** Within this many cycles of a scheduled touchdown or lift-off, either contact is right. */
const CONTACT_TOLERANCE_CYCLES = 0.06;

export type RewardName = Exclude<keyof RewardConfig, "scale" | "fall">;

export const REWARD_TERMS: Record<RewardName, RewardTerm> = {
  linearVelocity({ state, control }, robot) {
    const ex = control.command[3 * robot] - state.baseVelocity[3 * robot];
    const ey = control.command[3 * robot + 1] - state.baseVelocity[3 * robot + 1];
    return Math.exp(-(ex * ex + ey * ey) / LINEAR_VELOCITY_WIDTH);
  },
  yawRate({ state, control }, robot) {
    const error = control.command[3 * robot + 2] - state.baseAngularVelocity[3 * robot + 2];
    return Math.exp((-error * error) / YAW_RATE_WIDTH);
  },
  /** Share of feet that touch the ground when, and only when, the gait memory schedules it. */
  contactSchedule({ state, control }, robot) {
    const { phase, contact } = control.gait.reference;
    const duty = control.dutyFactor(robot);
    let matches = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      const p = phase[i];
      const toSwitch = Math.min(Math.abs(p - duty), p, 1 - p);
      if (toSwitch < CONTACT_TOLERANCE_CYCLES || contact[i] === state.footContact[i]) matches++;
    }
    return matches / NUM_LEGS;
  },
  /** 1 − cos(tilt). */
  upright: ({ state }, robot) => Math.min(1, 1 + state.projectedGravity[3 * robot + 2]),
  baseHeight({ control, privileged }, robot) {
    const error = privileged.baseHeight[robot] - control.model.nominalHeightM;
    return error * error;
  },
  verticalVelocity: ({ state }, robot) => state.baseVelocity[3 * robot + 2] ** 2,
  rollPitchRate: ({ state }, robot) =>
    state.baseAngularVelocity[3 * robot] ** 2 + state.baseAngularVelocity[3 * robot + 1] ** 2,
  torque: ({ state }, robot) => sumOfSquares(state.jointTorque, robot),
  actionRate({ control, previousAction }, robot) {
    let sum = 0;
    for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
      sum += (control.action[i] - previousAction[i]) ** 2;
    }
    return sum;
  },
  actionSize: ({ control }, robot) => sumOfSquares(control.action, robot),
};

export const REWARD_NAMES = Object.keys(REWARD_TERMS) as RewardName[];

function sumOfSquares(values: Float32Array, robot: number): number {
  let sum = 0;
  for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) sum += values[i] ** 2;
  return sum;
}
