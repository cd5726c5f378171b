/**
 * Forward and backward passes of an MLP whose parameters and gradients stay on the device, in few operations: each costs tens of
 * microseconds to launch, whatever its size.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { MlpLayout } from "../../networks/mlp.js";

interface LayerTensors {
  /** [inputs, outputs] */
  readonly weights: tf.Tensor2D;
  /** [outputs] */
  readonly biases: tf.Tensor1D;
}

/** One network's weights as tensors. Everything is made within, and freed by, the caller's `tf.tidy`. */
export class DeviceNetwork {
  private readonly layers: readonly LayerTensors[];
  /** Input of each layer. */
  private readonly inputs: tf.Tensor2D[] = [];

  /** @param params the whole parameter vector, [1, P] */
  constructor(layout: MlpLayout, params: tf.Tensor2D) {
    const vector = tf.reshape(params, [-1]);
    this.layers = layout.layers.map(({ inputs, outputs, weights, biases }) => ({
      weights: tf.reshape(tf.slice(vector, weights, inputs * outputs), [inputs, outputs]),
      biases: tf.slice(vector, biases, outputs) as tf.Tensor1D,
    }));
  }

  /** ELU between layers, linear output. [B, inputs] → [B, outputs] */
  forward(x: tf.Tensor2D): tf.Tensor2D {
    let h = x;
    this.layers.forEach(({ weights, biases }, i) => {
      this.inputs.push(h);
      const activation = i < this.layers.length - 1 ? "elu" : "linear";
      h = tf.fused.matMul({ a: h, b: weights, bias: biases, activation }) as tf.Tensor2D;
    });
    return h;
  }

  /**
   * Gradient of a loss with respect to the parameters, after `forward` of the same minibatch. It comes in parts, to be added up: a
   * product over all samples at once would keep but a few of a GPU's processors busy.
   * @param dOutput d loss / d output, [B, outputs]
   * @param ones [parts, 1, B / parts]
   * @returns slices of the gradient in the order of the parameter vector, [parts, length] each
   */
  backward(dOutput: tf.Tensor2D, ones: tf.Tensor3D): tf.Tensor2D[] {
    const parts = ones.shape[0];
    const slices: tf.Tensor2D[] = [];
    let dy = dOutput;
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const input = this.inputs[i];
      const dyParts = inParts(dy, parts);
      const dBiases = tf.matMul(ones, dyParts);
      const dWeights = tf.matMul(inParts(input, parts), dyParts, true, false);
      slices.unshift(tf.reshape(dWeights, [parts, -1]), tf.reshape(dBiases, [parts, -1]));
      if (i > 0) dy = timesEluGradient(tf.matMul(dy, this.layers[i].weights, false, true), input);
    }
    return slices;
  }
}

/** [B, n] → [parts, B / parts, n] */
export function inParts(x: tf.Tensor2D, parts: number): tf.Tensor3D {
  return tf.reshape(x, [parts, x.shape[0] / parts, x.shape[1]]);
}

/** dy · ELU'(x), given y = ELU(x). */
function timesEluGradient(dy: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel(tf.EluGrad, { dy, y });
}
