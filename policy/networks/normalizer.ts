/** Running mean and variance of observations, in double precision. */

/** Normalised observations are cut off here: a stumble must not saturate the network. */
export const CLIP = 8;
const EPSILON = 1e-4;
/** Weight of the prior (mean 0, variance 1), in samples: keeps the first iterations from dividing by noise. */
const PRIOR_COUNT = 1000;

export interface NormalizerState {
  readonly count: number;
  readonly mean: number[];
  readonly variance: number[];
}

export class Normalizer {
  count = PRIOR_COUNT;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** 1 / standard deviation. */
  readonly inverseStd: Float64Array;

  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.inverseStd = new Float64Array(size).fill(1);
  }

  /** (x − mean) / std, clipped, of one row. */
  normalize(out: Float32Array, outOffset: number, row: Float32Array, offset: number): void {
    for (let k = 0; k < this.size; k++) {
      const z = (row[offset + k] - this.mean[k]) * this.inverseStd[k];
      out[outOffset + k] = z > CLIP ? CLIP : Math.max(z, -CLIP);
    }
  }

  /**
   * Merges a batch given by its sums (Chan et al. 1983, eq. 2.1).
   * @param sums [1 + 2 · size]: number of samples, sums, sums of squares
   */
  merge(sums: Float64Array): void {
    const n = sums[0];
    if (n === 0) return;
    const total = this.count + n;
    for (let k = 0; k < this.size; k++) {
      const mean = sums[1 + k] / n;
      const variance = Math.max(0, sums[1 + this.size + k] / n - mean * mean);
      const delta = mean - this.mean[k];
      const squares = this.variance[k] * this.count + variance * n + (delta * delta * this.count * n) / total;
      this.mean[k] = this.mean[k] + (delta * n) / total;
      this.variance[k] = squares / total;
    }
    this.count = total;
    this.refresh();
  }

  save(): NormalizerState {
    return { count: this.count, mean: [...this.mean], variance: [...this.variance] };
  }

  load(state: NormalizerState): void {
    this.count = state.count;
    this.mean.set(state.mean);
    this.variance.set(state.variance);
    this.refresh();
  }

  private refresh(): void {
    for (let k = 0; k < this.size; k++) this.inverseStd[k] = 1 / Math.sqrt(this.variance[k] + EPSILON);
  }
}

/** Adds one row to the sums that `merge` takes. */
export function addToSums(sums: Float64Array, row: Float32Array, offset: number, size: number): void {
  sums[0] += 1;
  for (let k = 0; k < size; k++) {
    const x = row[offset + k];
    sums[1 + k] += x;
    sums[1 + size + k] += x * x;
  }
}
