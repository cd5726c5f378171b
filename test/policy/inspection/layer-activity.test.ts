import { expect, it } from "vitest";
import { LayerActivity } from "../../../policy/inspection/layer-activity.js";

const activity = new LayerActivity([4, 2]);
activity.add([Float32Array.of(0, 2, 0.005, -0.99), Float32Array.of(1, 1)]);
activity.add([Float32Array.of(0, 4, 0, -0.99), Float32Array.of(3, 1)]);
const [first, second] = activity.summary();

it("counts activations next to zero, flat ones, and units that never change", () => {
  // 4 of 8 values within 0.01 of zero; 2 of 8 below -0.95; three units keep still to within 0.01.
  expect(first).toMatchObject({ units: 4, sparsity: 0.5, saturatedShare: 0.25, deadUnits: 3 });
  expect(second).toMatchObject({ units: 2, sparsity: 0, saturatedShare: 0, deadUnits: 1 });
});

it("scores layers by variance over sparsity", () => {
  // Over units, first observation: sum 1.015, squares 4 + 0.000025 + 0.9801 = 4.980125: 1.24503 - 0.25375² = 1.18064.
  // Second: sum 3.01, squares 16.9801: 4.245025 - 0.7525² = 3.67877. Mean 2.42971.
  expect(first.variance).toBeCloseTo(2.42971, 4);
  expect(first.score).toBeCloseTo(2.42971 / 0.5, 4);
  // Variances 0 and 1; no value next to zero counts as one of 4.
  expect(second.variance).toBeCloseTo(0.5, 6);
  expect(second.score).toBeCloseTo(0.5 / 0.25, 6);
  expect(first.scoreShare).toBeCloseTo(4.85942 / 6.85942, 4);
  expect(first.scoreShare + second.scoreShare).toBeCloseTo(1, 9);
});
