/** Begins a training with the weights of a policy that was trained before; all else is of the new config. */

import { InputError } from "../../sim/errors.js";
import type { ObservationSpec } from "../../sim/task/observation-layout.js";
import type { NetworkFields, PolicyBundle } from "../bundle/bundle.js";
import { fromBase64 } from "../bundle/layers.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import type { MlpLayout } from "../networks/mlp.js";
import { Normalizer } from "../networks/normalizer.js";
import { actorCriticLayout, initialParams } from "../ppo/actor-critic.js";
import type { Checkpoint, TrainedRobot } from "./checkpoint.js";
import { createBundle } from "./create-bundle.js";

/**
 * Weight of the normaliser's past, in samples, where slices of the observation are new: their statistics settle within some ten
 * iterations, those of the slices that were known hardly move meanwhile.
 */
const COUNT_WITH_NEW_SLICES = 100_000;

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs], then biases. */
  readonly parameters: Float32Array;
}

/** What a policy has learned, by its parts. */
interface Learned {
  /** Of the observation, those of the critic last; a bundle has none of them. */
  readonly slices: readonly Readonly<Record<string, string | number>>[];
  /** Count in samples; unknown of a bundle. */
  readonly normalizer: { readonly count?: number; readonly mean: number[]; readonly variance: number[] };
  readonly actor: readonly Layer[];
  /** Null where it comes without. */
  readonly critic: readonly Layer[] | null;
  readonly estimator: readonly Layer[];
  readonly logStd: Float32Array | null;
}

/** A training before its first iteration, and what of the policy did not fit, one line each. */
export interface WarmStart {
  readonly checkpoint: Checkpoint;
  readonly misfits: readonly string[];
}

/**
 * Takes weights, normaliser and log standard deviations over, layer by layer. The actor is the one that is handed out, an average
 * over iterations. Slices of the observation are known by their names: new ones have weights of 0 at first.
 *
 * @param source a bundle has neither critic nor log standard deviations, which start new then
 * @param name of the source, for errors
 * @throws InputError where none of its layers fits
 */
export function warmStart(
  config: TrainConfig,
  robot: TrainedRobot,
  source: Checkpoint | PolicyBundle,
  name: string,
): WarmStart {
  const { spec } = taskOf(config).observation;
  const layout = actorCriticLayout(config, spec);
  const learned = learnedBy(source, config, name);
  const params = initialParams(config, layout);
  const misfits = sliceMisfits(learned.slices, spec);
  const rows = rowsBySlice(learned.slices, spec);
  const { actor, critic, estimator } = layout;
  let taken = takeLayers(params, actor, "actor", learned.actor, rows, misfits);
  if (learned.critic) taken += takeLayers(params, critic, "critic", learned.critic, rows, misfits);
  taken += takeLayers(params, estimator, "estimator", learned.estimator, null, misfits);
  if (taken === 0) throw new InputError(`${name}: none of its layers fits: ${misfits.join("; ")}`);
  if (learned.logStd?.length === params.length - layout.logStd) params.set(learned.logStd, layout.logStd);
  const checkpoint: Checkpoint = {
    config,
    robot,
    observationHash: spec.hash,
    ...{ iteration: 0, steps: 0, trainingS: 0, learningRate: config.ppo.learningRate },
    ...{ terrainRows: [], rewardMeans: {}, curriculum: { commandShare: {}, gaitWeight: {} } },
    normalizer: takeNormalizer(learned, rows),
    params,
    averageActor: params.slice(0, actor.end),
    ...{ adamUpdates: 0, adamM: new Float32Array(layout.size), adamV: new Float32Array(layout.size) },
  };
  return { checkpoint, misfits };
}

/** What of a policy the config's task can go on from: of one that selects gaits, what selects or what walks. */
function learnedBy(source: Checkpoint | PolicyBundle, config: TrainConfig, name: string): Learned {
  const { actsOn } = taskOf(config);
  if ("params" in source) {
    if (taskOf(source.config).actsOn === actsOn) return learnedInCheckpoint(source);
    return learnedBy(createBundle(source), config, name);
  }
  if (actsOn === "gaits") {
    if (source.selector) return learnedInNetwork(source.selector, 1);
    throw new InputError(
      `${name}: got a policy that selects no gaits, expected one that does, for task ${config.task}`,
    );
  }
  const share = config.env.control.actionMode === "residual" ? config.network.residualShare : 1;
  return { ...learnedInNetwork(source, share), estimator: (source.estimator ?? []).map(decodeLayer) };
}

function learnedInCheckpoint({ config, params, averageActor, normalizer }: Checkpoint): Learned {
  const { spec } = taskOf(config).observation;
  const { actor, critic, estimator, logStd } = actorCriticLayout(config, spec);
  return {
    slices: spec.slices.map((slice) => ({ ...slice })),
    normalizer,
    actor: layersOf(actor, averageActor),
    critic: layersOf(critic, params),
    estimator: layersOf(estimator, params),
    logStd: params.subarray(logStd),
  };
}

