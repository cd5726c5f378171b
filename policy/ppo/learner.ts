/** One worker's replica of the actor-critic: draws actions, and improves the networks together with the other workers. */

import * as tf from "@tensorflow/tfjs-core";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import type { Rng } from "../../sim/rng.js";
import type { ObservationSpec } from "../../sim/task/observation-layout.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { DenseNetwork } from "../networks/dense-network.js";
import { Normalizer } from "../networks/normalizer.js";
import { borrowData } from "../networks/tensor-data.js";
import type { WorkerGroup } from "../threads/all-reduce.js";
import type { ActionDistribution, AdvantageMoments } from "./action-distribution.js";
import { type ActorCriticLayout, actorCriticLayout, gradientLength, initialParams } from "./actor-critic.js";
import { Adam } from "./adam.js";
import { CategoricalActions } from "./categorical-actions.js";
import type { DeviceExchange } from "./device-exchange.js";
import { estimatorGradient } from "./estimator-loss.js";
import { estimateAdvantages } from "./gae.js";
import { GaussianActions } from "./gaussian-actions.js";
import { gather, gatherRange, shuffle } from "./minibatch.js";
import { Mirror } from "./mirror.js";
import { valueGradient } from "./ppo-loss.js";
import type { Rollout } from "./rollout.js";
import { UpdateGuard } from "./update-guard.js";
import type { EpochLosses } from "./update-log.js";

/**
 * Weight of the average's past in an iteration. The policy that is handed out is an average of the last ten or so
 * iterations' (Polyak & Juditsky 1992): single iterations wander about it.
 */
const AVERAGE_DECAY = 0.9;

/** The actor's learning rate changes by this factor, when the KL divergence is off its target by more than it. */
const RATE_FACTOR = 1.3;

/** The learning rate is divided by this after an iteration with updates that had to be skipped. */
const RATE_CUT = 2;

export interface UpdateStatistics extends Record<string, number> {
  readonly kl: number;
  readonly valueLoss: number;
  readonly learningRate: number;
  /** Of the learned state estimator, mean of a sample; 0 where there is none. */
  readonly estimatorLoss: number;
  /** Updates that were not made because their gradient or loss had exploded. */
  readonly skippedUpdates: number;
  /** Actions whose exploration noise has grown to its limit. */
  readonly stdAtCeiling: number;
}

export class Learner {
  readonly layout: ActorCriticLayout;
  readonly params: Float32Array;
  /** The actor's parameters, averaged over iterations: the policy to hand out. */
  readonly averageActor: Float32Array;
  readonly adam: Adam;
  readonly normalizer: Normalizer;
  /** Where the config asks for left-right symmetry. */
  readonly mirror: Mirror | undefined;
  readonly guard: UpdateGuard;
  learningRate: number;
  private readonly gradient: Float32Array;
  private readonly distribution: ActionDistribution;
  private actor: DenseNetwork | undefined;
  private estimator: DenseNetwork | undefined;

  /**
   * Every worker starts from the same weights: they follow from the config's seed alone.
   * @param device where the epochs are run, in a thread for all workers, if not here
   */
  constructor(
    private readonly config: TrainConfig,
    private readonly spec: ObservationSpec,
    private readonly group: WorkerGroup,
    private readonly device?: DeviceExchange,
  ) {
    this.layout = actorCriticLayout(config, spec);
    this.params = initialParams(config, this.layout);
    this.averageActor = this.params.slice(0, this.layout.actor.end);
    this.gradient = new Float32Array(gradientLength(this.layout));
    this.adam = new Adam(this.layout.size);
    this.normalizer = new Normalizer(spec.size);
    this.mirror = config.ppo.mirror ? new Mirror(spec) : undefined;
    this.guard = new UpdateGuard(this.layout, group);
    this.learningRate = config.ppo.learningRate;
    this.distribution = createDistribution(config, this.layout, this.params);
  }

  /** Takes the current weights for drawing actions, until the next call. */
  beginRollout(): void {
    this.actor?.dispose();
    this.actor = new DenseNetwork(this.layout.actor, this.params).keep();
    this.estimator?.dispose();
    this.estimator = new DenseNetwork(this.layout.estimator, this.params).keep();
    this.distribution.begin();
  }

  /** Draws actions for step `t` of the rollout from its observations; fills output, action and logProb there. */
  act(rollout: Rollout, t: number, rng: Rng): void {
    const { numEnvs, obsSize, numOutputs } = rollout;
    const x = gatherRange(rollout.obs, t * numEnvs, numEnvs, obsSize, this.spec.actorSize);
    tf.tidy(() => {
      const output = this.actor!.forward(tf.tensor2d(x, [numEnvs, this.spec.actorSize]));
      rollout.output.set(borrowData(output), t * numEnvs * numOutputs);
    });
    this.distribution.draw(rollout, t, rng);
  }

