/** A trained policy with all that a controller needs to run it, in one JSON document. */

import { z } from "zod";
import { GAITS } from "../gaits/library.js";
import { NUM_JOINTS } from "../gaits/types.js";
import { type EnvConfig, envConfigSchema } from "../sim/env-config.js";
import { InputError } from "../sim/errors.js";
import { OBSERVATION_SPEC } from "../sim/observation.js";
import { type Checkpoint, checkObservationHash } from "./checkpoint.js";
import { describeIssue } from "./config.js";
import { createMlpLayout } from "./mlp.js";

const FORMAT = "gaitway-policy";
const VERSION = 1;
/**
 * Share of the trained corrections to the gait memory that is handed out. Trained ones are stronger than serves the robot when
 * nothing is random about its actions: at 0.7 of them seven policies fell in 53 trials on rough ground instead of 130, and followed
 * commands on flat ground as closely.
 */
const RESIDUAL_SHARE = 0.7;

const layerSchema = z.strictObject({
  inputs: z.int().positive(),
  outputs: z.int().positive(),
  /** Little-endian float32, base64: weights row-major [inputs, outputs], then biases. */
  parameters: z.base64(),
});

const bundleSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  robot: z.strictObject({ name: z.string(), urdf: z.string(), tuning: z.unknown() }),
  observation: z.strictObject({
    hash: z.string(),
    actorSize: z.int().positive(),
    slices: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  }),
  /** Subtracted from, and divided into, the actor's observation. */
  normalizer: z.strictObject({ mean: z.array(z.number()), variance: z.array(z.number().nonnegative()) }),
  activation: z.literal("elu"),
  layers: z.array(layerSchema).min(1),
  /** The environment that it was trained in: control, physics and commands among it. */
  env: z.unknown(),
  gaits: z.array(z.unknown()),
  task: z.string(),
  seed: z.number(),
  iteration: z.int().nonnegative(),
  steps: z.number().nonnegative(),
  trainingS: z.number().nonnegative(),
});

export type PolicyBundle = Omit<z.output<typeof bundleSchema>, "env"> & { readonly env: EnvConfig };

/** Takes the policy out of a checkpoint. */
export function createBundle(checkpoint: Checkpoint): PolicyBundle {
  const { config, robot, normalizer, averageActor, iteration, steps, trainingS } = checkpoint;
  const { actorSize, hash, slices } = OBSERVATION_SPEC;
  const layout = createMlpLayout([actorSize, ...config.network.actorHidden, NUM_JOINTS], 0);
  return {
    format: FORMAT,
    version: VERSION,
    robot,
    observation: {
      hash,
      actorSize,
      slices: slices.filter((slice) => slice.for === "actor").map((slice) => ({ ...slice })),
    },
    normalizer: {
      mean: normalizer.mean.slice(0, actorSize),
      variance: normalizer.variance.slice(0, actorSize),
    },
    activation: "elu",
    layers: layout.layers.map(({ inputs, outputs, weights, biases }, i) => {
      const parameters = averageActor.slice(weights, biases + outputs);
      const isLast = i === layout.layers.length - 1;
      const share = isLast && config.env.control.actionMode === "residual" ? RESIDUAL_SHARE : 1;
      return { inputs, outputs, parameters: toBase64(parameters.map((value) => share * value)) };
    }),
    env: config.env,
    gaits: GAITS.map((gait) => ({ ...gait })),
    task: config.task,
    seed: config.seed,
    iteration,
    steps,
    trainingS,
  };
}

export function encodeBundle(bundle: PolicyBundle): string {
  return `${JSON.stringify(bundle, null, 1)}\n`;
}

/** @throws InputError naming the file and what is wrong with it */
export function decodeBundle(text: string, fileName: string): PolicyBundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${fileName}: not JSON: ${(error as Error).message}`);
  }
  const result = bundleSchema.safeParse(json);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], json)}`);
  const bundle = result.data;
  checkObservationHash(bundle.observation.hash, fileName);
  const env = envConfigSchema.safeParse(bundle.env);
  if (!env.success) throw new InputError(`${fileName}: in env: ${describeIssue(env.error.issues[0], bundle.env)}`);
  checkSizes(bundle, fileName);
  return { ...bundle, env: env.data };
}

/** Layers must fit each other, their parameters, the observation and the robot's joints. */
function checkSizes(bundle: Omit<PolicyBundle, "env">, fileName: string): void {
  const expect = (field: string, got: number, expected: number) => {
    if (got !== expected) throw new InputError(`${fileName}: ${field}: got ${got} numbers, expected ${expected}`);
  };
  const { observation, normalizer, layers } = bundle;
  let width = OBSERVATION_SPEC.actorSize;
  expect("observation.actorSize", observation.actorSize, width);
  expect("normalizer.mean", normalizer.mean.length, width);
  expect("normalizer.variance", normalizer.variance.length, width);
  layers.forEach(({ inputs, outputs, parameters }, i) => {
    expect(`layers.${i}.inputs`, inputs, width);
    expect(`layers.${i}.parameters`, fromBase64(parameters).length, (inputs + 1) * outputs);
    width = outputs;
  });
  expect(`layers.${layers.length - 1}.outputs`, width, NUM_JOINTS);
}

function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Numbers of a layer's `parameters`. */
export function fromBase64(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
