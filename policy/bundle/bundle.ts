/** A trained policy with all that a controller needs to run it, in one JSON document. */

import { z } from "zod";
import { addGaits, GAITS, NUM_LIBRARY_GAITS, SELECTABLE_GAITS } from "../../gaits/library.js";
import type { GaitParameters, OwnGait } from "../../gaits/types.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import { type EnvConfig, pastEnvConfigSchema } from "../../sim/env-config.js";
import { describeIssue, InputError } from "../../sim/errors.js";
import { SELECTION_SPEC } from "../../sim/task/gait-selection.js";
import { observationOf } from "../../sim/task/observation.js";
import { isLaidOut, layoutProblem, type ObservationSpec } from "../../sim/task/observation-layout.js";
import { checkLayers, expectCount, layerSchema } from "./layers.js";

export const FORMAT = "gaitway-policy";
export const VERSION = 1;

export const robotSchema = z.strictObject({ name: z.string(), urdf: z.string(), tuning: z.unknown() });

/** Subtracted from, and divided into, a network's input. */
export const normalizerSchema = z.strictObject({
  mean: z.array(z.number()),
  variance: z.array(z.number().nonnegative()),
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

/** What of a gait's row matters to who walks in it. */
const gaitSchema = z.object({
  id: z.string(),
  periodS: z.number(),
  dutyFactor: z.number(),
  phaseOffset: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  speedsMPerS: z.tuple([z.number(), z.number()]).readonly().optional(),
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
  /** Those that it knows; further ones are the task's own. */
  gaits: z.array(gaitSchema),
  ...trainingFields,
  /** Null where gaits are commanded. */
  selector: selectorSchema.nullable().default(null),
});

export type PolicyBundle = Omit<z.output<typeof bundleSchema>, "env"> & { readonly env: EnvConfig };

/** What an observation passes through. */
export type NetworkFields = Pick<PolicyBundle, keyof typeof networkFields>;

export type GaitSelectorBundle = z.output<typeof selectorSchema>;

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
  takeGaits(bundle.gaits, fileName);
  const env = pastEnvConfigSchema.safeParse(bundle.env);
  if (!env.success) throw new InputError(`${fileName}: in env: ${describeIssue(env.error.issues[0], bundle.env)}`);
  checkSizes(bundle, fileName);
  return { ...bundle, env: env.data };
}

/**
 * Makes a file's own gaits known to this process.
 * @throws InputError where one that came along is not the one of now
 */
function takeGaits(gaits: readonly z.output<typeof gaitSchema>[], fileName: string): void {
  for (const gait of gaits) {
    const known = GAITS.slice(0, NUM_LIBRARY_GAITS).find(({ id }) => id === gait.id);
    if (!known) addOwnGait({ ...gait, speedsMPerS: gait.speedsMPerS ?? [0, 0] }, fileName);
    else if (timingOf(known) !== timingOf(gait)) {
      throw new InputError(
        `${fileName}: gaits.${gait.id}: got ${timingOf(gait)}, expected ${timingOf(known)}: train again`,
      );
    }
  }
}

function addOwnGait(gait: OwnGait, fileName: string): void {
  try {
    addGaits([gait]);
  } catch (error) {
    throw new InputError(`${fileName}: ${(error as Error).message}`, { cause: error });
  }
}

function timingOf({ periodS, dutyFactor, phaseOffset }: z.output<typeof gaitSchema> | GaitParameters): string {
  return JSON.stringify({ periodS, dutyFactor, phaseOffset });
}

/** Layers must fit each other, their parameters, the observation and the robot's joints. */
function checkSizes(bundle: Omit<PolicyBundle, "env">, fileName: string): void {
  const { estimator, selector } = bundle;
  checkNetwork(fileName, "", bundle, observationOf(bundle.observation.slices, fileName).spec, NUM_JOINTS);
  if (selector) {
    const { slices } = selector.observation;
    if (!isLaidOut(slices, SELECTION_SPEC)) {
      throw new InputError(layoutProblem(slices, SELECTION_SPEC, `${fileName}: selector`));
    }
    checkNetwork(fileName, "selector.", selector, SELECTION_SPEC, SELECTABLE_GAITS.length);
  }
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
