/**
 * A network as an ONNX graph of plain operators, and back:
 *
 *     x → Max, Min (limits of the input) → Gemm → Elu → ... → Gemm → Max, Min (limits of the output) → y
 *
 * The normaliser is folded into the first layer. With r = 1 / std it gives the network clip((x − m) · r, ±c). As r > 0, this is
 * (clip(x, m ± c / r) − m) · r, so that the first layer's W and b become
 *
 *     W' = r · W (row by row),  b' = b − (m · r) W,  after clipping x to m ± c / r.
 */

import { InputError } from "../../../sim/errors.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { fromBase64, toBase64 } from "../../bundle/layers.js";
import { CLIP, Normalizer } from "../../networks/normalizer.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "./protobuf.js";

/** Lowest and highest value of each number of a row. */
export interface Limits {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

export interface OnnxNetwork {
  readonly inputLimits: Limits | null;
  readonly layers: PolicyBundle["layers"];
  readonly outputLimits: Limits | null;
}

export const INPUT_NAME = "obs";

type Normalization = PolicyBundle["normalizer"];

/** The same network without its normaliser. */
export function foldNormalizer(
  layers: PolicyBundle["layers"],
  normalization: Normalization,
): Pick<OnnxNetwork, "inputLimits" | "layers"> {
  const { mean, inverseStd } = createNormalizer(normalization);
  const edge = (sign: number) => Float32Array.from(mean, (m, i) => m + (sign * CLIP) / inverseStd[i]);
  const first = rescale(
    layers[0],
    (weight, i) => weight * inverseStd[i],
    (i) => -mean[i] * inverseStd[i],
  );
  return { inputLimits: { low: edge(-1), high: edge(1) }, layers: [first, ...layers.slice(1)] };
}

/** The inverse of `foldNormalizer`: layers that want their input normalised. */
export function unfoldNormalizer(layers: PolicyBundle["layers"], normalization: Normalization): PolicyBundle["layers"] {
  const { mean, inverseStd } = createNormalizer(normalization);
  const first = rescale(
    layers[0],
    (weight, i) => weight / inverseStd[i],
    (i) => mean[i],
  );
  return [first, ...layers.slice(1)];
}

function createNormalizer(normalization: Normalization): Normalizer {
  const normalizer = new Normalizer(normalization.mean.length);
  normalizer.load({ count: 1, ...normalization });
  return normalizer;
}

/** A layer with each weight changed by its input's index, and each input's weights added to the biases times `toBias`. */
function rescale(
  { inputs, outputs, parameters }: PolicyBundle["layers"][number],
  scaled: (weight: number, input: number) => number,
  toBias: (input: number) => number,
): PolicyBundle["layers"][number] {
  const values = fromBase64(parameters);
  const biases = Float64Array.from(values.subarray(inputs * outputs));
  const result = new Float32Array(values.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      const weight = values[i * outputs + o];
      result[i * outputs + o] = scaled(weight, i);
      biases[o] += toBias(i) * weight;
    }
  }
  result.set(biases, inputs * outputs);
  return { inputs, outputs, parameters: toBase64(result) };
}

/** Nodes and constants of a network, from the input `INPUT_NAME` to `outputName`. */
export function createGraph(
  { inputLimits, layers, outputLimits }: OnnxNetwork,
  outputName: string,
): Pick<OnnxModel, "nodes" | "initializers" | "input" | "output"> {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  let last = INPUT_NAME;
  const add = (opType: string, output: string, ...constants: OnnxTensor[]) => {
    initializers.push(...constants);
    nodes.push({ opType, input: [last, ...constants.map(({ name }) => name)], output: [output] });
    last = output;
  };
  const addLimits = (name: string, limits: Limits | null) => {
    if (!limits) return;
    add("Max", `${name}_raised`, row(`${name}_low`, limits.low));
    add("Min", `${name}_clipped`, row(`${name}_high`, limits.high));
  };
  addLimits("input", inputLimits);
  layers.forEach(({ inputs, outputs, parameters }, i) => {
    const values = fromBase64(parameters);
    const weights = { name: `weights_${i}`, dims: [inputs, outputs], values: values.slice(0, inputs * outputs) };
    const biases = { name: `biases_${i}`, dims: [outputs], values: values.slice(inputs * outputs) };
    add("Gemm", `layer_${i}`, weights, biases);
    if (i < layers.length - 1) add("Elu", `activation_${i}`);
  });
  addLimits("output", outputLimits);
  const end = nodes.pop()!;
  nodes.push({ ...end, output: [outputName] });
  const input = { name: INPUT_NAME, width: layers[0].inputs };
  return { nodes, initializers, input, output: { name: outputName, width: layers[layers.length - 1].outputs } };
}

function row(name: string, values: Float32Array): OnnxTensor {
  return { name, dims: [1, values.length], values };
}

/** The network in a graph of `createGraph`. @throws InputError naming the file where it is another graph */
export function readNetwork(model: OnnxModel, fileName: string): OnnxNetwork {
  const constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor.values]));
  const gemms = model.nodes.filter(({ opType }) => opType === "Gemm");
  const limits = (name: string): Limits | null => {
    const [low, high] = [constants.get(`${name}_low`), constants.get(`${name}_high`)];
    return low && high ? { low, high } : null;
  };
  const layers = gemms.map((_, i) => {
    const [weights, biases] = [constants.get(`weights_${i}`), constants.get(`biases_${i}`)];
    if (!weights || !biases) throw new InputError(`${fileName}: no weights_${i} and biases_${i}: not one of Gaitway's`);
    const parameters = new Float32Array([...weights, ...biases]);
    return { inputs: weights.length / biases.length, outputs: biases.length, parameters: toBase64(parameters) };
  });
  const network = { inputLimits: limits("input"), layers, outputLimits: limits("output") };
  // The names say what the graph is; that it is nothing else, only its like shows.
  const like = layers.length > 0 ? createGraph(network, model.output.name) : null;
  if (JSON.stringify(like?.nodes) === JSON.stringify(model.nodes.map(withoutName))) return network;
  throw new InputError(`${fileName}: not a graph of Gaitway's`);
}

function withoutName({ opType, input, output }: OnnxNode): OnnxNode {
  return { opType, input, output };
}
