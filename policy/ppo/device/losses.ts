/**
 * The losses' gradients of `ppo-loss`, `categorical-actions` and `estimator-loss`, where the equations are, as operations on
 * tensors. There are two of each because a GPU cannot run those loops, and WASM runs them faster than it would run these operations;
 * test/policy/device-learner.test.ts holds them together.
 */

import * as tf from "@tensorflow/tfjs-core";
import { ESTIMATOR_OUTPUTS } from "../../../sim/control/state-estimate.js";
import type { PpoConfig } from "../../config/schema.js";
import { FIRST_LOGIT } from "../estimator-loss.js";
import { MAX_LOG_RATIO } from "../ppo-loss.js";
import type { DeviceConstants } from "./constants.js";
import { inParts } from "./network.js";

/** What a minibatch's policy gradient needs of its samples. */
export interface PolicySamples {
  /** [B, A] */
  readonly action: tf.Tensor2D;
  /** Of the network that drew the actions. [B, numOutputs] */
  readonly output: tf.Tensor2D;
  /** The rest: [B, 1] */
  readonly logProb: tf.Tensor2D;
  /** Normalised. */
  readonly advantage: tf.Tensor2D;
  /** 1 where the robot could not follow a choice. */
  readonly locked: tf.Tensor2D | undefined;
  /** As in `Rollout`. [B, numOutputs] */
  readonly advice: tf.Tensor2D | undefined;
}

export interface LossGradient {
  /** With respect to the network's outputs, [B, outputs]. */
  readonly dOutput: tf.Tensor2D;
  /** Mean KL divergence from the policy that drew the actions, mean squared error, or mean loss. A single number. */
  readonly loss: tf.Tensor;
}

export interface GaussianGradient extends LossGradient {
  /** With respect to the log standard deviations, in parts that are to be added up. [parts, A] */
  readonly dLogStd: tf.Tensor2D;
}

/**
 * @param mean the network's output for the minibatch, [B, A]
 * @param logStd current log standard deviations, `oldLogStd` those that drew the actions. [1, A]
 */
export function gaussianGradient(
  mean: tf.Tensor2D,
  logStd: tf.Tensor2D,
  oldLogStd: tf.Tensor2D,
  samples: PolicySamples,
  ppo: PpoConfig,
  parts: number,
  constants: DeviceConstants,
): GaussianGradient {
  const batch = mean.shape[0];
  const inverseStd = tf.exp(tf.neg(logStd));
  const z = tf.mul(tf.sub(samples.action, mean), inverseStd);
  const zSquared = tf.square(z);
  const halfSquares = tf.mul(tf.sum(zSquared, 1, true), constants.get(-0.5));
  const logProb = tf.sub(halfSquares, tf.sum(logStd)) as tf.Tensor2D;
  const dLogProb = clippedGradient(logProb, samples, ppo.clip, constants);
  const dOutput = tf.mul(tf.mul(dLogProb, z), inverseStd) as tf.Tensor2D;
  const dSpread = tf.sub(zSquared, constants.get(1)) as tf.Tensor2D;
  const dLogStd = tf.reshape(tf.matMul(inParts(dLogProb, parts), inParts(dSpread, parts), true, false), [parts, -1]);
  // Entropy of a Gaussian: log std + constant, per dimension.
  const dLogStdAndEntropy = tf.sub(dLogStd, constants.get(ppo.entropyWeight / parts)) as tf.Tensor2D;
  // KL(N(μ₀, σ₀²) ‖ N(μ, σ²)) = log(σ/σ₀) + (σ₀² + (μ − μ₀)²) / (2σ²) − ½.
  const logRatio = tf.sub(logStd, oldLogStd);
  const spreads = tf.add(logRatio, tf.mul(tf.exp(tf.mul(logRatio, constants.get(-2))), constants.get(0.5)));
  const ofSpreads = tf.sum(tf.sub(spreads, constants.get(0.5)));
  const shift = tf.mul(tf.sub(mean, samples.output), inverseStd);
  const ofMeans = tf.mul(tf.sum(tf.square(shift)), constants.get(0.5 / batch));
  return { dOutput, dLogStd: dLogStdAndEntropy, loss: tf.add(ofSpreads, ofMeans) };
}

