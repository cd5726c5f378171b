/** What a task changes in the defaults of the config. */

import type { z } from "zod";
import { GAITS, SELECTABLE_GAITS } from "../../gaits/library.js";
import type { TASK_NAMES, trainConfigSchema } from "./schema.js";

type ConfigInput = z.input<typeof trainConfigSchema>;

/**
 * One policy for eight gaits. Errors of the joints' sensors and the range of friction are legged_gym's (Rudin et al. 2022),
 * payload, motor strength and joint offsets Walk These Ways' (Margolis & Agrawal 2022), the centre of mass less than MuJoCo
 * Playground's. The IMU is as data sheets have it: Bosch's BMI088 for biases (1 °/s, 20 mg) and ten times its noise (0.1 °/s rms at
 * 50 Hz), as legs shake it; VectorNav's VN-100 for the direction of gravity (1 ° rms at most).
 */
const LOCOMOTION: ConfigInput = {
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
const GAIT_SELECTION: ConfigInput = {
  numEnvs: 128,
  network: { actorHidden: [128, 64], criticHidden: [128, 64] },
  ppo: {
    ...{ horizon: 32, epochs: 4, discount: 0.975, entropyWeight: 0.005 },
    ...{ targetKl: 0.04, learningRate: 2e-3, maxLearningRate: 0.01 },
  },
  env: {
    ...LOCOMOTION.env,
    episodeS: 12,
    command: {
      ...LOCOMOTION.env?.command,
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

const TASK_DEFAULTS: Readonly<Record<(typeof TASK_NAMES)[number], ConfigInput>> = {
  trot: {},
  locomotion: LOCOMOTION,
  "gait-selection": GAIT_SELECTION,
};

/** The fields of a config over the defaults of its task; as given where there is no such task. */
export function withTaskDefaults(input: unknown): unknown {
  const task = isFields(input) ? (input.task ?? "trot") : "trot";
  const defaults = Object.entries(TASK_DEFAULTS).find(([name]) => name === task)?.[1];
  return defaults ? overlay(defaults, input) : input;
}

function overlay(base: unknown, over: unknown): unknown {
  if (!isFields(base) || !isFields(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(base[key], over[key])]));
}

function isFields(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}
