import * as tf from "@tensorflow/tfjs-core";
import { ESTIMATOR_INPUTS } from "../../sim/control/state-estimate.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { fromBase64 } from "../bundle/layers.js";
import { DenseNetwork } from "../networks/dense-network.js";
import { createMlpLayout } from "../networks/mlp.js";
import { Normalizer } from "../networks/normalizer.js";
import { borrowData } from "../networks/tensor-data.js";

/** A trained policy for many robots at once, in TensorFlow.js; it learns no more. */
export class FrozenPolicy {
  private readonly normalizer: Normalizer;
  private readonly actor: DenseNetwork;
  private readonly estimator: DenseNetwork | undefined;

  /** `dispose` it in the end. */
  constructor({ layers, estimator, normalizer, observation }: PolicyBundle) {
    this.normalizer = new Normalizer(observation.actorSize);
    this.normalizer.load({ count: 1, ...normalizer });
    this.actor = keptNetwork(layers);
    this.estimator = estimator ? keptNetwork(estimator) : undefined;
  }

  /**
   * Mean actions.
   * @param actions out, [N, outputs]
   * @param obs raw observation rows, of which the actor reads the first numbers. [N, stride]
   */
  act(actions: Float32Array, obs: Float32Array, stride: number): void {
    const { size } = this.normalizer;
    const rows = obs.length / stride;
    const normalized = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) this.normalizer.normalize(normalized, row * size, obs, row * stride);
    tf.tidy(() => actions.set(borrowData(this.actor.forward(tf.tensor2d(normalized, [rows, size])))));
  }

  /** The state estimator; nothing where it has none. [N, ESTIMATOR_INPUTS] → [N, ESTIMATOR_OUTPUTS] */
  readonly estimate = (outputs: Float32Array, inputs: Float32Array): void => {
    const { estimator } = this;
    if (!estimator) return;
    const rows = inputs.length / ESTIMATOR_INPUTS;
    tf.tidy(() => outputs.set(borrowData(estimator.forward(tf.tensor2d(inputs, [rows, ESTIMATOR_INPUTS])))));
  };

  dispose(): void {
    this.actor.dispose();
    this.estimator?.dispose();
  }
}

function keptNetwork(layers: PolicyBundle["layers"]): DenseNetwork {
  const layout = createMlpLayout([layers[0].inputs, ...layers.map(({ outputs }) => outputs)], 0);
  const params = new Float32Array(layout.end);
  layout.layers.forEach(({ weights }, i) => {
    params.set(fromBase64(layers[i].parameters), weights);
  });
  return new DenseNetwork(layout, params).keep();
}
