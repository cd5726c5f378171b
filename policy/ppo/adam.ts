/** Adam (Kingma & Ba 2015) over slices of a flat parameter vector. */

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

export class Adam {
  /** First and second moments. [P] */
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Updates so far. */
  t = 0;

  constructor(size: number) {
    this.m = new Float32Array(size);
    this.v = new Float32Array(size);
  }

  /** Starts the next update: the slices of one update share one bias correction. */
  tick(): void {
    this.t++;
  }

  /** θ ← θ − rate · m̂ / (√v̂ + ε) on [begin, end), with the slice's gradient scaled down to `maxNorm` if it is longer. */
  update(
    params: Float32Array,
    gradient: Float32Array,
    begin: number,
    end: number,
    rate: number,
    maxNorm: number,
  ): void {
    const { m, v } = this;
    const norm = norm2(gradient, begin, end);
    const scale = norm > maxNorm ? maxNorm / norm : 1;
    const step = rate * biasCorrection(this.t);
    for (let i = begin; i < end; i++) {
      const g = gradient[i] * scale;
      const mi = BETA1 * m[i] + (1 - BETA1) * g;
      const vi = BETA2 * v[i] + (1 - BETA2) * g * g;
      m[i] = mi;
      v[i] = vi;
      params[i] -= (step * mi) / (Math.sqrt(vi) + EPSILON);
    }
  }
}

/** What the rate of the t-th update is multiplied by, since both moments start at zero. */
export function biasCorrection(t: number): number {
  return Math.sqrt(1 - BETA2 ** t) / (1 - BETA1 ** t);
}

/** Euclidean norm of a slice. */
export function norm2(values: Float32Array, begin: number, end: number): number {
  let sum = 0;
  for (let i = begin; i < end; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}
