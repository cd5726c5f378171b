/** A policy bundle from its ONNX files. */

import { z } from "zod";
import { InputError } from "../../sim/errors.js";
import { decodeBundle, expectCount, normalizerSchema, type PolicyBundle } from "../bundle.js";
import { describeIssue } from "../config.js";
import { BUNDLE_ID_KEY, BUNDLE_KEY, ESTIMATOR_FILE } from "./onnx.js";
import { readNetwork, unfoldNormalizer } from "./onnx-network.js";
import { decodeModel, type OnnxModel } from "./onnx-protobuf.js";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The weights come from the graphs, the rest from the policy's metadata.
 * @param estimator the file beside it; null where there is none
 * @throws InputError naming the file where it is none of Gaitway's, damaged, or the two are not of the same bundle
 */
export function importOnnx(policy: NamedBytes, estimator: NamedBytes | null): PolicyBundle {
  const model = decodeModel(policy.bytes, policy.name);
  const { hasEstimator, ...rest } = readRest(model, policy.name);
  if (hasEstimator && !estimator)
    throw new InputError(`${policy.name}: its state estimator is missing; expected ${ESTIMATOR_FILE} beside it`);
  const { layers } = readNetwork(model, policy.name);
  const bundle = {
    ...rest,
    layers: unfoldNormalizer(layers, rest.normalizer),
    estimator: hasEstimator && estimator ? readEstimator(estimator, model.metadata.get(BUNDLE_ID_KEY)) : null,
  };
  // As strict as with any bundle: sizes, settings, the layout of observations.
  return decodeBundle(JSON.stringify(bundle), policy.name);
}

/** What is needed before `decodeBundle` checks the whole. */
const restSchema = z.looseObject({ hasEstimator: z.boolean(), normalizer: normalizerSchema });

function readRest({ metadata, input }: OnnxModel, fileName: string): z.output<typeof restSchema> {
  const text = metadata.get(BUNDLE_KEY);
  if (text === undefined)
    throw new InputError(`${fileName}: metadata ${BUNDLE_KEY}: got nothing, expected what \`gaitway export\` writes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${fileName}: metadata ${BUNDLE_KEY}: not JSON`);
  }
  const result = restSchema.safeParse(json);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], json)}`);
  const { mean, variance } = result.data.normalizer;
  expectCount(fileName, "normalizer.mean", mean.length, input.width);
  expectCount(fileName, "normalizer.variance", variance.length, input.width);
  return result.data;
}

function readEstimator({ name, bytes }: NamedBytes, id: string | undefined): PolicyBundle["estimator"] {
  const model = decodeModel(bytes, name);
  const got = model.metadata.get(BUNDLE_ID_KEY) ?? "nothing";
  if (got !== id)
    throw new InputError(
      `${name}: metadata ${BUNDLE_ID_KEY}: got ${got}, expected the policy's, ${id}: of another policy`,
    );
  return readNetwork(model, name).layers;
}
