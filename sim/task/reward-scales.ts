import type { RewardName } from "./reward.js";

/** Reward terms that count by how they compare with their own running means, so that none drowns the others. */
const SCALED_REWARDS: readonly RewardName[] = ["energy", "torqueSaturation", "externalWork", "contactError"];
/** Part of an iteration's mean in the running mean. */
const NEW_SHARE = 0.1;

/** Running means of reward terms over all robots. The environments of all workers use the same ones. */
export class RewardScales {
  /** 0 where nothing is known yet. [SCALED_REWARDS] */
  readonly means = new Float64Array(SCALED_REWARDS.length);
  /** Robot steps, and sums of the terms, since the last `advance`: workers add theirs up before it. */
  readonly sums = new Float64Array(1 + SCALED_REWARDS.length);
  /** Of the robot that was last looked at. [SCALED_REWARDS] */
  private readonly latest = new Float64Array(SCALED_REWARDS.length);

  /** A term over its running mean, 0 as long as there is none (NaN if it is not finite); terms that are not scaled, as they are. */
  relative(name: RewardName, value: number): number {
    const i = SCALED_REWARDS.indexOf(name);
    if (i < 0) return value;
    this.latest[i] = value;
    return this.means[i] > 0 ? value / this.means[i] : 0 * value;
  }

  /** Counts the terms that were last asked for. To be called after each step of a robot that did not break down. */
  countStep(): void {
    this.sums[0] += 1;
    for (let i = 0; i < this.latest.length; i++) this.sums[1 + i] += this.latest[i];
  }

  /** Takes the sums into the means, and clears them. */
  advance(): void {
    const { means, sums } = this;
    for (let i = 0; i < means.length; i++) {
      const mean = sums[1 + i] / Math.max(1, sums[0]);
      means[i] += (means[i] > 0 ? NEW_SHARE : 1) * (mean - means[i]);
    }
    sums.fill(0);
  }
}
