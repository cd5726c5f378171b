/** The one config tree of a training run: parsed once at the boundary, unknown keys rejected, then read-only. */

import { z } from "zod";
import { envConfigSchema } from "../sim/env-config.js";
import { InputError } from "../sim/errors.js";
import { TASK_NAMES, withTaskDefaults } from "./tasks.js";

const widths = z.array(z.int().min(1).max(2048)).min(1);
const learningRate = z.number().positive().max(1);

const networkSchema = z.strictObject({
  actorHidden: widths.default([128, 128]).describe("hidden layer widths, ELU between them"),
  criticHidden: widths.default([96, 96]).describe("the same of the critic"),
  estimatorHidden: widths.default([96, 48]).describe("the same of the state estimator, where it is learned"),
  residualShare: z
    .number()
    .positive()
    .max(1)
    .default(0.7)
    .describe("share of the trained corrections to the gait memory that a policy hands out"),
  initialStd: z.number().positive().max(2).default(0.6).describe("exploration noise at the start, in actions"),
  minStd: z.number().positive().max(1).default(0.1).describe("exploration noise never falls below this"),
});

const ppoSchema = z.strictObject({
  horizon: z.int().min(1).max(1024).default(24).describe("policy steps per robot and iteration"),
  epochs: z.int().min(1).max(20).default(4).describe("passes over an iteration's samples"),
  minibatches: z.int().min(1).max(64).default(4).describe("per pass and thread"),
  discount: z.number().min(0).max(1).default(0.99).describe("per policy step"),
  gaeLambda: z.number().min(0).max(1).default(0.95).describe("of generalised advantage estimation"),
  clip: z.number().positive().max(1).default(0.2).describe("of the probability ratio"),
  entropyWeight: z.number().min(0).default(0.001),
  targetKl: z
    .number()
    .positive()
    .default(0.03)
    .describe("KL divergence an iteration is to make of the policy; the actor's learning rate follows"),
  learningRate: learningRate.default(5e-4).describe("of the actor, at the start"),
  minLearningRate: learningRate.default(5e-5),
  maxLearningRate: learningRate.default(3e-3),
  criticLearningRate: learningRate.default(1e-3).describe("of the critic and of a learned state estimator"),
  mirror: z.boolean().default(false).describe("learn from half of the robots as in a mirror, left for right"),
  maxGradientNorm: z.number().positive().default(1),
});

const selectionSchema = z.strictObject({
  decisionSteps: z.int().min(1).max(50).default(5).describe("policy steps from one choice of a gait to the next"),
  ruleIterations: z
    .int()
    .min(0)
    .default(150)
    .describe(
      "in which the policy is held to what the Froude rule would choose, less and less; 0: it begins from nothing",
    ),
});

export const trainConfigSchema = z.strictObject({
  task: z.enum(TASK_NAMES).default("trot").describe("what to learn; sets the defaults of what follows"),
  robot: z.string().min(1).default("a1").describe("a1, or the path of a URDF"),
  locomotion: z
    .string()
    .min(1)
    .default("pretrained")
    .describe("of gait-selection: the policy that walks meanwhile; pretrained, or a run, policy.json or checkpoint"),
  seed: z.int().min(0).max(0xffffffff).default(1),
  numEnvs: z.int().min(1).max(65536).default(256).describe("robots in all threads together, a multiple of workers"),
  workers: z.int().min(1).max(256).default(2).describe("threads; the same seed and number give the same weights"),
  backend: z
    .enum(["auto", "webgpu", "gpu", "node", "wasm", "cpu"])
    .default("auto")
    .describe("of TensorFlow.js, for learning"),
  checkpointEvery: z.int().min(1).default(20).describe("iterations; every environment starts anew there"),
  keepCheckpoints: z
    .int()
    .min(2)
    .max(100_000)
    .default(5)
    .describe("newest checkpoints that are kept, besides the best"),
  env: envConfigSchema.prefault({}).describe("the simulated world"),
  network: networkSchema.prefault({}),
  ppo: ppoSchema.prefault({}).describe("learning"),
  selection: selectionSchema.prefault({}).describe("of gait-selection"),
});

export type TrainConfig = z.output<typeof trainConfigSchema>;
export type PpoConfig = TrainConfig["ppo"];
export type NetworkConfig = TrainConfig["network"];

/**
 * Validates a config.
 * @param fileName where it came from, for errors
 * @throws InputError naming file, field, value and what was expected, for the first thing wrong
 */
export function parseTrainConfig(given: unknown, fileName: string): TrainConfig {
  const input = withTaskDefaults(given ?? {});
  const result = trainConfigSchema.safeParse(input);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], input)}`);
  checkTogether(result.data, fileName);
  return deepFreeze(result.data);
}

function deepFreeze<T>(node: T): T {
  if (typeof node === "object" && node !== null) Object.values(node).forEach(deepFreeze);
  return Object.freeze(node);
}

/** Conditions on several fields. */
function checkTogether(config: TrainConfig, fileName: string): void {
  const { task, numEnvs, workers, ppo, env } = config;
  if (numEnvs % workers !== 0) {
    throw new InputError(`${fileName}: numEnvs: got ${numEnvs}, expected a multiple of workers (${workers})`);
  }
  if (ppo.mirror && task === "gait-selection") {
    throw new InputError(`${fileName}: ppo.mirror: got true, expected false for gait-selection`);
  }
  const samples = (numEnvs / workers) * ppo.horizon;
  if (samples % ppo.minibatches !== 0) {
    throw new InputError(
      `${fileName}: ppo.minibatches: got ${ppo.minibatches}, expected a divisor of the ${samples} samples of a worker and iteration`,
    );
  }
  const late = Math.max(env.sensors.delayS[1], env.randomization.actionDelayS[1]);
  if (late > env.control.stepS) {
    throw new InputError(
      `${fileName}: a delay of ${late} s: expected at most env.control.stepS (${env.control.stepS})`,
    );
  }
  const ratio = env.control.stepS / env.physics.timestepS;
  if (Math.abs(ratio - Math.round(ratio)) > 1e-6 || ratio < 1) {
    throw new InputError(
      `${fileName}: env.control.stepS: got ${env.control.stepS}, expected a multiple of env.physics.timestepS (${env.physics.timestepS})`,
    );
  }
}

/** One line for one zod issue: field, value, expectation. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => (path ? `${path}.${key}` : key)).join(", ");
    return `unknown key ${keys}`;
  }
  const value = issue.path.reduce<unknown>(
    (node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  // JSON writes NaN as null.
  const got = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  const expected = issue.message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, "");
  return `${path || "config"}: got ${got}, ${expected.replace(/, received \w+$/, "")}`;
}
