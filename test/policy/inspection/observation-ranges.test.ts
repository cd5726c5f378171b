import { expect, it } from "vitest";
import { ObservationRanges } from "../../../policy/inspection/observation-ranges.js";
import type { ObservationSlice } from "../../../sim/task/observation-layout.js";

const slice = (name: string, offset: number, size: number, scale: number): ObservationSlice => {
  return { name, offset, size, scale, unit: "m", for: "actor" };
};

it("holds a rollout's range, mean and spread against the normaliser's, slice by slice", () => {
  const trained = { mean: [10, 0, 1, 7], variance: [4, 0.25, 1, 0] };
  const ranges = new ObservationRanges([slice("a", 0, 2, 2), slice("b", 2, 2, 1)], trained);
  // Rows of four numbers, each behind one that is not looked at.
  ranges.add(Float32Array.of(99, 12, 0, 5, 7), 1);
  ranges.add(Float32Array.of(99, 16, 4.5, 5, 7), 1);
  const [a, b] = ranges.summary();
  // First number: mean 14, std 2, trained 10 and 2. Second: mean 2.25, std 2.25, trained 0 and 0.5.
  expect(a).toMatchObject({ name: "a", min: 0, max: 8, shift: 4.5, constant: 0 });
  expect(a.spread[0]).toBeCloseTo(1, 6);
  expect(a.spread[1]).toBeCloseTo(4.5, 6);
  // Beyond 8 trained standard deviations: 4.5 > 8 · 0.5, one number of four.
  expect(a.clippedShare).toBe(0.25);
  // 5, twice: off by 4 standard deviations. And 7, which did not change in training either.
  expect(b).toEqual({ name: "b", unit: "m", min: 5, max: 7, shift: 4, spread: [0, 0], clippedShare: 0, constant: 1 });
});
