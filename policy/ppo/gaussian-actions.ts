import { MAX_ACTION } from "../../sim/control/locomotion-control.js";
import type { Rng } from "../../sim/rng.js";
import type { PpoConfig } from "../config/schema.js";
import type { ActionDistribution, AdvantageMoments } from "./action-distribution.js";
import { policyGradient } from "./ppo-loss.js";
import type { Rollout } from "./rollout.js";

/** Exploration noise as large as the largest action has exploded. */
export const MAX_LOG_STD = Math.fround(Math.log(MAX_ACTION));

/** Outputs are means of independent Gaussians, whose log standard deviations are parameters of their own. */
export class GaussianActions implements ActionDistribution {
  /** Of the policy that draws. */
  private readonly std: Float32Array;

  /**
   * @param logStd view on the parameters
   * @param offset of `logStd` in the parameters
   */
  constructor(
    private readonly logStd: Float32Array,
    private readonly offset: number,
    private readonly ppo: PpoConfig,
    private readonly minStd: number,
  ) {
    this.std = new Float32Array(logStd.length);
  }

  begin(): void {
    for (let i = 0; i < this.std.length; i++) this.std[i] = Math.exp(this.logStd[i]);
  }

  draw(rollout: Rollout, t: number, rng: Rng): void {
    const { numEnvs, numActions: A } = rollout;
    for (let env = 0; env < numEnvs; env++) {
      let logProb = 0;
      for (let i = 0; i < A; i++) {
        const k = (t * numEnvs + env) * A + i;
        const noise = rng.normal();
        rollout.action[k] = rollout.output[k] + this.std[i] * noise;
        logProb -= 0.5 * noise * noise + this.logStd[i];
      }
      rollout.logProb[t * numEnvs + env] = logProb;
    }
  }

  gradient(
    dOutput: Float32Array,
    gradient: Float32Array,
    output: Float32Array,
    rollout: Rollout,
    indices: Int32Array,
    advantage: AdvantageMoments,
  ): number {
    const { offset, logStd, std, ppo } = this;
    return policyGradient(
      dOutput,
      gradient,
      offset,
      output,
      logStd,
      std,
      rollout,
      indices,
      advantage.mean,
      advantage.std,
      ppo.clip,
      ppo.entropyWeight,
    );
  }

  limit(): void {
    const { logStd } = this;
    const lowest = Math.log(this.minStd);
    for (let i = 0; i < logStd.length; i++) logStd[i] = Math.min(Math.max(lowest, logStd[i]), MAX_LOG_STD);
  }

  numAtCeiling(): number {
    return this.logStd.filter((value) => value >= MAX_LOG_STD).length;
  }

  exploration(): Record<string, number> {
    return { meanStd: this.std.reduce((a, b) => a + b, 0) / this.std.length };
  }
}