  /** The state estimator's outputs of its inputs. [N, ESTIMATOR_INPUTS] → [N, ESTIMATOR_OUTPUTS] */
  estimate(outputs: Float32Array, inputs: Float32Array): void {
    const rows = inputs.length / ESTIMATOR_INPUTS;
    tf.tidy(() => outputs.set(borrowData(this.estimator!.forward(tf.tensor2d(inputs, [rows, ESTIMATOR_INPUTS])))));
  }

  /** Critic's values of observation rows (normalised). [B, obsSize] → [B] into `out` */
  values(out: Float32Array, rows: Float32Array): void {
    const batch = rows.length / this.spec.size;
    tf.tidy(() => {
      const critic = new DenseNetwork(this.layout.critic, this.params);
      out.set(borrowData(critic.forward(tf.tensor2d(rows, [batch, this.spec.size]))));
    });
  }

  /** PPO's epochs over one rollout, whose values must be there already. */
  update(rollout: Rollout, rng: Rng): UpdateStatistics {
    const { ppo } = this.config;
    const { advantage, returns, reward, value, done, numEnvs } = rollout;
    estimateAdvantages(advantage, returns, reward, value, done, numEnvs, ppo.discount, ppo.gaeLambda);
    this.mirror?.apply(rollout, rng);
    const moments = this.advantageMoments(rollout);
    this.guard.clear();
    const losses = this.device
      ? this.learnOnDevice(this.device, rollout, rng, moments)
      : this.runEpochs(rollout, rng, moments);
    const skippedUpdates = this.guard.skipped;
    const stdAtCeiling = this.distribution.numAtCeiling();
    if (skippedUpdates > 0 || stdAtCeiling > 0) this.cutLearningRate();
    else this.adaptLearningRate(losses.kl);
    this.averageIn();
    const { learningRate } = this;
    return { ...losses, ...this.distribution.exploration(), learningRate, skippedUpdates, stdAtCeiling };
  }

  private learnOnDevice(device: DeviceExchange, rollout: Rollout, rng: Rng, moments: AdvantageMoments): EpochLosses {
    const { skipped, fault, ...losses } = device.learn(this.group.worker, rollout, moments, this, rng.integer(2 ** 32));
    this.guard.skipped = skipped;
    this.guard.fault = fault;
    return losses;
  }

  private runEpochs(rollout: Rollout, rng: Rng, moments: AdvantageMoments): EpochLosses {
    const { ppo } = this.config;
    const order = Int32Array.from({ length: rollout.samples }, (_, i) => i);
    const size = rollout.samples / ppo.minibatches;
    let kl = 0;
    let valueLoss = 0;
    let estimatorLoss = 0;
    for (let epoch = 0; epoch < ppo.epochs; epoch++) {
      shuffle(order, rng);
      kl = 0;
      for (let m = 0; m < ppo.minibatches; m++) {
        const indices = order.subarray(m * size, (m + 1) * size);
        this.minibatchGradient(rollout, indices, moments);
        // Supervision learns faster than reinforcement: one pass is enough.
        const supervised = rollout.learnsEstimator && epoch === 0;
        if (supervised) this.estimatorGradient(rollout, indices);
        this.group.floats.sum(this.gradient);
        for (let i = 0; i < this.gradient.length; i++) this.gradient[i] /= this.group.size;
        if (!this.guard.accepts(this.gradient)) continue;
        kl += this.gradient[this.layout.size] / ppo.minibatches;
        valueLoss += this.gradient[this.layout.size + 1];
        estimatorLoss += this.gradient[this.layout.size + 2] / ppo.minibatches;
        this.applyGradient(supervised);
      }
    }
    const updates = Math.max(1, ppo.epochs * ppo.minibatches - this.guard.skipped);
    return { kl, valueLoss: valueLoss / updates, estimatorLoss };
  }

  /** Mean and standard deviation of the advantages over all workers. */
  private advantageMoments(rollout: Rollout): AdvantageMoments {
    const sums = new Float64Array(3);
    for (let k = 0; k < rollout.samples; k++) {
      const a = rollout.advantage[k];
      sums[0] += 1;
      sums[1] += a;
      sums[2] += a * a;
    }
    this.group.doubles.sum(sums);
    const mean = sums[1] / sums[0];
    return { mean, std: Math.sqrt(Math.max(1e-8, sums[2] / sums[0] - mean * mean)) + 1e-5 };
  }

