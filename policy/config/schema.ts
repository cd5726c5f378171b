import { z } from "zod";
import { createEnvConfigSchema } from "../../sim/env-config.js";
import type { RewardTerms } from "../../sim/task/reward-term.js";

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

export const BACKENDS = ["auto", "webgpu", "gpu", "node", "wasm", "cpu"] as const;

/** @param rewards the terms that the config's task has weights of */
export function createTrainConfigSchema(rewards: RewardTerms) {
  return z.strictObject({
    task: z
      .string()
      .min(1)
      .default("trot")
      .describe(
        "what to learn: trot, locomotion, gait-selection, or the path of a task of your own; sets the defaults of what follows",
      ),
    robot: z.string().min(1).default("a1").describe("a1, or the path of a URDF"),
    locomotion: z
      .string()
      .min(1)
      // What configs called it before the policies that come along had names.
      .overwrite((name) => (name === "pretrained" ? "locomotion" : name))
      .default("locomotion")
      .describe("of gait-selection: the policy that walks meanwhile; a path, a run's name or a shipped policy's"),
    seed: z.int().min(0).max(0xffffffff).default(1),
    numEnvs: z.int().min(1).max(65536).default(256).describe("robots in all threads together, a multiple of workers"),
    workers: z.int().min(1).max(256).default(2).describe("threads; the same seed and number give the same weights"),
    backend: z.enum(BACKENDS).default("auto").describe("of TensorFlow.js, for learning"),
    checkpointEvery: z.int().min(1).default(20).describe("iterations; every environment starts anew there"),
    keepCheckpoints: z
      .int()
      .min(2)
      .max(100_000)
      .default(5)
      .describe("newest checkpoints that are kept, besides the best"),
    env: createEnvConfigSchema(rewards).prefault({}).describe("the simulated world"),
    network: networkSchema.prefault({}),
    ppo: ppoSchema.prefault({}).describe("learning"),
    selection: selectionSchema.prefault({}).describe("of gait-selection"),
  });
}

export type TrainConfig = z.output<ReturnType<typeof createTrainConfigSchema>>;
export type TrainConfigInput = z.input<ReturnType<typeof createTrainConfigSchema>>;

export type PpoConfig = TrainConfig["ppo"];

export type NetworkConfig = TrainConfig["network"];
