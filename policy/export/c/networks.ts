/** As in policy/runtime/inference.ts: normaliser, networks, and their numbers. */

import type { NetworkFields, PolicyBundle } from "../../bundle/bundle.js";
import { fromBase64 } from "../../bundle/layers.js";
import { Normalizer } from "../../networks/normalizer.js";
import { define, doubleArray, floatArray } from "./numbers.js";

type Layers = PolicyBundle["layers"];

/**
 * `run_policy`, and `run_estimator` and `run_selector` where the bundle has one. They stand behind their weights, at the end of the
 * source.
 */
export function networkPrototypes(estimator: Layers | null, { selector }: PolicyBundle): string {
  const names = [...(estimator ? ["estimator"] : []), ...(selector ? ["selector"] : []), "policy"];
  return names.map((name) => `static void run_${name}(float *output, const float *input);\n`).join("");
}

/** @param estimator null where none is used */
export function networks(bundle: PolicyBundle, estimator: Layers | null): string {
  const { selector } = bundle;
  return [
    "\n/* ---- Networks: ELU between layers. Weights row by row, [inputs, outputs] ---- */\n\n",
    numbersOf("POLICY", bundle),
    estimator ? weights("ESTIMATOR", estimator) : "",
    selector ? numbersOf("SELECTOR", selector) : "",
    dense([bundle.layers, estimator ?? [], selector?.layers ?? []].flat()),
    estimator ? runEstimator(estimator) : "",
    selector ? runNormalized("selector", selector.layers) : "",
    runNormalized("policy", bundle.layers),
  ].join("");
}

/** Of a network with a normaliser. */
function numbersOf(network: string, { layers, normalizer, observation }: NetworkFields): string {
  const state = new Normalizer(observation.actorSize);
  state.load({ count: 1, ...normalizer });
  return (
    doubleArray(`${network}_INPUT_MEAN`, state.mean) +
    doubleArray(`${network}_INPUT_INVERSE_STD`, state.inverseStd) +
    weights(network, layers)
  );
}

function weights(network: string, layers: Layers): string {
  return layers
    .map(({ inputs, outputs, parameters }, l) => {
      const values = fromBase64(parameters);
      const biases = inputs * outputs;
      return (
        floatArray(`${network}_WEIGHTS_${l}`, values.subarray(0, biases)) +
        floatArray(`${network}_BIASES_${l}`, values.subarray(biases, biases + outputs))
      );
    })
    .join("");
}

/** Sums in double precision, as in policy/runtime/inference.ts. */
function dense(layers: Layers): string {
  return `
${define("MAX_LAYER_OUTPUTS", String(Math.max(...layers.map(({ outputs }) => outputs))))}
static void dense(float *out, const float *x, const float *weights, const float *biases, int inputs, int outputs) {
  double sums[MAX_LAYER_OUTPUTS];
  for (int j = 0; j < outputs; j++) sums[j] = biases[j];
  for (int i = 0; i < inputs; i++) {
    const double v = x[i];
    const float *row = &weights[i * outputs];
    for (int j = 0; j < outputs; j++) sums[j] += v * row[j];
  }
  for (int j = 0; j < outputs; j++) out[j] = (float)sums[j];
}

static void elu(float *values, int size) {
  for (int i = 0; i < size; i++) {
    if (values[i] < 0.0f) values[i] = (float)expm1((double)values[i]);
  }
}
`;
}

function runEstimator(layers: Layers): string {
  return `
static void run_estimator(float *output, const float *input) {
${forward("ESTIMATOR", layers, "input", "output")}}
`;
}

function runNormalized(network: "policy" | "selector", layers: Layers): string {
  const { inputs } = layers[0];
  const name = network.toUpperCase();
  return `
static void run_${network}(float *output, const float *input) {
  float x[${inputs}];
  for (int k = 0; k < ${inputs}; k++) {
    const double z = ((double)input[k] - ${name}_INPUT_MEAN[k]) * ${name}_INPUT_INVERSE_STD[k];
    x[k] = (float)clamp(z, -INPUT_CLIP, INPUT_CLIP);
  }
${forward(name, layers, "x", "output")}}
`;
}

/** Statements of a forward pass. */
function forward(network: string, layers: Layers, input: string, output: string): string {
  let x = input;
  return layers
    .map(({ inputs, outputs }, l) => {
      const isLast = l === layers.length - 1;
      const y = isLast ? output : `hidden_${l}`;
      const call = `  dense(${y}, ${x}, ${network}_WEIGHTS_${l}, ${network}_BIASES_${l}, ${inputs}, ${outputs});\n`;
      x = y;
      return isLast ? call : `  float ${y}[${outputs}];\n${call}  elu(${y}, ${outputs});\n`;
    })
    .join("");
}
