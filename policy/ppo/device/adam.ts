/** `Adam` and `UpdateGuard` on a device: an update that would spoil the networks is not made, without the host being asked. */

import * as tf from "@tensorflow/tfjs-core";
import type { PpoConfig } from "../../config/schema.js";
import type { ActorCriticLayout } from "../actor-critic.js";
import { BETA1, BETA2, biasCorrection, EPSILON } from "../adam.js";
import { MAX_GRADIENT_NORM, MAX_KL, MAX_VALUE_LOSS } from "../update-guard.js";
import { NUM_SEGMENTS } from "../update-log.js";
import type { DeviceConstants } from "./constants.js";

/** Beyond what a loss comes to in 32 bits. */
const NO_LIMIT = 3e38;

/** Largest squared norms of the four segments' gradients, KL divergence, value loss and estimator's loss of a good update. */
const LIMITS = [...Array<number>(NUM_SEGMENTS).fill(MAX_GRADIENT_NORM ** 2), MAX_KL, MAX_VALUE_LOSS, NO_LIMIT];

// Types, not interfaces: `tf.tidy` returns nothing else.

export type DeviceState = {
  /** [1, P] */
  readonly params: tf.Tensor2D;
  readonly m: tf.Tensor2D;
  readonly v: tf.Tensor2D;
  /** Updates that were made in this iteration. int32, [1] */
  readonly accepted: tf.Tensor1D;
};

/** What the updates of one iteration share. */
export type AdamSchedule = {
  /** Of the segments, without and with the estimator. [1, 4] */
  readonly rates: tf.Tensor2D[];
  /** `biasCorrection` of the updates that are to come, [updates] */
  readonly corrections: tf.Tensor1D;
};

export type DeviceUpdate = {
  readonly next: DeviceState;
  /** Of the log, [1, LOG_COLUMNS]. */
  readonly row: tf.Tensor2D;
};

/** Which of the four segments learn, without and with the estimator. */
const LEARNING = [
  [1, 1, 0, 1],
  [1, 1, 1, 1],
] as const;

export class DeviceAdam {
  /** 1 where a parameter belongs to a segment of the vector: actor, critic, estimator, standard deviations. [4, P] */
  private readonly members: tf.Tensor2D;
  private readonly membersTransposed: tf.Tensor2D;
  private readonly limits = tf.tensor2d(LIMITS, [1, LIMITS.length]);
  private readonly learning = LEARNING.map((segments) => tf.tensor2d([[...segments]]));
  private readonly zeros: tf.Tensor2D;

  /** Its tensors stay until `dispose`. */
  constructor(
    { actor, critic, estimator, logStd, size }: ActorCriticLayout,
    private readonly ppo: PpoConfig,
    private readonly constants: DeviceConstants,
  ) {
    const begins = [actor.begin, critic.begin, estimator.begin, logStd];
    const ends = [actor.end, critic.end, estimator.end, size];
    const members = new Float32Array(ends.length * size);
    ends.forEach((end, segment) => {
      members.fill(1, segment * size + begins[segment], segment * size + end);
    });
    this.members = tf.tensor2d(members, [ends.length, size]);
    this.membersTransposed = tf.transpose(this.members);
    this.zeros = tf.zeros([1, size]);
  }

  dispose(): void {
    tf.dispose([this.members, this.membersTransposed, this.limits, ...this.learning, this.zeros]);
  }

  /**
   * @param learningRate of the actor and its standard deviations
   * @param updatesBefore updates of earlier iterations
   */
  schedule(learningRate: number, updatesBefore: number): AdamSchedule {
    const { criticLearningRate, epochs, minibatches } = this.ppo;
    const rates = LEARNING.map(([, , estimator]) =>
      tf.tensor2d([[learningRate, criticLearningRate, estimator * criticLearningRate, learningRate]]),
    );
    const corrections = Array.from({ length: epochs * minibatches }, (_, i) => biasCorrection(updatesBefore + 1 + i));
    return { rates, corrections: tf.tensor1d(corrections) };
  }

  /**
   * One Adam step for each segment, or none at all where a norm or a loss is not finite or beyond its limit.
   * @param gradient [1, P]
   * @param losses KL divergence, value loss, estimator's loss; [1, 3]
   * @param supervised whether the estimator learns
   */
  update(
    state: DeviceState,
    gradient: tf.Tensor2D,
    losses: tf.Tensor2D,
    schedule: AdamSchedule,
    supervised: boolean,
  ): DeviceUpdate {
    const { constants, zeros } = this;
    const squaredNorms: tf.Tensor2D = tf.matMul(tf.square(gradient), this.membersTransposed);
    const sizes = tf.concat([squaredNorms, losses], 1);
    const isSound = tf.all(tf.logicalAnd(tf.isFinite(sizes), tf.lessEqual(tf.abs(sizes), this.limits)));
    const accepted = tf.reshape(tf.cast(isSound, "float32"), [1, 1]);
    const scales = this.everywhere(
      tf.where(isSound, this.clipping(squaredNorms, supervised), tf.zeros([1, NUM_SEGMENTS])),
    );
    const correction = tf.gather(schedule.corrections, state.accepted);
    const rates = this.everywhere(tf.mul(schedule.rates[Number(supervised)], tf.mul(correction, accepted)));
    // A gradient that is refused may be NaN, which no factor makes 0.
    const learns = tf.greater(scales, zeros);
    const g = tf.where(learns, tf.mul(gradient, scales), zeros);
    const share = tf.cast(learns, "float32");
    const m = tf.add(state.m, tf.mul(tf.mul(share, constants.get(1 - BETA1)), tf.sub(g, state.m)));
    const v = tf.add(state.v, tf.mul(tf.mul(share, constants.get(1 - BETA2)), tf.sub(tf.square(g), state.v)));
    const step = tf.div(tf.mul(rates, m), tf.add(tf.sqrt(v), constants.get(EPSILON)));
    const next = {
      params: tf.sub(state.params, step) as tf.Tensor2D,
      m: m as tf.Tensor2D,
      v: v as tf.Tensor2D,
      accepted: tf.add(state.accepted, tf.cast(isSound, "int32")) as tf.Tensor1D,
    };
    return { next, row: tf.concat([sizes, accepted], 1) as tf.Tensor2D };
  }

  /** By what each segment's gradient is multiplied: shortened to the longest that is allowed, or 0 where it does not learn. */
  private clipping(squaredNorms: tf.Tensor2D, supervised: boolean): tf.Tensor2D {
    const longest = this.constants.get(this.ppo.maxGradientNorm);
    const scale = tf.div(longest, tf.maximum(tf.sqrt(squaredNorms), longest));
    return tf.mul(scale, this.learning[Number(supervised)]);
  }

  /** A number for each segment as one for each parameter. [1, 4] → [1, P] */
  private everywhere(ofSegments: tf.Tensor): tf.Tensor2D {
    return tf.matMul(ofSegments as tf.Tensor2D, this.members);
  }
}
