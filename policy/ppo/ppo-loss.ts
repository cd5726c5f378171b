/**
 * Gradients of PPO's losses (Schulman et al. 2017) with respect to the networks' outputs, for a diagonal Gaussian policy:
 *   L = −E[min(ρ A, clip(ρ, 1 − ε, 1 + ε) A)] − w_H · H + ½ E[(V − R)²],  ρ = π(a|s) / π_old(a|s).
 * Plain loops over typed arrays: on the WASM backend they cost less than the tensor operations would.
 */

import type { Rollout } from "./rollout.js";

/** Keeps exp finite when a policy has moved far within one minibatch. */
export const MAX_LOG_RATIO = 20;

/**
 * Policy part.
 * @param dMean out: d L / d mean, [B, A]
 * @param dLogStd out: d L / d log std, added to, [A] from `dLogStdOffset`
 * @param mean the network's output for the minibatch, [B, A]
 * @param logStd current log standard deviations, [A]; `oldStd` those that drew the actions, not as logarithms
 * @param indices samples of the rollout that make the minibatch, [B]
 * @returns mean KL divergence from the old policy to the current one
 */
export function policyGradient(
  dMean: Float32Array,
  dLogStd: Float32Array,
  dLogStdOffset: number,
  mean: Float32Array,
  logStd: Float32Array,
  oldStd: Float32Array,
  rollout: Rollout,
  indices: Int32Array,
  advantageMean: number,
  advantageStd: number,
  clip: number,
  entropyWeight: number,
): number {
  const A = rollout.numActions;
  const B = indices.length;
  const inverseStd = logStd.map((value) => Math.exp(-value));
  let kl = 0;
  for (let b = 0; b < B; b++) {
    const k = indices[b];
    let logProb = 0;
    for (let i = 0; i < A; i++) {
      const z = (rollout.action[k * A + i] - mean[b * A + i]) * inverseStd[i];
      logProb -= 0.5 * z * z + logStd[i];
      kl += gaussianKl(mean[b * A + i] - rollout.output[k * A + i], oldStd[i], logStd[i], inverseStd[i]);
    }
    const advantage = (rollout.advantage[k] - advantageMean) / advantageStd;
    const ratio = Math.exp(Math.min(MAX_LOG_RATIO, logProb - rollout.logProb[k]));
    const clipped = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip;
    // d(−ρA)/d log π = −ρA; nothing where the clip is active.
    const dLogProb = clipped ? 0 : (-advantage * ratio) / B;
    for (let i = 0; i < A; i++) {
      const z = (rollout.action[k * A + i] - mean[b * A + i]) * inverseStd[i];
      dMean[b * A + i] = dLogProb * z * inverseStd[i];
      dLogStd[dLogStdOffset + i] += dLogProb * (z * z - 1);
    }
  }
  // Entropy of a Gaussian: log std + constant, per dimension.
  for (let i = 0; i < A; i++) dLogStd[dLogStdOffset + i] -= entropyWeight;
  return kl / B;
}

/** KL(N(μ₀, σ₀²) ‖ N(μ, σ²)) = log(σ/σ₀) + (σ₀² + (μ − μ₀)²) / (2σ²) − ½. */
function gaussianKl(meanShift: number, oldStd: number, logStd: number, inverseStd: number): number {
  const scaled = (oldStd * oldStd + meanShift * meanShift) * inverseStd * inverseStd;
  return logStd - Math.log(oldStd) + 0.5 * scaled - 0.5;
}

/**
 * Value part: writes d L / d V to `dValue` [B, 1].
 * @returns mean squared error of the values
 */
export function valueGradient(
  dValue: Float32Array,
  value: Float32Array,
  rollout: Rollout,
  indices: Int32Array,
): number {
  const B = indices.length;
  let squares = 0;
  for (let b = 0; b < B; b++) {
    const error = value[b] - rollout.returns[indices[b]];
    dValue[b] = error / B;
    squares += error * error;
  }
  return squares / B;
}
