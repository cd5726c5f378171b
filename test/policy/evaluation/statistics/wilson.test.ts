import { expect, it } from "vitest";
import { wilsonInterval } from "../../../../policy/evaluation/statistics/wilson.js";

// z² = 3.84146. For 0 of n: [0, (z²/n) / (1 + z²/n)] = .0384146 / 1.0384146 = .036994 for 100.
it.each([
  [0, 100, 0, 0.036994],
  [100, 100, 1 - 0.036994, 1],
  // p̂ = .05: middle (.05 + .0192073) / 1.0384146 = .066647, half 1.959964 · √(.000475 + .0000960365) / 1.0384146 = .045104
  [5, 100, 0.021543, 0.111751],
  // p̂ = .5: 1.959964 · √(.025 + .0960365) / 1.384146 = .492629 about ½
  [5, 10, 0.236593, 0.763407],
])("%i of %i is between %f and %f", (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials);
  expect(interval[0]).toBeCloseTo(low, 5);
  expect(interval[1]).toBeCloseTo(high, 5);
});

it("narrows with the number of trials", () => {
  const width = (trials: number) => {
    const [low, high] = wilsonInterval(trials / 10, trials);
    return high - low;
  };
  // Four times the trials halve it, near enough.
  expect(width(4000) / width(1000)).toBeCloseTo(0.5, 2);
});

it("stays within 0 and 1", () => {
  for (const successes of [0, 1, 2, 3]) {
    const [low, high] = wilsonInterval(successes, 3);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(low).toBeLessThan(high);
  }
});
