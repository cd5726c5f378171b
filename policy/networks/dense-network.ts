/**
 * Forward and backward passes of an MLP in TensorFlow.js, written for its WASM backend: the built-in gradient of `matMul`
 * runs there at a tenth of the speed of a plain product, so every gradient is a plain product with an explicit transpose.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { MlpLayout } from "./mlp.js";
import { borrowData, fromData } from "./tensor-data.js";

interface LayerTensors {
  readonly weights: tf.Tensor2D;
  readonly biases: tf.Tensor;
}

/** One network's weights as tensors. Everything is made within, and freed by, the caller's `tf.tidy` unless kept. */
export class DenseNetwork {
  private readonly layers: readonly LayerTensors[];
  /** Input of each layer, then the output. */
  private readonly activations: tf.Tensor2D[] = [];

  /** Copies the network's weights out of the parameter vector. */
  constructor(
    private readonly layout: MlpLayout,
    params: Float32Array,
  ) {
    this.layers = layout.layers.map(({ inputs, outputs, weights, biases }) => ({
      weights: tf.tensor2d(params.slice(weights, weights + inputs * outputs), [inputs, outputs]),
      biases: tf.tensor1d(params.slice(biases, biases + outputs)),
    }));
  }

  /** Lets the weights outlive the enclosing `tf.tidy`, until `dispose`. */
  keep(): this {
    for (const { weights, biases } of this.layers) {
      tf.keep(weights);
      tf.keep(biases);
    }
    return this;
  }

  dispose(): void {
    for (const { weights, biases } of this.layers) tf.dispose([weights, biases]);
  }

  /** ELU between layers, linear output. [B, inputs] → [B, outputs] */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    this.activations.length = 0;
    let h = x;
    for (let i = 0; i < this.layers.length; i++) {
      this.activations.push(h);
      const { weights, biases } = this.layers[i];
      const activation = i < this.layers.length - 1 ? "elu" : "linear";
      h = tf.fused.matMul({ a: h, b: weights, bias: biases, activation }) as tf.Tensor2D;
    }
    return h;
  }

  /**
   * Gradient of a loss with respect to the parameters, after `forward` of the same minibatch.
   * @param gradient written at the network's place in the parameter vector
   * @param dOutput d loss / d output, [B, outputs]
   */
  backward(gradient: Float32Array, dOutput: tf.Tensor2D): void {
    const ones = tf.ones([1, dOutput.shape[0]]) as tf.Tensor2D;
    let dy = dOutput;
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { weights, biases } = this.layout.layers[i];
      const input = this.activations[i];
      gradient.set(borrowData(tf.matMul(tf.transpose(input), dy)), weights);
      // A product with ones: tf.sum over the first axis is five times slower on WASM.
      gradient.set(borrowData(tf.matMul(ones, dy)), biases);
      if (i > 0) dy = timesEluGradient(tf.matMul(dy, tf.transpose(this.layers[i].weights)), input);
    }
  }
}

/**
 * dy · ELU'(x) = dy · (min(y, 0) + 1) given y = ELU(x): one pass without branches, in place where the backend lets us.
 * (y − |y|) / 2 is min(y, 0) to the last bit; V8's Math.min takes four times as long.
 */
function timesEluGradient(dy: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const out = borrowData(dy);
  const value = borrowData(y);
  for (let i = 0; i < out.length; i++) out[i] *= 0.5 * (value[i] - Math.abs(value[i])) + 1;
  return fromData(dy, out);
}
