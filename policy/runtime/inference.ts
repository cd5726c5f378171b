/** The networks at run time: plain forward passes of single rows, without TensorFlow, in Node and in browsers alike. */

import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS, type Estimator } from "../../sim/control/state-estimate.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { fromBase64 } from "../bundle/layers.js";
import { Normalizer } from "../networks/normalizer.js";

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs], then biases [outputs]. */
  readonly parameters: Float32Array;
  /** Sums are made in double precision: those who add up in another order, or fuse multiplications, differ by a rounding at most. */
  readonly sums: Float64Array;
  readonly output: Float32Array;
}

/** ELU between layers, linear output. */
class PlainNetwork {
  readonly outputs: number;
  /** What the hidden layers put out in the last `forward`, after their activation. */
  readonly hidden: readonly Float32Array[];
  private readonly layers: readonly Layer[];

  constructor(layers: PolicyBundle["layers"]) {
    this.layers = layers.map(({ inputs, outputs, parameters }) => ({
      inputs,
      outputs,
      parameters: fromBase64(parameters),
      sums: new Float64Array(outputs),
      output: new Float32Array(outputs),
    }));
    this.outputs = layers[layers.length - 1].outputs;
    this.hidden = this.layers.slice(0, -1).map(({ output }) => output);
  }

  /** Of the input at `x[offset ...]`; overwritten by the next call. */
  forward(x: Float32Array, offset: number): Float32Array {
    dense(this.layers[0], x, offset);
    for (let l = 1; l < this.layers.length; l++) {
      elu(this.layers[l - 1].output);
      dense(this.layers[l], this.layers[l - 1].output, 0);
    }
    return this.layers[this.layers.length - 1].output;
  }
}

export class PolicyNetwork {
  readonly inputs: number;
  readonly outputs: number;
  /** What the hidden layers put out in the last `act`, after their activation. */
  readonly hidden: readonly Float32Array[];
  private readonly normalizer: Normalizer;
  private readonly network: PlainNetwork;
  private readonly normalized: Float32Array;

  constructor({ layers, normalizer }: Pick<PolicyBundle, "layers" | "normalizer">) {
    this.inputs = normalizer.mean.length;
    this.normalizer = new Normalizer(this.inputs);
    this.normalizer.load({ count: 1, ...normalizer });
    this.normalized = new Float32Array(this.inputs);
    this.network = new PlainNetwork(layers);
    this.outputs = this.network.outputs;
    this.hidden = this.network.hidden;
  }

  /** The mean action for one raw observation row. `out[outOffset ...]` gets [outputs] numbers. */
  act(out: Float32Array, outOffset: number, obs: Float32Array, offset: number): void {
    this.normalizer.normalize(this.normalized, 0, obs, offset);
    out.set(this.network.forward(this.normalized, 0), outOffset);
  }
}

/** A bundle's learned state estimator, or none where it has none. */
export function createEstimator({ estimator }: PolicyBundle): Estimator | undefined {
  if (!estimator) return undefined;
  const network = new PlainNetwork(estimator);
  return (outputs, inputs) => {
    const rows = inputs.length / ESTIMATOR_INPUTS;
    for (let row = 0; row < rows; row++) {
      outputs.set(network.forward(inputs, row * ESTIMATOR_INPUTS), row * ESTIMATOR_OUTPUTS);
    }
  };
}

/** y = x · W + b. */
function dense({ inputs, outputs, parameters, sums, output }: Layer, x: Float32Array, offset: number): void {
  const biases = inputs * outputs;
  for (let j = 0; j < outputs; j++) sums[j] = parameters[biases + j];
  for (let i = 0; i < inputs; i++) {
    const v = x[offset + i];
    if (v === 0) continue;
    const row = i * outputs;
    for (let j = 0; j < outputs; j++) sums[j] += v * parameters[row + j];
  }
  output.set(sums);
}

function elu(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = Math.expm1(values[i]);
}
