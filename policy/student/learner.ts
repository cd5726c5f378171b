/** Supervised learning of a student: its network follows a teacher's actions. */

import * as tf from "@tensorflow/tfjs-core";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { Rng } from "../../sim/rng.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { encodeLayers } from "../bundle/layers.js";
import { DenseNetwork } from "../networks/dense-network.js";
import { createMlpLayout, initializeMlp, type MlpLayout } from "../networks/mlp.js";
import { borrowData } from "../networks/tensor-data.js";
import { Adam } from "../ppo/adam.js";

const MAX_GRADIENT_NORM = 1;
const OUTPUT_GAIN = 0.1;

export class StudentLearner {
  readonly layout: MlpLayout;
  readonly params: Float32Array;
  private readonly gradient: Float32Array;
  private readonly adam: Adam;

  constructor(
    private readonly inputs: number,
    hidden: readonly number[],
    rng: Rng,
  ) {
    this.layout = createMlpLayout([inputs, ...hidden, NUM_JOINTS], 0);
    this.params = new Float32Array(this.layout.end);
    this.gradient = new Float32Array(this.layout.end);
    this.adam = new Adam(this.layout.end);
    initializeMlp(this.params, this.layout, OUTPUT_GAIN, rng);
  }

  /** Actions for normalised rows. [N, inputs] → [N, 12] into `out` */
  act(out: Float32Array, rows: Float32Array): void {
    tf.tidy(() => {
      const network = new DenseNetwork(this.layout, this.params);
      out.set(borrowData(network.forward(tf.tensor2d(rows, [rows.length / this.inputs, this.inputs]))));
    });
  }

  /**
   * One step towards the teacher's actions of a minibatch. Returns the mean squared error before it.
   * @param rows normalised, [B, inputs] @param actions [B, 12]
   */
  step(rows: Float32Array, actions: Float32Array, rate: number): number {
    const batch = rows.length / this.inputs;
    let loss = 0;
    tf.tidy(() => {
      const network = new DenseNetwork(this.layout, this.params);
      const output = borrowData(network.forward(tf.tensor2d(rows, [batch, this.inputs])));
      const dOutput = new Float32Array(output.length);
      for (let i = 0; i < output.length; i++) {
        const error = output[i] - actions[i];
        loss += (error * error) / output.length;
        dOutput[i] = (2 * error) / output.length;
      }
      network.backward(this.gradient, tf.tensor2d(dOutput, [batch, NUM_JOINTS]));
    });
    this.adam.tick();
    this.adam.update(this.params, this.gradient, 0, this.layout.end, rate, MAX_GRADIENT_NORM);
    return loss;
  }

  /** The network as bundles hold it. */
  layers(): PolicyBundle["layers"] {
    return encodeLayers(this.layout, this.params, 1);
  }
}