  /** This worker's gradient over one minibatch, with KL divergence and value loss behind it. */
  private minibatchGradient(rollout: Rollout, indices: Int32Array, moments: AdvantageMoments): void {
    const { layout, gradient, params, spec, distribution } = this;
    const B = indices.length;
    gradient.fill(0);
    tf.tidy(() => {
      const actor = new DenseNetwork(layout.actor, params);
      const x = tf.tensor2d(gather(rollout.obs, indices, rollout.obsSize, spec.actorSize), [B, spec.actorSize]);
      const output = borrowData(actor.forward(x)).slice();
      const dOutput = new Float32Array(B * layout.numOutputs);
      gradient[layout.size] = distribution.gradient(dOutput, gradient, output, rollout, indices, moments);
      actor.backward(gradient, tf.tensor2d(dOutput, [B, layout.numOutputs]));
    });
    tf.tidy(() => {
      const critic = new DenseNetwork(layout.critic, params);
      const x = tf.tensor2d(gather(rollout.obs, indices, rollout.obsSize, spec.size), [B, spec.size]);
      const value = borrowData(critic.forward(x)).slice();
      const dValue = new Float32Array(B);
      gradient[layout.size + 1] = valueGradient(dValue, value, rollout, indices);
      critic.backward(gradient, tf.tensor2d(dValue, [B, 1]));
    });
  }

  private estimatorGradient(rollout: Rollout, indices: Int32Array): void {
    const { layout, gradient, params } = this;
    const B = indices.length;
    tf.tidy(() => {
      const estimator = new DenseNetwork(layout.estimator, params);
      const inputs = gather(rollout.estimatorInputs, indices, ESTIMATOR_INPUTS, ESTIMATOR_INPUTS);
      const outputs = borrowData(estimator.forward(tf.tensor2d(inputs, [B, ESTIMATOR_INPUTS])));
      const dOutputs = new Float32Array(B * ESTIMATOR_OUTPUTS);
      gradient[layout.size + 2] = estimatorGradient(dOutputs, outputs, rollout.estimatorTargets, indices);
      estimator.backward(gradient, tf.tensor2d(dOutputs, [B, ESTIMATOR_OUTPUTS]));
    });
  }

  /** Keeps the last epoch's KL divergence from the policy that acted near its target. */
  private adaptLearningRate(kl: number): void {
    const { targetKl, minLearningRate, maxLearningRate } = this.config.ppo;
    if (kl > RATE_FACTOR * targetKl) this.learningRate = Math.max(minLearningRate, this.learningRate / RATE_FACTOR);
    else if (kl < targetKl / RATE_FACTOR)
      this.learningRate = Math.min(maxLearningRate, this.learningRate * RATE_FACTOR);
  }

  private cutLearningRate(): void {
    this.learningRate = Math.max(this.config.ppo.minLearningRate, this.learningRate / RATE_CUT);
  }

  /** Takes the current actor into the average. */
  private averageIn(): void {
    const { averageActor, params } = this;
    for (let i = 0; i < averageActor.length; i++)
      averageActor[i] += (1 - AVERAGE_DECAY) * (params[i] - averageActor[i]);
  }

  /** One Adam step for each network. */
  private applyGradient(supervised: boolean): void {
    const { params, gradient, layout, adam } = this;
    const { criticLearningRate, maxGradientNorm } = this.config.ppo;
    adam.tick();
    adam.update(params, gradient, layout.actor.begin, layout.actor.end, this.learningRate, maxGradientNorm);
    adam.update(params, gradient, layout.logStd, layout.size, this.learningRate, maxGradientNorm);
    adam.update(params, gradient, layout.critic.begin, layout.critic.end, criticLearningRate, maxGradientNorm);
    if (supervised) {
      const { begin, end } = layout.estimator;
      adam.update(params, gradient, begin, end, criticLearningRate, maxGradientNorm);
    }
    this.mirror?.tieLogStd(params.subarray(layout.logStd, layout.size));
    this.distribution.limit();
  }
}

function createDistribution(config: TrainConfig, layout: ActorCriticLayout, params: Float32Array): ActionDistribution {
  const { ppo, network } = config;
  if (taskOf(config).actions.distribution === "categorical") return new CategoricalActions(layout.numOutputs, ppo);
  return new GaussianActions(params.subarray(layout.logStd, layout.size), layout.logStd, ppo, network.minStd);
}
