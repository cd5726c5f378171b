import { describe, expect, it } from "vitest";
import { meanInterval } from "../../../../policy/evaluation/statistics/mean-interval.js";

describe("meanInterval", () => {
  it("is mean ± t · s / √n", () => {
    // s² = (1 + 0 + 1) / 2 = 1, s/√3 = 0.57735; t of 2 degrees of freedom 4.3027: ± 2.4842.
    const { mean, interval } = meanInterval([1, 2, 3]);
    expect(mean).toBe(2);
    expect(interval![0]).toBeCloseTo(-0.4842, 4);
    expect(interval![1]).toBeCloseTo(4.4842, 4);
  });

  it("knows no spread of one value, and no mean of none", () => {
    expect(meanInterval([5])).toEqual({ mean: 5, interval: null });
    expect(meanInterval([])).toEqual({ mean: Number.NaN, interval: null });
  });

  it("goes on beyond the table of t: 2.0860 for 20 degrees of freedom, 1.9840 for 100", () => {
    // Equal numbers of −1 and 1, and one 0: the mean is 0, s² = 1 with n − 1 values of square 1. The half width is t / √n.
    const halfWidth = (n: number) => {
      const values = Array.from({ length: n }, (_, i) => (i === 0 ? 0 : (-1) ** i));
      return meanInterval(values).interval![1] * Math.sqrt(n);
    };
    expect(halfWidth(21) / 2.086).toBeCloseTo(1, 2.9);
    expect(halfWidth(101) / 1.984).toBeCloseTo(1, 4);
  });
});