/** @param logits the network's output for the minibatch, [B, choices] */
export function categoricalGradient(
  logits: tf.Tensor2D,
  samples: PolicySamples,
  ppo: PpoConfig,
  constants: DeviceConstants,
): LossGradient {
  const [batch, choices] = logits.shape;
  const logProbs = logSoftmax(logits);
  const probs = tf.exp(logProbs);
  const entropy = tf.neg(tf.sum(tf.mul(probs, logProbs), 1, true));
  const isChoice = tf.cast(tf.oneHot(tf.cast(tf.reshape(samples.action, [batch]), "int32"), choices), "float32");
  const logProb = tf.sum(tf.mul(isChoice, logProbs), 1, true) as tf.Tensor2D;
  const dLogProb = clippedGradient(logProb, samples, ppo.clip, constants);
  // d log p_choice / d logit_i = [i = choice] − p_i,   dH / d logit_i = −p_i (log p_i + H)
  const ofChoice = tf.mul(dLogProb, tf.sub(isChoice, probs));
  const ofEntropy = tf.mul(tf.mul(probs, tf.add(logProbs, entropy)), constants.get(ppo.entropyWeight / batch));
  // d(−w log p_advice) / d logit_i = w (p_i − [i = advice])
  const towardsAdvice = tf.sub(tf.mul(probs, tf.sum(samples.advice!, 1, true)), samples.advice!);
  const ofAdvice = tf.mul(towardsAdvice, constants.get(1 / batch));
  const isFree = tf.sub(constants.get(1), samples.locked!);
  const oldLogProbs = logSoftmax(samples.output);
  const divergence = tf.mul(tf.exp(oldLogProbs), tf.sub(oldLogProbs, logProbs));
  return {
    dOutput: tf.mul(tf.add(tf.add(ofChoice, ofEntropy), ofAdvice), isFree) as tf.Tensor2D,
    loss: tf.mul(tf.sum(tf.mul(divergence, isFree)), constants.get(1 / batch)),
  };
}

/** @param values the network's output, [B, 1] @param returns [B, 1] */
export function valueGradient(values: tf.Tensor2D, returns: tf.Tensor2D, constants: DeviceConstants): LossGradient {
  const perSample = constants.get(1 / values.shape[0]);
  const error = tf.sub(values, returns);
  return { dOutput: tf.mul(error, perSample) as tf.Tensor2D, loss: tf.mul(tf.sum(tf.square(error)), perSample) };
}

/** Half the squared error of corrections, the cross entropy of contacts. @param outputs, targets [B, ESTIMATOR_OUTPUTS] */
export function estimatorGradient(
  outputs: tf.Tensor2D,
  targets: tf.Tensor2D,
  constants: DeviceConstants,
): LossGradient {
  const perSample = constants.get(1 / outputs.shape[0]);
  const isLogit = tf.tensor2d([Array.from({ length: ESTIMATOR_OUTPUTS }, (_, k) => (k < FIRST_LOGIT ? 0 : 1))]);
  const said = tf.add(outputs, tf.mul(isLogit, tf.sub(tf.sigmoid(outputs), outputs)));
  const error = tf.sub(said, targets);
  // −log σ(x) for contact, −log(1 − σ(x)) for none: log(1 + eˣ) − x · target.
  const crossEntropy = tf.sub(tf.softplus(outputs), tf.mul(outputs, targets));
  const halfSquares = tf.mul(tf.square(error), constants.get(0.5));
  const losses = tf.add(halfSquares, tf.mul(isLogit, tf.sub(crossEntropy, halfSquares)));
  return { dOutput: tf.mul(error, perSample) as tf.Tensor2D, loss: tf.mul(tf.sum(losses), perSample) };
}

/** d(−min(ρA, clip(ρ) A) / B) / d log π = −ρA / B, and nothing where the clip is active. [B, 1] */
function clippedGradient(
  logProb: tf.Tensor2D,
  samples: PolicySamples,
  clip: number,
  constants: DeviceConstants,
): tf.Tensor2D {
  const { advantage } = samples;
  const logRatio = tf.minimum(tf.sub(logProb, samples.logProb), constants.get(MAX_LOG_RATIO));
  const ratio = tf.exp(logRatio);
  const gain = tf.mul(advantage, tf.sub(ratio, constants.get(1)));
  const isClipped = tf.greater(gain, tf.mul(tf.abs(advantage), constants.get(clip)));
  const dLogProb = tf.mul(tf.mul(advantage, ratio), constants.get(-1 / logProb.shape[0]));
  return tf.where(isClipped, tf.zerosLike(dLogProb), dLogProb) as tf.Tensor2D;
}

/** Along rows. */
function logSoftmax(logits: tf.Tensor2D): tf.Tensor2D {
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
}
