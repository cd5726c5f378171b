/** Whether an exported network says what its original says. */

import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../../sim/control/state-estimate.js";
import { Rng } from "../../../sim/rng.js";
import type { NetworkFields, PolicyBundle } from "../../bundle/bundle.js";
import { createEstimator, PolicyNetwork } from "../../runtime/inference.js";
import type { NetworkRunner } from "./evaluator.js";

/** Difference that float32 arithmetic in another order may make of outputs up to 1; of larger ones, this share of the largest. */
export const TOLERANCE = 1e-5;
/** Random inputs' standard deviation, in those of training. */
const SPREAD = 2;
/** Some are far out, where a normaliser cuts off: others are not made for that. */
const FAR_SPREAD = 20;
const FAR_SHARE = 0.1;

/** A network in an exported file, and its original. */
export interface ExportedNetwork {
  /** Path within the export. */
  readonly file: string;
  readonly original: (input: Float32Array) => Float32Array;
  /** What its inputs are like. [inputs] each */
  readonly mean: ArrayLike<number>;
  readonly std: ArrayLike<number>;
  readonly hasNormalizer: boolean;
}

/** Of a bundle, or of its gait selection policy. */
export function policyNetwork(file: string, policy: NetworkFields): ExportedNetwork {
  const network = new PolicyNetwork(policy);
  const original = (input: Float32Array) => {
    const outputs = new Float32Array(network.outputs);
    network.act(outputs, 0, input, 0);
    return outputs;
  };
  return { file, original, ...typicalInputs(policy.normalizer) };
}

/** Of a bundle with an estimator. */
export function estimatorNetwork(file: string, bundle: PolicyBundle): ExportedNetwork {
  const estimator = createEstimator(bundle)!;
  const original = (input: Float32Array) => {
    const estimate = new Float32Array(ESTIMATOR_OUTPUTS);
    estimator(estimate, input);
    return estimate;
  };
  // Its inputs are scaled to about 1.
  const same = (value: number) => new Float32Array(ESTIMATOR_INPUTS).fill(value);
  return { file, original, mean: same(0), std: same(1 / SPREAD), hasNormalizer: false };
}

/** Inputs as a network with a normaliser has seen them in training. */
export function typicalInputs({
  mean,
  variance,
}: PolicyBundle["normalizer"]): Omit<ExportedNetwork, "file" | "original"> {
  return { mean, std: variance.map(Math.sqrt), hasNormalizer: true };
}

/** Random input rows as a network may meet them. */
export function* randomInputs(
  { mean, std, hasNormalizer }: ExportedNetwork,
  rows: number,
  seed: number,
): Generator<Float32Array> {
  const rng = new Rng(seed);
  for (let row = 0; row < rows; row++) {
    const spread = hasNormalizer && rng.next() < FAR_SHARE ? FAR_SPREAD : SPREAD;
    yield Float32Array.from(mean, (m, i) => m + spread * std[i] * rng.normal());
  }
}

/**
 * Largest difference between a network's outputs and the original's, for some inputs: |difference| / max(1, largest |output| of
 * the original). An output near 0 is a sum of parts as large as the others', and rounded as those are. NaN where there are none,
 * or other numbers of them.
 */
export async function largestDifference(
  { original }: ExportedNetwork,
  run: NetworkRunner,
  inputs: Iterable<Float32Array>,
): Promise<number> {
  let largest = 0;
  for (const input of inputs) {
    const expected = original(input);
    const got = await run(input);
    if (got.length !== expected.length) return Number.NaN;
    const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expected.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(got[i] - value) / size);
    });
  }
  return largest;
}
