import type { RewardTerms } from "./reward-term.js";

/** Part of an iteration's mean in the running mean. */
const NEW_SHARE = 0.1;

/** Running means of the relative reward terms over all robots. The environments of all workers use the same ones. */
export class RewardScales {
  /** The relative terms. */
  readonly names: readonly string[];
  /** 0 where nothing is known yet. [names] */
  readonly means: Float64Array;
  /** Robot steps, and sums of the terms, since the last `advance`: workers add theirs up before it. [1 + names] */
  readonly sums: Float64Array;
  /** Of the robot that was last looked at. [names] */
  private readonly latest: Float64Array;

  constructor(terms: RewardTerms) {
    this.names = Object.keys(terms).filter((name) => terms[name].relative);
    this.means = new Float64Array(this.names.length);
    this.sums = new Float64Array(1 + this.names.length);
    this.latest = new Float64Array(this.names.length);
  }

  /** A term over its running mean, 0 as long as there is none (NaN if it is not finite); terms that are not relative, as they are. */
  relative(name: string, value: number): number {
    const i = this.names.indexOf(name);
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
