/** What robots are told to do in the experiments, and what is done to them. */

import { gaitIndex } from "../../gaits/library.js";
import type { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { ControllerGaitSource, GaitSource } from "../runtime/gait-choice.js";

export interface Scenario {
  readonly trialS: number;
  /** What a trial is told at a time. */
  readonly tell: (trial: number, timeS: number) => Instruction;
  /** "policy" leaves gaits to each controller; those that `tell` says are then for controllers without a choice. */
  readonly gaitSource: ControllerGaitSource;
  /** Sudden horizontal pushes on the trunk from random directions. */
  readonly pushes?: { readonly velocityChangeMPerS: number; readonly everyS: number };
  /** Loose planks lie ahead of each robot, which is steered along their lane; the trial ends for those that got this far. */
  readonly planks?: { readonly goalM: number };
}

/** Velocities in the base frame, m/s and rad/s; a gait's id. */
export interface Instruction {
  readonly gait: string;
  readonly vx: number;
  readonly yawRate: number;
}

/** Commands of E1 in Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z: every forward speed with every yaw rate. */
const E1_SPEEDS_M_PER_S = [0, 0.25, 0.5, 0.75, 1];
const E1_YAW_RATES_RAD_PER_S = [-0.8, -0.4, 0, 0.4, 0.8];

/** E1: a trot, one of 25 commands a trial. */
export const TROT_COMMANDS: Scenario = {
  trialS: 10,
  gaitSource: "told",
  tell: (trial) => ({
    gait: "trot",
    vx: E1_SPEEDS_M_PER_S[trial % E1_SPEEDS_M_PER_S.length],
    yawRate: E1_YAW_RATES_RAD_PER_S[Math.floor(trial / E1_SPEEDS_M_PER_S.length) % E1_YAW_RATES_RAD_PER_S.length],
  }),
};

export const E4_GAITS = ["run", "trot", "pronk", "bound", "limp", "hop", "amble", "stand"];
const E4_GAIT_S = 2.2;

/** E4: gait after gait at 0.5 m/s, 2.2 s each, and a stand in the end. */
export const ALL_GAITS: Scenario = {
  trialS: E4_GAITS.length * E4_GAIT_S,
  gaitSource: "told",
  tell: (_, timeS) => {
    const gait = E4_GAITS[Math.min(E4_GAITS.length - 1, Math.floor(timeS / E4_GAIT_S + 1e-9))];
    return { gait, vx: gait === "stand" ? 0 : 0.5, yawRate: 0 };
  },
};

export const STANDING: Scenario = { trialS: 11, gaitSource: "told", tell: () => ({ gait: "trot", vx: 0, yawRate: 0 }) };

export const PUSHED_TROT: Scenario = {
  trialS: 10,
  gaitSource: "told",
  tell: () => ({ gait: "trot", vx: 0.5, yawRate: 0 }),
  pushes: { velocityChangeMPerS: 0.5, everyS: 3 },
};

/** Peak of E2's and of E3's forward speed, m/s. */
const STRESS_M_PER_S = 2.1;
const SPRINT_M_PER_S = 2;
/** E2's last speeds, m/s, 2 s each. */
const STRESS_STEPS_M_PER_S = [0, 1.5, 0.1, 2.5, 0];
const STRESS_STEP_S = 2;
/** A sine's half wave of 2 m/s covers 20 m in 20 m · π / (2 · 2 m/s). */
const SPRINT_S = (20 * Math.PI) / (2 * SPRINT_M_PER_S);

/**
 * E2, the stress test: up to full speed and back in 10 s while turning to and fro, once more in 5 s, then jumps. (The source's sine
 * is taken for half a wave, as trots and runs that survive it there do here as well; in a whole one all gaits fall, backward.)
 */
export const STRESS_TEST: Scenario = {
  trialS: 25,
  gaitSource: "policy",
  tell: (_, timeS) => ({ gait: "trot", ...stressCommand(timeS) }),
};

function stressCommand(timeS: number): { vx: number; yawRate: number } {
  const halfWave = (t: number, lengthS: number) => ({
    vx: STRESS_M_PER_S * Math.sin((Math.PI * t) / lengthS),
    yawRate: Math.sin((4 * Math.PI * t) / lengthS),
  });
  if (timeS < 10) return halfWave(timeS, 10);
  if (timeS < 15) return halfWave(timeS - 10, 5);
  const step = Math.floor((timeS - 15) / STRESS_STEP_S + 1e-9);
  return { vx: STRESS_STEPS_M_PER_S[Math.min(STRESS_STEPS_M_PER_S.length - 1, step)], yawRate: 0 };
}

/** E3: 20 m straight ahead, up to full speed and back. */
export const SPRINT: Scenario = {
  gaitSource: "policy",
  trialS: SPRINT_S,
  tell: (_, timeS) => ({ gait: "trot", vx: SPRINT_M_PER_S * Math.sin((Math.PI * timeS) / SPRINT_S), yawRate: 0 }),
};

/** E6: pushed hard, in a gait of its own choice. */
export const RECOVERY: Scenario = {
  gaitSource: "policy",
  trialS: 11.5,
  tell: () => ({ gait: "trot", vx: 0.5, yawRate: 0 }),
  pushes: { velocityChangeMPerS: 1, everyS: 3 },
};

/** Over ground that gives way, in a gait of its own choice. */
export const CROSSING: Scenario = {
  trialS: 10,
  gaitSource: "policy",
  tell: () => ({ gait: "trot", vx: 0.5, yawRate: 0 }),
};

/** E5: across loose planks in twice the time that the command takes, in a gait of its own choice. */
export const LOOSE_PLANKS: Scenario = {
  trialS: 20,
  gaitSource: "policy",
  tell: () => ({ gait: "trot", vx: 0.5, yawRate: 0 }),
  planks: { goalM: 5 },
};

/** Passes on to one robot what its trial is told at a time; the gait where it is told. */
export function instruct(
  control: LocomotionControl,
  { tell }: Scenario,
  source: GaitSource,
  trial: number,
  timeS: number,
): void {
  const { gait, vx, yawRate } = tell(trial, timeS);
  if (source === "told") control.gaitCommand[trial] = gaitIndex(gait);
  control.command[3 * trial] = vx;
  control.command[3 * trial + 1] = 0;
  control.command[3 * trial + 2] = yawRate;
}
