/** A policy bundle from its ONNX files. */

import { z } from "zod";
import { describeIssue, InputError } from "../../../sim/errors.js";
import { decodeBundle, normalizerSchema, type PolicyBundle } from "../../bundle/bundle.js";
import { expectCount } from "../../bundle/layers.js";
import { readNetwork, unfoldNormalizer } from "./graph.js";
import { decodeModel, type OnnxModel } from "./protobuf.js";
import { BUNDLE_ID_KEY, BUNDLE_KEY, ESTIMATOR_FILE, SELECTOR_FILE } from "./write.js";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The weights come from the graphs, the rest from their metadata.
 * @param find the file of a name beside the policy's; null where there is none
 * @throws InputError naming the file where it is none of Gaitway's, damaged, missing, or of another bundle than the policy
 */
export function importOnnx(policy: NamedBytes, find: (name: string) => NamedBytes | null): PolicyBundle {
  const model = decodeModel(policy.bytes, policy.name);
  const { hasEstimator, hasSelector, ...rest } = readRest(policySchema, model, policy.name);
  const beside = (what: string, name: string) => {
    const file = find(name);
    if (!file) throw new InputError(`${policy.name}: its ${what} is missing; expected ${name} beside it`);
    return readPart(file, model.metadata.get(BUNDLE_ID_KEY));
  };
  const bundle = {
    ...rest,
    layers: readPolicyLayers(model, policy.name, rest.normalizer),
    estimator: hasEstimator ? readNetwork(...beside("state estimator", ESTIMATOR_FILE)).layers : null,
    selector: hasSelector ? readSelector(...beside("gait selection policy", SELECTOR_FILE)) : null,
  };
  // As strict as with any bundle: sizes, settings, the layout of observations.
  return decodeBundle(JSON.stringify(bundle), policy.name);
}

/** What is needed before `decodeBundle` checks the whole. */
const restSchema = z.looseObject({ normalizer: normalizerSchema });
const policySchema = restSchema.extend({ hasEstimator: z.boolean(), hasSelector: z.boolean() });

function readRest<Schema extends z.ZodType>(
  schema: Schema,
  { metadata }: OnnxModel,
  fileName: string,
): z.output<Schema> {
  const text = metadata.get(BUNDLE_KEY);
  if (text === undefined)
    throw new InputError(`${fileName}: metadata ${BUNDLE_KEY}: got nothing, expected what \`gaitway export\` writes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${fileName}: metadata ${BUNDLE_KEY}: not JSON`);
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], json)}`);
  return result.data;
}

/** The layers of a network that has its normaliser in the graph. */
function readPolicyLayers(
  model: OnnxModel,
  fileName: string,
  normalizer: PolicyBundle["normalizer"],
): PolicyBundle["layers"] {
  expectCount(fileName, "normalizer.mean", normalizer.mean.length, model.input.width);
  expectCount(fileName, "normalizer.variance", normalizer.variance.length, model.input.width);
  return unfoldNormalizer(readNetwork(model, fileName).layers, normalizer);
}

/** Not yet checked. */
function readSelector(model: OnnxModel, fileName: string): unknown {
  const rest = readRest(restSchema, model, fileName);
  return { ...rest, layers: readPolicyLayers(model, fileName, rest.normalizer) };
}

/** A network beside the policy. @param id the policy's mark of the bundle */
function readPart({ name, bytes }: NamedBytes, id: string | undefined): [model: OnnxModel, fileName: string] {
  const model = decodeModel(bytes, name);
  const got = model.metadata.get(BUNDLE_ID_KEY) ?? "nothing";
  if (got !== id)
    throw new InputError(
      `${name}: metadata ${BUNDLE_ID_KEY}: got ${got}, expected the policy's, ${id}: of another policy`,
    );
  return [model, name];
}
