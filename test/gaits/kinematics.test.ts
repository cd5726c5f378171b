import { describe, expect, it } from "vitest";
import { footJacobian, footPosition, legJointAngles } from "../../gaits/kinematics.js";
import { A1_GEOMETRY } from "./a1-geometry.js";

const f32 = (...values: number[]) => Float32Array.from(values);

function position(leg: number, q: Float32Array): Float32Array {
  const out = new Float32Array(3);
  footPosition(out, 0, A1_GEOMETRY, leg, q, 0);
  return out;
}

function angles(leg: number, target: Float32Array): Float32Array {
  const out = new Float32Array(3);
  legJointAngles(out, 0, A1_GEOMETRY, leg, target, 0);
  return out;
}

function expectClose(actual: Float32Array, expected: number[], digits: number): void {
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
}

/** Joint angles all over the workspace below the hip, clear of the limits' edges. */
function* poses(): Generator<[number, Float32Array]> {
  for (let leg = 0; leg < 4; leg++) {
    for (let hip = -0.75; hip <= 0.76; hip += 0.3) {
      for (let calf = -2.6; calf <= -0.95; calf += 0.3) {
        // -calf / 2 points the leg straight down; the fan about it keeps the foot below the hip.
        for (let fan = -1.2; fan <= 1.21; fan += 0.3) yield [leg, f32(hip, Math.max(-1, fan - calf / 2), calf)];
      }
    }
  }
}

describe("footPosition", () => {
  it("is right in poses that can be worked out by hand", () => {
    // Thigh straight down, calf straight back up to level: knee at z -0.2, calf bent by -90° points forward.
    expectClose(position(0, f32(0, 0, -Math.PI / 2)), [0.183 + 0.2, 0.132, -0.2], 6);
    // Nominal pose: both links 0.75 rad off the vertical, -0.4 cos 0.75 = -0.4 · 0.731689 = -0.292676
    expectClose(position(3, f32(0, 0.75, -1.5)), [-0.183, -0.132, -0.292676], 5);
    // Same leg rolled by +90° about the hip: down becomes left (+y), right (-0.085) becomes down.
    expectClose(position(3, f32(Math.PI / 2, 0.75, -1.5)), [-0.183, -0.047 + 0.292676, -0.085], 5);
  });

  it("reads and writes at offsets", () => {
    const q = f32(9, 9, 0, 0.75, -1.5, 9);
    const out = new Float32Array(5);
    footPosition(out, 1, A1_GEOMETRY, 0, q, 2);
    expectClose(out, [0, 0.183, 0.132, -0.292676, 0], 5);
  });
});

describe("footJacobian", () => {
  it("equals finite differences of the position", () => {
    const jacobian = new Float32Array(9);
    const stepRad = 2 ** -8;
    for (const [leg, q] of poses()) {
      footJacobian(jacobian, A1_GEOMETRY, leg, q, 0);
      for (let joint = 0; joint < 3; joint++) {
        const plus = q.slice();
        const minus = q.slice();
        plus[joint] += stepRad;
        minus[joint] -= stepRad;
        const above = position(leg, plus);
        const below = position(leg, minus);
        for (let axis = 0; axis < 3; axis++) {
          // Central differences: 0.4 m · h² / 6 = 1e-6 of truncation, 3e-8 / h = 8e-6 of rounding
          const slope = (above[axis] - below[axis]) / (plus[joint] - minus[joint]);
          expect(Math.abs(jacobian[3 * axis + joint] - slope)).toBeLessThan(5e-5);
        }
      }
    }
  });
});

describe("legJointAngles", () => {
  it("inverts the position over the workspace", () => {
    let count = 0;
    for (const [leg, q] of poses()) {
      const solved = angles(leg, position(leg, q));
      for (let joint = 0; joint < 3; joint++) expect(Math.abs(solved[joint] - q[joint])).toBeLessThan(2e-5);
      count++;
    }
    expect(count).toBeGreaterThan(1000);
  });

  it("stretches towards a target that is too far, up to the calf's limit", () => {
    // Straight below the thigh joint, 1 m away: the foot stays on that line. Calf at its limit -0.92 makes the leg
    // 0.4 cos 0.46 = 0.4 · 0.896052 = 0.358421 long.
    const q = angles(0, f32(0.183, 0.132, -1));
    expect(q[2]).toBeCloseTo(-0.92, 6);
    expectClose(position(0, q), [0.183, 0.132, -0.358421], 5);
  });

  it("folds towards a target that is too near, down to the calf's limit", () => {
    // Calf at -2.7: 0.4 cos 1.35 = 0.4 · 0.219007 = 0.087603
    const q = angles(1, f32(0.183, -0.132, -0.01));
    expectClose(position(1, q), [0.183, -0.132, -0.087603], 5);
  });

  it("keeps the fore-aft reach of a target that is too far to the side", () => {
    const q = angles(0, f32(0.25, 0.6, -0.25));
    expect(q[0]).toBeCloseTo(0.8, 6);
    expect(position(0, q)[0]).toBeGreaterThan(0.183);
  });

  it("comes as near as its plane allows where the hip angle is clamped", () => {
    // (0, 0.3, -0.05) m from the hip joint asks for atan2(0.3, 0.05) - atan2(0.085, 0.292) = 1.12 rad; at 0.8 rad the
    // target lies 0.3 sin 0.8 + 0.05 cos 0.8 = 0.250042 m down the leg's plane, and the foot at
    // y = 0.085 cos 0.8 + 0.250042 sin 0.8 = 0.238589, z = 0.085 sin 0.8 - 0.250042 cos 0.8 = -0.113231
    const q = angles(0, f32(0.183, 0.047 + 0.3, -0.05));
    expectClose(position(0, q), [0.183, 0.047 + 0.238589, -0.113231], 5);
  });

  it("reaches over the hip where the thigh's limits allow it", () => {
    const q = angles(0, f32(0.183 + 0.02, 0.047 + 0.085, 0.5));
    // In the plane at hip 0.8 rad: w = 0.5 cos 0.8 - 0.085 sin 0.8 = 0.287378 m up
    expect(q[1]).toBeGreaterThan(Math.PI);
    const w = -0.2 * Math.cos(q[1]) - 0.2 * Math.cos(q[1] + q[2]);
    expect(w).toBeCloseTo(0.287378, 5);
    expect(position(0, q)[0]).toBeCloseTo(0.183 + 0.02, 5);
  });

  it("is finite and within limits for any target, however unreachable", () => {
    const grid = [-1e6, -1, -0.3, -0.085, -0.02, 0, 0.02, 0.085, 0.3, 1, 1e6];
    for (let leg = 0; leg < 4; leg++) {
      const [hipX, hipY] = A1_GEOMETRY.hipOffsetM.subarray(3 * leg, 3 * leg + 2);
      for (const x of grid) {
        for (const y of grid) {
          for (const z of grid) {
            const q = angles(leg, f32(hipX + x, hipY + y, z));
            for (let joint = 0; joint < 3; joint++) {
              expect(q[joint]).toBeGreaterThanOrEqual(A1_GEOMETRY.qMinRad[3 * leg + joint]);
              expect(q[joint]).toBeLessThanOrEqual(A1_GEOMETRY.qMaxRad[3 * leg + joint]);
            }
          }
        }
      }
    }
  });
});
