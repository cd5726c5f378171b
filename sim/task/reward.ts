/** The reward's terms: a row each, of one robot after one policy step. */

import { GRAVITY_M_PER_S2 } from "../../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { SHELL_NEAR_M } from "../robot/state.js";
import { rewardTerm } from "./reward-term.js";

/** Widths of the velocity kernels exp(−error²/width): legged_gym's form, with its 0.25 narrowed. */
const LINEAR_VELOCITY_WIDTH = 0.1;
const YAW_RATE_WIDTH = 0.12;
/** Within this many cycles of a scheduled touchdown or lift-off, either contact is right. */
const CONTACT_TOLERANCE_CYCLES = 0.06;
/** Width of the kernel over the feet's squared distances from their references, m²: 7 cm for each of the four. */
const REFERENCE_FEET_WIDTH = 0.02;
/** Share of a joint's range at either end that is penalised: legged_gym's soft limit of 0.9. */
const LIMIT_SHARE = 0.05;

export const REWARD_TERMS = {
  linearVelocity: rewardTerm({
    weight: 3,
    says: "exp(-(error of v_x and v_y)^2 / 0.1)",
    of({ state, control }, robot) {
      const ex = control.command[3 * robot] - state.baseVelocity[3 * robot];
      const ey = control.command[3 * robot + 1] - state.baseVelocity[3 * robot + 1];
      return Math.exp(-(ex * ex + ey * ey) / LINEAR_VELOCITY_WIDTH);
    },
  }),
  yawRate: rewardTerm({
    weight: 4,
    says: "exp(-(error of the yaw rate)^2 / 0.12)",
    of({ state, control }, robot) {
      const error = control.command[3 * robot + 2] - state.baseAngularVelocity[3 * robot + 2];
      return Math.exp((-error * error) / YAW_RATE_WIDTH);
    },
  }),
  /** Share of feet that touch the ground when, and only when, the gait memory schedules it. */
  contactSchedule: rewardTerm({
    weight: 0.4,
    says: "share of feet in contact as the gait schedules it",
    of({ state, control }, robot) {
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
  }),
  /** 1 − cos(tilt). */
  upright: rewardTerm({
    weight: -2,
    says: "1 - cos(tilt)",
    of({ state }, robot) {
      return Math.min(1, 1 + state.projectedGravity[3 * robot + 2]);
    },
  }),
  baseHeight: rewardTerm({
    weight: -8,
    says: "(height off the nominal one, m)^2",
    of({ control, privileged }, robot) {
      const error = privileged.baseHeight[robot] - control.model.nominalHeightM;
      return error * error;
    },
  }),
  verticalVelocity: rewardTerm({
    weight: -1,
    says: "(m/s)^2",
    of({ state }, robot) {
      return state.baseVelocity[3 * robot + 2] ** 2;
    },
  }),
  rollPitchRate: rewardTerm({
    weight: -0.05,
    says: "(rad/s)^2, summed",
    of({ state }, robot) {
      return state.baseAngularVelocity[3 * robot] ** 2 + state.baseAngularVelocity[3 * robot + 1] ** 2;
    },
  }),
  torque: rewardTerm({
    weight: -1e-4,
    says: "(N m)^2, summed over joints",
    of({ state }, robot) {
      return sumOfSquares(state.jointTorque, robot);
    },
  }),
  actionRate: rewardTerm({
    weight: -0.01,
    says: "(change of action)^2, summed",
    of({ control, previousAction }, robot) {
      let sum = 0;
      for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
        sum += (control.action[i] - previousAction[i]) ** 2;
      }
      return sum;
    },
  }),
  actionSize: rewardTerm({
    weight: -0.002,
    says: "action^2, summed",
    of({ control }, robot) {
      return sumOfSquares(control.action, robot);
    },
  }),
  /** The end-effector term of DeepMimic (Peng et al. 2018). */
  referenceFeet: rewardTerm({
    weight: 0,
    says: "exp(-(distance of feet from their references, m)^2 summed / 0.02)",
    of({ control, feet }, robot) {
      const { footTargetM } = control.gait.reference;
      let squares = 0;
      for (let i = 0; i < 3 * NUM_LEGS; i++) squares += (feet.position[i] - footTargetM[3 * NUM_LEGS * robot + i]) ** 2;
      return Math.exp(-squares / REFERENCE_FEET_WIDTH);
    },
  }),
  jointLimits: rewardTerm({
    weight: 0,
    says: "rad into the outer 5 % of the joints' ranges, summed",
    of({ state, control }, robot) {
      const { qMinRad, qMaxRad } = control.model;
      let sum = 0;
      for (let j = 0; j < NUM_JOINTS; j++) {
        const margin = LIMIT_SHARE * (qMaxRad[j] - qMinRad[j]);
        const q = state.jointPosition[robot * NUM_JOINTS + j];
        sum += Math.max(0, qMinRad[j] + margin - q, q - (qMaxRad[j] - margin));
      }
      return sum;
    },
  }),
  slip: rewardTerm({
    weight: 0,
    says: "(velocity of feet over ground that they touch, m/s)^2, summed",
    of({ state, feet }, robot) {
      let sum = 0;
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        if (state.footContact[NUM_LEGS * robot + leg] === 0) continue;
        sum += feet.velocity[3 * leg] ** 2 + feet.velocity[3 * leg + 1] ** 2;
      }
      return sum;
    },
  }),
  /** 0 where nothing but feet is close to the ground, 1 where something touches it: tells of falls before they happen. */
  shellNear: rewardTerm({
    weight: 0,
    says: "closeness to the ground of anything but feet: 0 at 10 mm, 1 at 0 mm",
    of({ state }, robot) {
      return Math.min(1, 1 - state.shellGapM[robot] / SHELL_NEAR_M);
    },
  }),
  /** Mechanical power over weight, m/s: the cost of transport times the speed. */
  energy: rewardTerm({
    weight: 0,
    says: "mechanical power, sum of |torque x rate|, per weight",
    relative: true,
    of({ state, control }, robot) {
      let powerW = 0;
      for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) {
        powerW += Math.abs(state.jointTorque[i] * state.jointVelocity[i]);
      }
      return powerW / (control.model.massKg * GRAVITY_M_PER_S2);
    },
  }),
  torqueSaturation: rewardTerm({
    weight: 0,
    says: "mean |torque| / limit",
    relative: true,
    of({ state, control }, robot) {
      let sum = 0;
      for (let j = 0; j < NUM_JOINTS; j++) {
        sum += Math.abs(state.jointTorque[robot * NUM_JOINTS + j]) / control.model.torqueMaxNm[j];
      }
      return sum / NUM_JOINTS;
    },
  }),
  externalWork: rewardTerm({
    weight: 0,
    says: "gain of the trunk's kinetic and potential energy",
    relative: true,
    of({ externalWork }, robot) {
      return externalWork[robot];
    },
  }),
  contactError: rewardTerm({
    weight: 0,
    says: "share of feet off the gait's schedule",
    relative: true,
    of({ state, control }, robot) {
      const { contact } = control.gait.reference;
      let errors = 0;
      for (let i = robot * NUM_LEGS; i < (robot + 1) * NUM_LEGS; i++)
        errors += contact[i] === state.footContact[i] ? 0 : 1;
      return errors / NUM_LEGS;
    },
  }),
};

export type RewardName = keyof typeof REWARD_TERMS;

function sumOfSquares(values: Float32Array, robot: number): number {
  let sum = 0;
  for (let i = robot * NUM_JOINTS; i < (robot + 1) * NUM_JOINTS; i++) sum += values[i] ** 2;
  return sum;
}
