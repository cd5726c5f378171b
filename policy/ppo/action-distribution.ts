/** How a policy's outputs become actions, and what PPO makes of them: all that differs between kinds of actions. */

import type { Rng } from "../../sim/rng.js";
import type { Rollout } from "./rollout.js";

/** Normalises advantages. */
export interface AdvantageMoments {
  readonly mean: number;
  readonly std: number;
}

export interface ActionDistribution {
  /** Takes the current parameters for drawing actions. */
  begin(): void;
  /** Draws actions of step `t` from `rollout.output`; fills `action` and `logProb` there. */
  draw(rollout: Rollout, t: number, rng: Rng): void;
  /**
   * Gradient of the policy's loss.
   * @param dOutput out: with respect to the outputs, [B, rollout.numOutputs]
   * @param gradient out: with respect to parameters of the distribution's own, added to at their places
   * @param output of the network for the minibatch, [B, rollout.numOutputs]
   * @param indices samples of the rollout that make the minibatch, [B]
   * @returns mean KL divergence from the policy that drew the actions
   */
  gradient(
    dOutput: Float32Array,
    gradient: Float32Array,
    output: Float32Array,
    rollout: Rollout,
    indices: Int32Array,
    advantage: AdvantageMoments,
  ): number;
  /** Brings parameters of its own back into their limits after an update. */
  limit(): void;
  /** Parameters of its own that have grown to their upper limit. */
  numAtCeiling(): number;
  /** How much it explores, for the metrics. */
  exploration(): Record<string, number>;
}
