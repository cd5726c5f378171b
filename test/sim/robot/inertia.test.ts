import { describe, expect, test } from "vitest";
import { fromAxisAngle, IDENTITY } from "../../../sim/math.js";
import {
  inertiaFault,
  isPositiveDefinite,
  mergeMass,
  pointInertia,
  rotateInertia,
} from "../../../sim/robot/inertia.js";
import type { InertiaTensor } from "../../../sim/robot/urdf.js";

function expectTensor(actual: InertiaTensor, expected: InertiaTensor): void {
  for (let i = 0; i < 6; i++) expect(actual[i]).toBeCloseTo(expected[i], 12);
}

describe("mergeMass", () => {
  test("two boxes on the x axis", () => {
    // 1 kg at x = 0 and 3 kg at x = 0.4: com = (1·0 + 3·0.4)/4 = 0.3.
    // Both have the tensor diag(1, 2, 3)e-3. Distances to the com: 0.3 and 0.1, so iyy and izz grow by
    // 1·0.3² + 3·0.1² = 0.09 + 0.03 = 0.12, and ixx not at all.
    const inertiaKgM2: InertiaTensor = [1e-3, 0, 0, 2e-3, 0, 3e-3];
    const merged = mergeMass([
      { massKg: 1, comM: [0, 0, 0], inertiaKgM2 },
      { massKg: 3, comM: [0.4, 0, 0], inertiaKgM2 },
    ]);
    expect(merged.massKg).toBe(4);
    expect(merged.comM[0]).toBeCloseTo(0.3, 12);
    expectTensor(merged.inertiaKgM2, [2e-3, 0, 0, 4e-3 + 0.12, 0, 6e-3 + 0.12]);
  });

  test("two points on a diagonal make a product of inertia", () => {
    // 1 kg each at ±(0.1, 0.2, 0): ixx = 2·0.2² = 0.08, iyy = 2·0.1² = 0.02, izz = 0.1, ixy = −2·0.1·0.2 = −0.04.
    const inertiaKgM2: InertiaTensor = [0, 0, 0, 0, 0, 0];
    const merged = mergeMass([
      { massKg: 1, comM: [0.1, 0.2, 0], inertiaKgM2 },
      { massKg: 1, comM: [-0.1, -0.2, 0], inertiaKgM2 },
    ]);
    expect(merged.comM).toEqual([0, 0, 0]);
    expectTensor(merged.inertiaKgM2, [0.08, -0.04, 0, 0.02, 0, 0.1]);
  });

  test("massless parts have no say", () => {
    const part = { massKg: 2, comM: [0, 0, 1], inertiaKgM2: [1, 0, 0, 1, 0, 1] } as const;
    const frame = { massKg: 0, comM: [9, 9, 9], inertiaKgM2: [0, 0, 0, 0, 0, 0] } as const;
    expect(mergeMass([part, frame])).toEqual(part);
    expect(mergeMass([frame]).massKg).toBe(0);
  });
});

describe("rotateInertia", () => {
  const tensor: InertiaTensor = [1, 0.1, 0.2, 2, 0.3, 3];

  test("identity changes nothing", () => {
    expectTensor(rotateInertia(tensor, IDENTITY), tensor);
  });

  test("a quarter turn about z maps x to y and y to −x", () => {
    // I'yy = Ixx, I'xx = Iyy, I'xy = −Ixy, I'yz = Ixz, I'xz = −Iyz.
    expectTensor(rotateInertia(tensor, fromAxisAngle([0, 0, 1], Math.PI / 2)), [2, -0.1, -0.3, 1, 0.2, 3]);
  });

  test("an eighth of a turn about z mixes x and y", () => {
    // diag(1, 3, 5) turned by 45°: Ixx = Iyy = (1 + 3)/2 = 2, Ixy = sin·cos·(1 − 3) = −1.
    expectTensor(rotateInertia([1, 0, 0, 3, 0, 5], fromAxisAngle([0, 0, 1], Math.PI / 4)), [2, -1, 0, 2, 0, 5]);
  });
});

test("pointInertia is m (|d|² 1 − d dᵀ)", () => {
  // m = 2, d = (1, 2, 3): xx = 2·(4 + 9), yy = 2·(1 + 9), zz = 2·(1 + 4), xy = −2·1·2, xz = −2·1·3, yz = −2·2·3.
  expectTensor(pointInertia(2, [1, 2, 3]), [26, -4, -6, 20, -12, 10]);
});

describe("inertiaFault", () => {
  test("accepts bodies, thin rods and points", () => {
    expect(inertiaFault([0.0168, 8e-5, 6e-4, 0.0566, 2.5e-5, 0.0647])).toBeNull();
    expect(inertiaFault([1, 0, 0, 1, 0, 0])).toBeNull();
    expect(inertiaFault([0, 0, 0, 0, 0, 0])).toBeNull();
  });

  test("rejects an indefinite tensor", () => {
    // [[1, 2], [2, 1]] in the x-y plane has the moments 1 ± 2 = 3 and −1.
    expect(inertiaFault([1, 2, 0, 1, 0, 3])).toContain(
      "principal moments -1, 3, 3 kg m^2, expected a positive definite",
    );
  });

  test("rejects what breaks the triangle inequality by more than rounding", () => {
    expect(inertiaFault([1, 0, 0, 1, 0, 2.01])).toBeNull();
    expect(inertiaFault([1, 0, 0, 1, 0, 2.1])).toContain("1, 1, 2.1 kg m^2, expected none above the sum");
  });
});

test("a moving link needs inertia about every axis", () => {
  expect(isPositiveDefinite([1, 0, 0, 1, 0, 1])).toBe(true);
  expect(isPositiveDefinite([1, 0, 0, 1, 0, 0])).toBe(false);
});
