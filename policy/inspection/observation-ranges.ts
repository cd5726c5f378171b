import type { ObservationSlice } from "../../sim/task/observation-layout.js";
import { CLIP } from "../networks/normalizer.js";

/** Below this standard deviation, in the network's units, a number never changes; from the other one on, it did in training. */
const CONSTANT_STD = 1e-6;
const CHANGING_STD = 0.01;

/** A slice of the observation, as a rollout saw it, against what the normaliser took in during training. */
export interface SliceSummary {
  readonly name: string;
  readonly unit: string;
  /** Over all its numbers, in its unit, from their origin. */
  readonly min: number;
  readonly max: number;
  /** Largest distance of a number's mean from the normaliser's, in the normaliser's standard deviations. */
  readonly shift: number;
  /** Smallest and largest of its numbers' standard deviations over the normaliser's. */
  readonly spread: readonly [number, number];
  /** Share of its numbers that the normaliser cuts off. */
  readonly clippedShare: number;
  /** How many of its numbers never change, though they did in training. */
  readonly constant: number;
}

export class ObservationRanges {
  private samples = 0;
  private readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly min: Float64Array;
  private readonly max: Float64Array;
  private readonly clipped: Float64Array;
  private readonly trainedStd: readonly number[];

  /** @param trained mean and variance of each number of the slices, as the normaliser has them */
  constructor(
    private readonly slices: readonly ObservationSlice[],
    private readonly trained: { readonly mean: readonly number[]; readonly variance: readonly number[] },
  ) {
    const size = trained.mean.length;
    this.sum = new Float64Array(size);
    this.squares = new Float64Array(size);
    this.min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.clipped = new Float64Array(size);
    this.trainedStd = trained.variance.map((variance) => Math.max(Math.sqrt(variance), CONSTANT_STD));
  }

  /** Takes in one raw observation row, which starts at `offset`. */
  add(row: Float32Array, offset: number): void {
    this.samples++;
    for (let k = 0; k < this.sum.length; k++) {
      const value = row[offset + k];
      // Means and squares are kept about the trained mean: small numbers lose no digits.
      const deviation = value - this.trained.mean[k];
      this.sum[k] += deviation;
      this.squares[k] += deviation * deviation;
      this.min[k] = Math.min(this.min[k], value);
      this.max[k] = Math.max(this.max[k], value);
      if (Math.abs(deviation) > CLIP * this.trainedStd[k]) this.clipped[k]++;
    }
  }

  summary(): SliceSummary[] {
    const { samples, sum, squares, trainedStd } = this;
    return this.slices.map(({ name, unit, scale, offset, size }) => {
      const places = Array.from({ length: size }, (_, k) => offset + k);
      const stds = places.map((k) => Math.sqrt(Math.max(0, squares[k] / samples - (sum[k] / samples) ** 2)));
      const ratios = stds.map((std, i) => std / trainedStd[offset + i]);
      return {
        name,
        unit,
        min: Math.min(...places.map((k) => this.min[k])) / scale,
        max: Math.max(...places.map((k) => this.max[k])) / scale,
        shift: Math.max(...places.map((k) => Math.abs(sum[k] / samples) / trainedStd[k])),
        spread: [Math.min(...ratios), Math.max(...ratios)] as const,
        clippedShare: places.reduce((total, k) => total + this.clipped[k], 0) / (samples * size),
        constant: stds.filter((std, i) => std < CONSTANT_STD && trainedStd[offset + i] > CHANGING_STD).length,
      };
    });
  }
}
