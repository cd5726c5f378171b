/** The tasks: those that come along, and those of this process besides. */

import { GAITS, SELECTABLE_GAITS } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { InputError } from "../../sim/errors.js";
import { SELECTION_OBSERVATION } from "../../sim/task/gait-selection.js";
import { OBSERVATION } from "../../sim/task/observation.js";
import { REWARD_TERMS } from "../../sim/task/reward.js";
import type { TrainConfigInput } from "./schema.js";
import { categoricalSpace, type GaitTask, gaussianSpace, type JointTask, type Task } from "./task.js";

/**
 * One policy for eight gaits. Errors of the joints' sensors and the range of friction are legged_gym's (Rudin et al. 2022),
 * payload, motor strength and joint offsets Walk These Ways' (Margolis & Agrawal 2022), the centre of mass less than MuJoCo
 * Playground's. The IMU is as data sheets have it: Bosch's BMI088 for biases (1 °/s, 20 mg) and ten times its noise (0.1 °/s rms at
 * 50 Hz), as legs shake it; VectorNav's VN-100 for the direction of gravity (1 ° rms at most).
 */
const LOCOMOTION_CONFIG: TrainConfigInput = {
  numEnvs: 1024,
  checkpointEvery: 20,
  network: { actorHidden: [192, 128], criticHidden: [128, 96], residualShare: 1 },
  ppo: { epochs: 5 },
  env: {
    terrain: { kind: "patchy", level: 2.5 },
    control: { estimator: "learned", actionScaleRad: 0.4 },
    command: {
      gaits: SELECTABLE_GAITS.map((gait) => GAITS[gait].id),
      curriculum: true,
      vxMPerS: [-0.75, 2.5],
      yawRateRadPerS: [-1, 1],
      resampleS: 3,
      fullSpeedShare: 0.2,
    },
    sensors: {
      angularVelocityRadPerS: 0.03,
      angularVelocityBiasRadPerS: 0.017,
      accelerationMPerS2: 0.2,
      accelerationBiasMPerS2: 0.2,
      projectedGravity: 0.02,
      jointPositionRad: 0.01,
      jointVelocityRadPerS: 1.5,
      jointOffsetRad: 0.02,
      falseContactShare: 0.01,
      delayS: [0, 0.01],
    },
    randomization: {
      payloadKg: [-1, 2],
      centerOfMassM: 0.03,
      motorStrength: [0.9, 1.1],
      stiffness: [0.9, 1.1],
      damping: [0.9, 1.1],
      actionDelayS: [0, 0.01],
      gravityTiltRad: 0.05,
      pushMPerS: 0.7,
    },
    reward: {
      yawRate: 5,
      contactSchedule: 2,
      baseHeight: -4,
      verticalVelocity: -0.3,
      rollPitchRate: -0.03,
      actionRate: -0.02,
      referenceFeet: 0.5,
      jointLimits: -1,
      slip: -0.05,
      shellNear: -8,
    },
  },
};

/**
 * Which of the eight gaits to walk in, at commands that jump: the unified objective of Humphreys & Zhou 2025 (energy, torque
 * saturation, external work, contact error), following the command, and not falling.
 */
const GAIT_SELECTION_CONFIG: TrainConfigInput = {
  numEnvs: 128,
  network: { actorHidden: [128, 64], criticHidden: [128, 64] },
  ppo: {
    ...{ horizon: 32, epochs: 4, discount: 0.975, entropyWeight: 0.005 },
    ...{ targetKl: 0.04, learningRate: 2e-3, maxLearningRate: 0.01 },
  },
  env: {
    ...LOCOMOTION_CONFIG.env,
    episodeS: 12,
    command: {
      ...LOCOMOTION_CONFIG.env?.command,
      curriculum: false,
      gaitsChosen: true,
      vxMPerS: [-0.5, 2.5],
      resampleS: 3,
      standShare: 0.3,
    },
    control: {},
    reward: {
      ...{ linearVelocity: 8, yawRate: 2, contactSchedule: 0, upright: 0, baseHeight: 0, verticalVelocity: 0 },
      ...{ rollPitchRate: 0, torque: 0, actionRate: 0, actionSize: 0 },
      ...{ energy: -0.8, torqueSaturation: -0.5, externalWork: -0.5, contactError: -0.8 },
      ...{ scale: 0.005, fall: -3 },
    },
  },
};

/** Corrections to the gait memory's joint angles, or the angles themselves. */
const JOINT_ACTIONS = gaussianSpace(NUM_JOINTS);

export const trot: JointTask = {
  name: "trot",
  says: "one gait, in minutes",
  config: {},
  observation: OBSERVATION,
  actions: JOINT_ACTIONS,
  rewards: REWARD_TERMS,
  actsOn: "joints",
};

export const locomotion: JointTask = {
  name: "locomotion",
  says: "one policy for eight gaits",
  config: LOCOMOTION_CONFIG,
  observation: OBSERVATION,
  actions: JOINT_ACTIONS,
  rewards: REWARD_TERMS,
  actsOn: "joints",
};

export const gaitSelection: GaitTask = {
  name: "gait-selection",
  says: "which of those gaits to walk in",
  config: GAIT_SELECTION_CONFIG,
  observation: SELECTION_OBSERVATION,
  actions: categoricalSpace(SELECTABLE_GAITS.length),
  rewards: REWARD_TERMS,
  actsOn: "gaits",
};

/** By what a config's `task` says. */
const tasks = new Map<string, Task>([trot, locomotion, gaitSelection].map((task) => [task.name, task]));

export const DEFAULT_TASK = trot.name;
export const TASK_NAMES: readonly string[] = [...tasks.keys()];

/** Makes a task known to this process. @param key what configs call it: a module's path */
export function addTask(key: string, task: Task): void {
  tasks.set(key, task);
}

export function isTaskKnown(key: string): boolean {
  return tasks.has(key);
}

/** @throws InputError for one that is not known, or no name at all */
export function taskNamed(key: unknown, fileName: string): Task {
  const task = tasks.get(key as string);
  if (task) return task;
  throw new InputError(
    `${fileName}: task: got ${JSON.stringify(key)}, expected one of ${TASK_NAMES.join(", ")}, or the path of a task's module`,
  );
}

/** The task of a config that has been parsed. */
export function taskOf({ task }: { readonly task: string }): Task {
  return taskNamed(task, "config");
}
