import type { Rng } from "../../sim/rng.js";
import type { PpoConfig } from "../config/schema.js";
import type { ActionDistribution, AdvantageMoments } from "./action-distribution.js";
import { MAX_LOG_RATIO } from "./ppo-loss.js";
import type { Rollout } from "./rollout.js";

/**
 * Outputs are logits of a choice, of which the action is the index. Samples that are locked had no choice: nothing is learned of
 * them.
 */
export class CategoricalActions implements ActionDistribution {
  private readonly logProbs: Float64Array;
  private readonly oldLogProbs: Float64Array;
  private entropySum = 0;
  private draws = 0;

  constructor(
    numChoices: number,
    private readonly ppo: PpoConfig,
  ) {
    this.logProbs = new Float64Array(numChoices);
    this.oldLogProbs = new Float64Array(numChoices);
  }

  begin(): void {
    this.entropySum = 0;
    this.draws = 0;
  }

  draw(rollout: Rollout, t: number, rng: Rng): void {
    const { numEnvs, numOutputs } = rollout;
    const { logProbs } = this;
    for (let k = t * numEnvs; k < (t + 1) * numEnvs; k++) {
      this.entropySum += logSoftmax(logProbs, rollout.output, k * numOutputs);
      this.draws++;
      const choice = pick(logProbs, rng.next());
      rollout.action[k] = choice;
      rollout.logProb[k] = logProbs[choice];
    }
  }

  gradient(
    dOutput: Float32Array,
    _: Float32Array,
    output: Float32Array,
    rollout: Rollout,
    indices: Int32Array,
    advantage: AdvantageMoments,
  ): number {
    const { logProbs, oldLogProbs } = this;
    const { clip, entropyWeight } = this.ppo;
    const C = rollout.numOutputs;
    const B = indices.length;
    let kl = 0;
    for (let b = 0; b < B; b++) {
      const k = indices[b];
      if (rollout.locked[k] === 1) continue;
      const entropy = logSoftmax(logProbs, output, b * C);
      logSoftmax(oldLogProbs, rollout.output, k * C);
      const choice = rollout.action[k];
      const scaled = (rollout.advantage[k] - advantage.mean) / advantage.std;
      const ratio = Math.exp(Math.min(MAX_LOG_RATIO, logProbs[choice] - rollout.logProb[k]));
      const clipped = scaled > 0 ? ratio > 1 + clip : ratio < 1 - clip;
      const dLogProb = clipped ? 0 : -scaled * ratio;
      let adviceWeight = 0;
      for (let i = 0; i < C; i++) adviceWeight += rollout.advice[k * C + i];
      for (let i = 0; i < C; i++) {
        const p = Math.exp(logProbs[i]);
        // d log p_choice / d logit_i = [i = choice] − p_i,   dH / d logit_i = −p_i (log p_i + H)
        const ofChoice = dLogProb * ((i === choice ? 1 : 0) - p);
        // d(−w log p_advice) / d logit_i = w (p_i − [i = advice])
        const ofAdvice = adviceWeight * p - rollout.advice[k * C + i];
        dOutput[b * C + i] = (ofChoice + ofAdvice + entropyWeight * p * (logProbs[i] + entropy)) / B;
        kl += Math.exp(oldLogProbs[i]) * (oldLogProbs[i] - logProbs[i]);
      }
    }
    return kl / B;
  }

  limit(): void {}

  numAtCeiling(): number {
    return 0;
  }

  exploration(): Record<string, number> {
    return { entropy: this.entropySum / this.draws };
  }
}

/** The choice whose share of the probabilities holds `point`, 0..1. */
function pick(logProbs: Float64Array, point: number): number {
  let rest = point;
  for (let i = 0; i < logProbs.length - 1; i++) {
    rest -= Math.exp(logProbs[i]);
    if (rest < 0) return i;
  }
  return logProbs.length - 1;
}

/** Logarithms of the probabilities of the logits at `offset`. Returns their entropy, nats. */
function logSoftmax(out: Float64Array, logits: Float32Array, offset: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < out.length; i++) max = Math.max(max, logits[offset + i]);
  let sum = 0;
  for (let i = 0; i < out.length; i++) sum += Math.exp(logits[offset + i] - max);
  const logSum = max + Math.log(sum);
  let entropy = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = logits[offset + i] - logSum;
    entropy -= Math.exp(out[i]) * out[i];
  }
  return entropy;
}
