/** `weights.h`: the networks' layers, and what normalises their inputs. */

import type { NetworkFields, PolicyBundle } from "../../bundle/bundle.js";
import { fromBase64 } from "../../bundle/layers.js";
import { Normalizer } from "../../networks/normalizer.js";
import { define, doubleArray, floatArray } from "./numbers.js";

type Layers = PolicyBundle["layers"];

export function weights(bundle: PolicyBundle): string {
  const { selector } = bundle;
  const estimator = bundle.env.control.estimator === "learned" ? bundle.estimator! : [];
  const layers = [...bundle.layers, ...estimator, ...(selector?.layers ?? [])];
  return [
    "/* ---- Weights ---- */\n\n",
    define("MAX_LAYER_OUTPUTS", String(Math.max(...layers.map(({ outputs }) => outputs)))),
    normalizedNetwork("POLICY", bundle),
    estimator.length > 0 ? network("ESTIMATOR", estimator) : "",
    selector ? normalizedNetwork("SELECTOR", selector) : "",
  ].join("");
}

function normalizedNetwork(name: string, { layers, normalizer, observation }: NetworkFields): string {
  const state = new Normalizer(observation.actorSize);
  state.load({ count: 1, ...normalizer });
  return (
    doubleArray(`${name}_INPUT_MEAN`, state.mean) +
    doubleArray(`${name}_INPUT_INVERSE_STD`, state.inverseStd) +
    network(name, layers)
  );
}

function network(name: string, layers: Layers): string {
  const rows = layers.map(({ inputs, outputs }, l) => {
    return `    {${name}_WEIGHTS_${l}, ${name}_BIASES_${l}, ${inputs}, ${outputs}},\n`;
  });
  return [
    ...layers.map((layer, l) => numbersOf(name, layer, l)),
    define(`${name}_LAYER_COUNT`, String(layers.length)),
    `static const layer ${name}_LAYERS[${name}_LAYER_COUNT] = {\n${rows.join("")}};\n`,
  ].join("");
}

function numbersOf(network: string, { inputs, outputs, parameters }: Layers[number], l: number): string {
  const values = fromBase64(parameters);
  const biases = inputs * outputs;
  return (
    floatArray(`${network}_WEIGHTS_${l}`, values.subarray(0, biases)) +
    floatArray(`${network}_BIASES_${l}`, values.subarray(biases, biases + outputs))
  );
}
