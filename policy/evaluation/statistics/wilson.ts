/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959964;

/**
 * Wilson's 95 % confidence interval for a share of `successes` out of `trials` (Wilson 1927):
 *   (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n).
 */
export function wilsonInterval(successes: number, trials: number): [number, number] {
  const p = successes / trials;
  const z2 = (Z * Z) / trials;
  const middle = (p + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials))) / (1 + z2);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
