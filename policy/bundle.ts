/** A trained policy with all that a controller needs to run it, in one JSON document. */

import { z } from "zod";
import { GAITS, SELECTABLE_GAITS } from "../gaits/library.js";
import { NUM_JOINTS } from "../gaits/types.js";
import { type EnvConfig, envConfigSchema } from "../sim/env-config.js";
import { InputError } from "../sim/errors.js";
import { SELECTION_SPEC } from "../sim/gait-selection.js";
import { OBSERVATION_SPEC, type ObservationSpec } from "../sim/observation.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../sim/state-estimate.js";
import { actorCriticLayout } from "./actor-critic.js";
import { type Checkpoint, checkObservationHash } from "./checkpoint.js";
import { describeIssue } from "./config.js";
import type { MlpLayout } from "./mlp.js";

const FORMAT = "gaitway-policy";
const VERSION = 1;

export const robotSchema = z.strictObject({ name: z.string(), urdf: z.string(), tuning: z.unknown() });

/** Subtracted from, and divided into, a network's input. */
export const normalizerSchema = z.strictObject({
  mean: z.array(z.number()),
  variance: z.array(z.number().nonnegative()),
});

export const layerSchema = z.strictObject({
  inputs: z.int().positive(),
  outputs: z.int().positive(),
  /** Little-endian float32, base64: weights row-major [inputs, outputs], then biases. */
  parameters: z.base64(),
});

/** A policy's network, and the observation that it takes. */
const networkFields = {
  observation: z.strictObject({
    hash: z.string(),
    actorSize: z.int().positive(),
    slices: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  }),
  /** Of the actor's observation. */
  normalizer: normalizerSchema,
  activation: z.literal("elu"),
  layers: z.array(layerSchema).min(1),
};

/** What it took to train a policy. */
const trainingFields = {
  task: z.string(),
  seed: z.number(),
  iteration: z.int().nonnegative(),
  steps: z.number().nonnegative(),
  trainingS: z.number().nonnegative(),
};

/** A policy on top of the bundle's own, which selects its gaits: the largest of its outputs, one for each of `gaits`. */
const selectorSchema = z.strictObject({
  ...networkFields,
  gaits: z.array(z.string()),
  /** Policy steps from one choice to the next. */
  decisionSteps: z.int().positive(),
  ...trainingFields,
});

const bundleSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  robot: robotSchema,
  ...networkFields,
  /** The learned state estimator, whose inputs are not normalised; null where velocity and height come from odometry. */
  estimator: z.array(layerSchema).min(1).nullable(),
  /** The environment that it was trained in: control, physics and commands among it. */
  env: z.unknown(),
  gaits: z.array(z.unknown()),
  ...trainingFields,
  /** Null where gaits are commanded. */
  selector: selectorSchema.nullable().default(null),
});

export type PolicyBundle = Omit<z.output<typeof bundleSchema>, "env"> & { readonly env: EnvConfig };

/** What an observation passes through. */
export type NetworkFields = Pick<PolicyBundle, keyof typeof networkFields>;

export type GaitSelectorBundle = z.output<typeof selectorSchema>;

/** Takes the policy out of a checkpoint: one that selects gaits together with the one that it was trained on top of. */
export function createBundle(checkpoint: Checkpoint): PolicyBundle {
  const { config, robot, averageActor, params } = checkpoint;
  if (robot.locomotion !== undefined) {
    return { ...decodeBundle(robot.locomotion, "locomotion"), selector: createSelector(checkpoint) };
  }
  const { actor, estimator } = actorCriticLayout(config, OBSERVATION_SPEC);
  const share = config.env.control.actionMode === "residual" ? config.network.residualShare : 1;
  return {
    format: FORMAT,
    version: VERSION,
    robot,
    ...observationFields(checkpoint, OBSERVATION_SPEC),
    layers: encodeLayers(actor, averageActor, share),
    estimator: estimator.layers.length > 0 ? encodeLayers(estimator, params, 1) : null,
    env: config.env,
    gaits: GAITS.map((gait) => ({ ...gait })),
    ...training(checkpoint),
    selector: null,
  };
}