/** @param share of the actor's output that is handed out: the actor itself is so much larger */
function learnedInNetwork({ observation, normalizer, layers }: NetworkFields, share: number): Learned {
  const actor = layers.map(decodeLayer);
  const output = actor[actor.length - 1];
  for (let i = 0; i < output.parameters.length; i++) output.parameters[i] /= share;
  return { slices: observation.slices, normalizer, actor, critic: null, estimator: [], logStd: null };
}

function layersOf({ layers }: MlpLayout, params: Float32Array): Layer[] {
  return layers.map(({ inputs, outputs, weights, biases }) => {
    return { inputs, outputs, parameters: params.subarray(weights, biases + outputs) };
  });
}

function decodeLayer({ inputs, outputs, parameters }: NetworkFields["layers"][number]): Layer {
  return { inputs, outputs, parameters: fromBase64(parameters) };
}

/** For each number of an observation its place in the one that the policy knows, -1 for new ones. [spec.size] */
function rowsBySlice(known: Learned["slices"], spec: ObservationSpec): Int32Array {
  const rows = new Int32Array(spec.size).fill(-1);
  for (const slice of spec.slices) {
    const same = known.find((each) => isSame(each, slice));
    if (!same) continue;
    for (let k = 0; k < slice.size; k++) rows[slice.offset + k] = Number(same.offset) + k;
  }
  return rows;
}

type SliceRecord = Learned["slices"][number];

/** Whether two slices hold the same numbers, wherever they stand. */
function isSame(a: SliceRecord, b: ObservationSpec["slices"][number]): boolean {
  return a.name === b.name && a.size === b.size && a.unit === b.unit && a.scale === b.scale && a.for === b.for;
}

/** Slices that only one of the observations has. Of critics, only those are told apart that come with one. */
function sliceMisfits(known: Learned["slices"], spec: ObservationSpec): string[] {
  const audiences = new Set(known.map((slice) => slice.for));
  const added = spec.slices.filter((slice) => audiences.has(slice.for) && !known.some((each) => isSame(each, slice)));
  const gone = known.filter((slice) => !spec.slices.some((each) => isSame(slice, each)));
  return [
    ...added.map(({ name }) => `observation.${name}: new to the policy, starts with weights of 0`),
    ...gone.map(({ name }) => `observation.${name}: no more in the observation, left out`),
  ];
}

/**
 * Writes the layers that fit into the parameters of a network; the others keep what they have.
 * @param rows for each input of the first layer its place in the policy's, -1 for new ones; null where both are the same
 * @returns how many fit
 */
function takeLayers(
  params: Float32Array,
  { layers }: MlpLayout,
  network: string,
  known: readonly Layer[],
  rows: Int32Array | null,
  misfits: string[],
): number {
  let taken = 0;
  layers.forEach(({ inputs, outputs, weights, biases }, i) => {
    const from = known[i];
    const row = i === 0 && rows ? rows.subarray(0, inputs) : Int32Array.from({ length: inputs }, (_, k) => k);
    const fitsInputs = i === 0 && rows ? row.some((k) => k >= 0) : from?.inputs === inputs;
    if (!from || from.outputs !== outputs || !fitsInputs) {
      const got = from ? `${from.inputs} x ${from.outputs}` : "none";
      misfits.push(`${network}.layers.${i}: got ${got}, expected ${inputs} x ${outputs}: starts new`);
      return;
    }
    row.forEach((k, input) => {
      const numbers = k < 0 ? new Float32Array(outputs) : from.parameters.subarray(k * outputs, (k + 1) * outputs);
      params.set(numbers, weights + input * outputs);
    });
    params.set(from.parameters.subarray(from.inputs * outputs), biases);
    taken++;
  });
  known.slice(layers.length).forEach(({ inputs, outputs }, i) => {
    misfits.push(`${network}.layers.${layers.length + i}: got ${inputs} x ${outputs}, expected none: left out`);
  });
  return taken;
}

function takeNormalizer({ normalizer }: Learned, rows: Int32Array): Checkpoint["normalizer"] {
  const { count, mean, variance } = new Normalizer(rows.length).save();
  rows.forEach((from, k) => {
    if (from < 0) return;
    mean[k] = normalizer.mean[from];
    variance[k] = normalizer.variance[from];
  });
  if (rows.every((from) => from < 0)) return { count, mean, variance };
  const hasNew = rows.includes(-1);
  return { count: hasNew ? COUNT_WITH_NEW_SLICES : (normalizer.count ?? COUNT_WITH_NEW_SLICES), mean, variance };
}
