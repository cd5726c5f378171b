/** 97.5 % quantiles of Student's t for 1, 2, ... 10 degrees of freedom. */
const T = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
/** The standard normal distribution's. */
const Z = 1.959964;

export interface MeanInterval {
  readonly mean: number;
  /** 95 % confidence interval of the mean, for normally distributed values; null for a single one, which tells no spread. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** mean ± t · s / √n, s being the values' standard deviation with n − 1 in its divisor. NaN of no values. */
export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, interval: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { mean, interval: [mean - half, mean + half] };
}

/** Beyond the table the first terms of its expansion in 1/ν, to 0.1 % (Abramowitz & Stegun 1964, 26.7.5). */
function studentT(degrees: number): number {
  if (degrees <= T.length) return T[degrees - 1];
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  return Z + first / degrees + second / degrees ** 2;
}
