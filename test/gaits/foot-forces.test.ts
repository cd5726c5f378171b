import { describe, expect, it } from "vitest";
import { footForce } from "../../gaits/foot-forces.js";
import { footJacobian } from "../../gaits/kinematics.js";
import { modelOf } from "../support/a1.js";

const { legs } = modelOf();

describe("force on a foot", () => {
  it("is the one that the leg's torques hold", () => {
    const q = Float32Array.of(0, 0, 0, 0.1, 0.8, -1.5, 0, 0, 0, 0, 0, 0);
    const force = [12, -7, 60];
    const J = new Float32Array(9);
    footJacobian(J, legs, 1, q, 3);
    // The ground pushes with F, so the motors hold with τ = −Jᵀ F.
    const torque = new Float32Array(12);
    for (let c = 0; c < 3; c++) torque[3 + c] = -(J[c] * force[0] + J[3 + c] * force[1] + J[6 + c] * force[2]);
    const found = new Float32Array(3);
    footForce(found, legs, 1, q, 0, torque, 0);
    for (let k = 0; k < 3; k++) expect(found[k]).toBeCloseTo(force[k], 3);
  });

  it("is that of a weight below a bent knee", () => {
    // Thigh turned by 0.7, calf by −1.4 from there: the foot is straight below the hip joint, the knee l sin 0.7 behind both.
    const q = Float32Array.of(0, 0.7, -1.4, ...Array(9).fill(0));
    const torque = new Float32Array(12);
    // 30 N upwards would swing the calf forward and up about the knee, to negative angles; the knee's motor holds against it.
    torque[2] = 30 * legs.calfLengthM * Math.sin(0.7);
    // It stands beside the abduction joint by the leg's own offset.
    torque[0] = -30 * legs.abductionOffsetM[0];
    const force = new Float32Array(3);
    footForce(force, legs, 0, q, 0, torque, 0);
    expect(force[2]).toBeCloseTo(30, 3);
    expect(Math.hypot(force[0], force[1])).toBeLessThan(1e-3);
  });

  it("is not told of a straight leg", () => {
    const force = Float32Array.of(1, 1, 1);
    footForce(force, legs, 0, new Float32Array(12), 0, new Float32Array(12).fill(5), 0);
    expect([...force]).toEqual([0, 0, 0]);
  });
});
