/**
 * PPO's update as one would write it first: TensorFlow.js's own operations, and its own gradient of the loss. What the
 * learner in policy/ is measured against, and checked with.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { Rng } from "../../../sim/rng.js";
import type { PpoConfig } from "../../config/schema.js";
import type { MlpLayout } from "../../networks/mlp.js";
import type { ActorCriticLayout } from "../../ppo/actor-critic.js";
import { Adam } from "../../ppo/adam.js";
import { estimateAdvantages } from "../../ppo/gae.js";
import { shuffle } from "../../ppo/minibatch.js";
import type { Rollout } from "../../ppo/rollout.js";

interface DenseLayer {
  readonly weights: tf.Variable<tf.Rank.R2>;
  readonly biases: tf.Variable<tf.Rank.R1>;
}

/** What the loss needs of samples: [B, obsSize], [B, A], the others [B]. */
interface Samples {
  readonly obs: tf.Tensor2D;
  readonly action: tf.Tensor2D;
  readonly logProb: tf.Tensor1D;
  readonly advantage: tf.Tensor1D;
  readonly returns: tf.Tensor1D;
}

export class PlainLearner {
  readonly adam: Adam;
  private readonly actor: readonly DenseLayer[];
  private readonly critic: readonly DenseLayer[];
  private readonly logStd: tf.Variable<tf.Rank.R1>;
  private readonly gradient: Float32Array;

  /** @param params start weights, updated in place @param learningRate the actor's, which stays as it is */
  constructor(
    private readonly layout: ActorCriticLayout,
    readonly params: Float32Array,
    private readonly ppo: PpoConfig,
    private readonly learningRate: number,
  ) {
    this.adam = new Adam(layout.size);
    this.gradient = new Float32Array(layout.size);
    this.actor = createLayers(layout.actor);
    this.critic = createLayers(layout.critic);
    this.logStd = tf.variable(tf.zeros([layout.numOutputs]));
    this.assign();
  }

  /** PPO's epochs over one rollout, in the learner's order for the same random numbers. */
  update(rollout: Rollout, rng: Rng): void {
    const { epochs, minibatches, discount, gaeLambda } = this.ppo;
    const { advantage, returns, reward, value, done, numEnvs, samples } = rollout;
    estimateAdvantages(advantage, returns, reward, value, done, numEnvs, discount, gaeLambda);
    const order = Int32Array.from({ length: samples }, (_, i) => i);
    const size = samples / minibatches;
    tf.tidy(() => {
      const all = samplesOf(rollout);
      for (let epoch = 0; epoch < epochs; epoch++) {
        shuffle(order, rng);
        for (let m = 0; m < minibatches; m++) {
          tf.tidy(() => this.learn(gather(all, order.subarray(m * size, (m + 1) * size))));
        }
      }
    });
  }

  dispose(): void {
    tf.dispose([this.logStd, ...[...this.actor, ...this.critic].flatMap((layer) => Object.values(layer))]);
  }

  private learn(batch: Samples): void {
    const { gradient, layout, params, adam } = this;
    const { maxGradientNorm, criticLearningRate } = this.ppo;
    const { grads } = tf.variableGrads(() => this.loss(batch));
    for (const [variable, offset] of this.variables()) gradient.set(grads[variable.name].dataSync(), offset);
    adam.tick();
    adam.update(params, gradient, layout.actor.begin, layout.actor.end, this.learningRate, maxGradientNorm);
    adam.update(params, gradient, layout.logStd, layout.size, this.learningRate, maxGradientNorm);
    adam.update(params, gradient, layout.critic.begin, layout.critic.end, criticLearningRate, maxGradientNorm);
    this.assign();
  }

  /** −E[min(ρ A, clip(ρ) A)] − w_H Σ log std + ½ E[(V − R)²]. */
  private loss({ obs, action, logProb, advantage, returns }: Samples): tf.Scalar {
    const { clip, entropyWeight } = this.ppo;
    const { layers } = this.layout.actor;
    const mean = forward(this.actor, tf.slice(obs, [0, 0], [-1, layers[0].inputs]));
    const z = tf.div(tf.sub(action, mean), tf.exp(this.logStd));
    const newLogProb = tf.neg(tf.sum(tf.add(tf.mul(0.5, tf.square(z)), this.logStd), 1));
    const ratio = tf.exp(tf.sub(newLogProb, logProb));
    const clipped = tf.clipByValue(ratio, 1 - clip, 1 + clip);
    const surrogate = tf.mean(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage)));
    const entropy = tf.sum(this.logStd);
    const values = tf.squeeze(forward(this.critic, obs), [1]);
    const valueLoss = tf.mul(0.5, tf.mean(tf.square(tf.sub(values, returns))));
    return tf.sub(valueLoss, tf.add(surrogate, tf.mul(entropyWeight, entropy)));
  }

  /** Copies the parameter vector into the variables. */
  private assign(): void {
    for (const [variable, offset] of this.variables()) {
      tf.tidy(() => variable.assign(tf.tensor(this.params.subarray(offset, offset + variable.size), variable.shape)));
    }
  }

  /** All variables, each with its place in the parameter vector. */
  private *variables(): Generator<readonly [tf.Variable, number]> {
    const { actor, critic, logStd } = this.layout;
    yield [this.logStd, logStd];
    for (const [network, { layers }] of [[this.actor, actor] as const, [this.critic, critic] as const]) {
      for (let i = 0; i < layers.length; i++) {
        yield [network[i].weights, layers[i].weights];
        yield [network[i].biases, layers[i].biases];
      }
    }
  }
}

function createLayers({ layers }: MlpLayout): DenseLayer[] {
  return layers.map(({ inputs, outputs }) => ({
    weights: tf.variable(tf.zeros([inputs, outputs])),
    biases: tf.variable(tf.zeros([outputs])),
  }));
}

/** ELU between layers, linear output. */
function forward(layers: readonly DenseLayer[], x: tf.Tensor2D): tf.Tensor2D {
  return layers.reduce((h, { weights, biases }, i) => {
    const y = tf.add(tf.matMul(h, weights), biases) as tf.Tensor2D;
    return i < layers.length - 1 ? tf.elu(y) : y;
  }, x);
}

/** To mean 0 and standard deviation 1, with the learner's small constants. */
function normalize(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length - mean * mean;
  const std = Math.sqrt(Math.max(1e-8, variance)) + 1e-5;
  return values.map((value) => (value - mean) / std);
}

function samplesOf({ obs, action, logProb, advantage, returns, samples, obsSize, numActions }: Rollout): Samples {
  return {
    // The observations after the last step are no samples.
    obs: tf.tensor2d(obs.subarray(0, samples * obsSize), [samples, obsSize]),
    action: tf.tensor2d(action, [samples, numActions]),
    logProb: tf.tensor1d(logProb),
    advantage: tf.tensor1d(normalize(advantage)),
    returns: tf.tensor1d(returns),
  };
}

function gather({ obs, action, logProb, advantage, returns }: Samples, indices: Int32Array): Samples {
  return {
    obs: tf.gather(obs, indices),
    action: tf.gather(action, indices),
    logProb: tf.gather(logProb, indices),
    advantage: tf.gather(advantage, indices),
    returns: tf.gather(returns, indices),
  };
}
