import { describe, expect, it } from "vitest";
import { REWARD_TERMS } from "../../../sim/task/reward.js";
import { RewardScales } from "../../../sim/task/reward-scales.js";

describe("running means of reward terms", () => {
  /** An iteration of two robot steps. */
  function iterate(scales: RewardScales, first: number, second: number): void {
    for (const value of [first, second]) {
      scales.relative("energy", value);
      scales.countStep();
    }
    scales.advance();
  }

  it("take the first mean as it is, and a tenth of each later one", () => {
    const scales = new RewardScales(REWARD_TERMS);
    expect(scales.relative("energy", 5)).toBe(0);
    scales.sums.fill(0);
    iterate(scales, 2, 6);
    expect(scales.relative("energy", 2)).toBe(0.5);
    scales.sums.fill(0);
    iterate(scales, 13, 15);
    // 4 + 0.1 · (14 − 4)
    expect(scales.relative("energy", 10)).toBeCloseTo(2, 9);
  });

  it("leave out the step of a robot that broke down, and tell of it even in the first iteration", () => {
    const scales = new RewardScales(REWARD_TERMS);
    scales.relative("energy", 2);
    scales.countStep();
    expect(scales.relative("energy", Number.NaN)).toBeNaN();
    expect(scales.relative("torqueSaturation", Number.POSITIVE_INFINITY)).toBeNaN();
    scales.relative("energy", 6);
    scales.relative("torqueSaturation", 0.5);
    scales.countStep();
    scales.advance();
    // (2 + 6) / 2, and 0.5 / 2
    expect([...scales.means]).toEqual([4, 0.25, 0, 0]);
  });

  it("leave other terms as they are", () => {
    expect(new RewardScales(REWARD_TERMS).relative("upright", 0.3)).toBe(0.3);
  });
});
