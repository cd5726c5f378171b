/** Multilayer perceptrons as slices of one flat parameter vector. */

import type { Rng } from "../../sim/rng.js";

/** One dense layer: y = x · W + b, W row-major [inputs, outputs] at `weights`, b at `biases` of the parameter vector. */
export interface LayerLayout {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
}

export interface MlpLayout {
  readonly layers: readonly LayerLayout[];
  /** First parameter and the one after the last. */
  readonly begin: number;
  readonly end: number;
}

/** @param sizes widths from input to output @param begin where its parameters start in the vector */
export function createMlpLayout(sizes: readonly number[], begin: number): MlpLayout {
  let end = begin;
  const layers: LayerLayout[] = [];
  for (let i = 0; i + 1 < sizes.length; i++) {
    const inputs = sizes[i];
    const outputs = sizes[i + 1];
    layers.push({ inputs, outputs, weights: end, biases: end + inputs * outputs });
    end += (inputs + 1) * outputs;
  }
  return { layers, begin, end };
}

/** He-normal weights (He et al. 2015), the output layer's multiplied by `outputGain`; biases zero. */
export function initializeMlp(params: Float32Array, layout: MlpLayout, outputGain: number, rng: Rng): void {
  layout.layers.forEach(({ inputs, outputs, weights, biases }, i) => {
    const isOutput = i === layout.layers.length - 1;
    const std = isOutput ? outputGain / Math.sqrt(inputs) : Math.sqrt(2 / inputs);
    for (let k = 0; k < inputs * outputs; k++) params[weights + k] = std * rng.normal();
    params.fill(0, biases, biases + outputs);
  });
}
