/** The policy at run time: a plain forward pass of one observation, without TensorFlow, in Node and in browsers alike. */

import { fromBase64, type PolicyBundle } from "./bundle.js";
import { Normalizer } from "./normalizer.js";

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs], then biases [outputs]. */
  readonly parameters: Float32Array;
  readonly output: Float32Array;
}

export class PolicyNetwork {
  readonly inputs: number;
  readonly outputs: number;
  private readonly normalizer: Normalizer;
  private readonly layers: readonly Layer[];
  private readonly normalized: Float32Array;

  constructor({ layers, normalizer, observation }: PolicyBundle) {
    this.inputs = observation.actorSize;
    this.outputs = layers[layers.length - 1].outputs;
    this.normalizer = new Normalizer(this.inputs);
    this.normalizer.load({ count: 1, ...normalizer });
    this.normalized = new Float32Array(this.inputs);
    this.layers = layers.map(({ inputs, outputs, parameters }) => ({
      inputs,
      outputs,
      parameters: fromBase64(parameters),
      output: new Float32Array(outputs),
    }));
  }

  /** The mean action for one raw observation row. `out[outOffset ...]` gets [outputs] numbers. */
  act(out: Float32Array, outOffset: number, obs: Float32Array, offset: number): void {
    this.normalizer.normalize(this.normalized, 0, obs, offset);
    let x = this.normalized;
    for (let l = 0; l < this.layers.length; l++) {
      const layer = this.layers[l];
      dense(layer, x);
      if (l < this.layers.length - 1) elu(layer.output);
      x = layer.output;
    }
    out.set(x, outOffset);
  }
}

/** y = x · W + b. */
function dense({ inputs, outputs, parameters, output }: Layer, x: Float32Array): void {
  const biases = inputs * outputs;
  for (let j = 0; j < outputs; j++) output[j] = parameters[biases + j];
  for (let i = 0; i < inputs; i++) {
    const v = x[i];
    if (v === 0) continue;
    const row = i * outputs;
    for (let j = 0; j < outputs; j++) output[j] += v * parameters[row + j];
  }
}

function elu(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = Math.expm1(values[i]);
}