function createSelector(checkpoint: Checkpoint): GaitSelectorBundle {
  const { config, averageActor } = checkpoint;
  return {
    ...observationFields(checkpoint, SELECTION_SPEC),
    layers: encodeLayers(actorCriticLayout(config, SELECTION_SPEC).actor, averageActor, 1),
    gaits: SELECTABLE_GAITS.map((gait) => GAITS[gait].id),
    decisionSteps: config.selection.decisionSteps,
    ...training(checkpoint),
  };
}

function observationFields({ normalizer }: Checkpoint, { actorSize, hash, slices }: ObservationSpec) {
  return {
    observation: {
      hash,
      actorSize,
      slices: slices.filter((slice) => slice.for === "actor").map((slice) => ({ ...slice })),
    },
    normalizer: {
      mean: normalizer.mean.slice(0, actorSize),
      variance: normalizer.variance.slice(0, actorSize),
    },
    activation: "elu" as const,
  };
}

function training({ config: { task, seed }, iteration, steps, trainingS }: Checkpoint) {
  return { task, seed, iteration, steps, trainingS };
}

/** @param outputShare what the last layer's parameters are multiplied by */
export function encodeLayers({ layers }: MlpLayout, params: Float32Array, outputShare: number) {
  return layers.map(({ inputs, outputs, weights, biases }, i) => {
    const share = i === layers.length - 1 ? outputShare : 1;
    const parameters = params.slice(weights, biases + outputs).map((value) => share * value);
    return { inputs, outputs, parameters: toBase64(parameters) };
  });
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
  checkObservationHash(bundle.observation.hash, fileName, OBSERVATION_SPEC);
  if (bundle.selector) checkObservationHash(bundle.selector.observation.hash, fileName, SELECTION_SPEC);
  const env = envConfigSchema.safeParse(bundle.env);
  if (!env.success) throw new InputError(`${fileName}: in env: ${describeIssue(env.error.issues[0], bundle.env)}`);
  checkSizes(bundle, fileName);
  return { ...bundle, env: env.data };
}

/** Layers must fit each other, their parameters, the observation and the robot's joints. */
function checkSizes(bundle: Omit<PolicyBundle, "env">, fileName: string): void {
  const { estimator, selector } = bundle;
  checkNetwork(fileName, "", bundle, OBSERVATION_SPEC, NUM_JOINTS);
  if (selector) checkNetwork(fileName, "selector.", selector, SELECTION_SPEC, SELECTABLE_GAITS.length);
  if (estimator) checkLayers(fileName, "estimator", estimator, ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS);
}

function checkNetwork(
  fileName: string,
  path: string,
  { observation, normalizer, layers }: NetworkFields,
  { actorSize }: ObservationSpec,
  outputs: number,
): void {
  expectCount(fileName, `${path}observation.actorSize`, observation.actorSize, actorSize);
  expectCount(fileName, `${path}normalizer.mean`, normalizer.mean.length, actorSize);
  expectCount(fileName, `${path}normalizer.variance`, normalizer.variance.length, actorSize);
  checkLayers(fileName, `${path}layers`, layers, actorSize, outputs);
}

/** @throws InputError where layers do not fit each other, their parameters, or the network's width at either end */
export function checkLayers(
  fileName: string,
  field: string,
  layers: PolicyBundle["layers"],
  networkInputs: number,
  networkOutputs: number,
): void {
  let width = networkInputs;
  layers.forEach(({ inputs, outputs, parameters }, i) => {
    expectCount(fileName, `${field}.${i}.inputs`, inputs, width);
    expectCount(fileName, `${field}.${i}.parameters`, fromBase64(parameters).length, (inputs + 1) * outputs);
    width = outputs;
  });
  expectCount(fileName, `${field}.${layers.length - 1}.outputs`, width, networkOutputs);
}

/** @throws InputError naming file and field */
export function expectCount(fileName: string, field: string, got: number, expected: number): void {
  if (got !== expected) throw new InputError(`${fileName}: ${field}: got ${got} numbers, expected ${expected}`);
}

/** A layer's `parameters` of their numbers. */
export function toBase64(values: Float32Array): string {
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
