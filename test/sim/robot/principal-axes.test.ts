import { describe, expect, it } from "vitest";
import { Rng } from "../../../sim/rng.js";
import { principalAxes } from "../../../sim/robot/principal-axes.js";
import { type Matrix3, matrixOf, times, transpose } from "../../support/link-poses.js";
import { model } from "../../support/world.js";

type Tensor = readonly [number, number, number, number, number, number];

function full([xx, xy, xz, yy, yz, zz]: Tensor): Matrix3 {
  return [xx, xy, xz, xy, yy, yz, xz, yz, zz];
}

function determinant([a, b, c, d, e, f, g, h, i]: Matrix3): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** R · diag(moments) · Rᵀ must be the tensor, and R a rotation without mirroring. */
function expectReproduced(tensor: Tensor): void {
  const { moments, frame } = principalAxes(tensor);
  expect(Math.hypot(...frame)).toBeCloseTo(1, 9);
  const r = matrixOf(frame);
  expect(determinant(r)).toBeCloseTo(1, 9);
  const [a, b, c] = moments;
  const size = Math.max(...tensor.map(Math.abs));
  times(times(r, [a, 0, 0, 0, b, 0, 0, 0, c]), transpose(r)).forEach((value, i) => {
    expect(Math.abs(value - full(tensor)[i])).toBeLessThan(1e-9 * size);
  });
}

describe("principal axes", () => {
  it("leaves a diagonal tensor as it is, down to zero moments", () => {
    const { moments, frame } = principalAxes([3, 0, 0, 1, 0, 2]);
    expect([...moments]).toEqual([3, 1, 2]);
    expect(Math.abs(frame[3])).toBeCloseTo(1, 12);
    expectReproduced([0, 0, 0, 1, 0, 1]);
  });

  it("finds the moments of [[2, 1, 0], [1, 2, 0], [0, 0, 5]]: 1, 3 and 5", () => {
    // (2 − λ)² = 1, with axes (1, ±1, 0)/√2.
    const { moments } = principalAxes([2, 1, 0, 2, 0, 5]);
    const sorted = [...moments].sort((a, b) => a - b);
    [1, 3, 5].forEach((moment, i) => {
      expect(sorted[i]).toBeCloseTo(moment, 12);
    });
    expectReproduced([2, 1, 0, 2, 0, 5]);
  });

  it("finds the moments of the matrix of ones plus one: 4, 1 and 1", () => {
    // J has the eigenvalues 3, 0, 0; two equal moments leave their axes free.
    const { moments } = principalAxes([2, 1, 1, 2, 1, 2]);
    const sorted = [...moments].sort((a, b) => a - b);
    [1, 1, 4].forEach((moment, i) => {
      expect(sorted[i]).toBeCloseTo(moment, 12);
    });
    expectReproduced([2, 1, 1, 2, 1, 2]);
  });

  it("reproduces any tensor from its axes, at any size", () => {
    const rng = new Rng(1);
    for (let i = 0; i < 200; i++) {
      const size = 10 ** rng.uniform(-7, 2);
      const draw = () => size * rng.normal();
      expectReproduced([draw(), draw(), draw(), draw(), draw(), draw()]);
    }
  });

  it("reproduces the tensors of the A1's links", () => {
    for (const { inertiaKgM2 } of model.links) expectReproduced(inertiaKgM2);
  });
});
