import { footJacobian } from "./kinematics.js";
import { JOINTS_PER_LEG, type LegGeometry } from "./types.js";

/** A leg as straight as this says nothing about the force along it, m³. */
const MIN_DETERMINANT = 1e-4;

const jacobian = new Float32Array(9);

/**
 * The ground's force on one foot, estimated from its leg's torques as if the leg had no mass and stood still: Jᵀ F = −τ, in
 * the base frame, N. (What a robot without force sensors can tell; a simulator's own contact forces jump from step to step.)
 *
 * @param out3 [3]; zeros for a leg that is all but straight
 * @param q joint angles at `offset` + 3 · leg, rad
 * @param torque joint torques at `torqueOffset` + 3 · leg, N·m
 */
export function footForce(
  out3: Float32Array,
  geometry: LegGeometry,
  leg: number,
  q: Float32Array,
  offset: number,
  torque: Float32Array,
  torqueOffset: number,
): void {
  footJacobian(jacobian, geometry, leg, q, offset + JOINTS_PER_LEG * leg);
  // With a, b, c the columns of J: F = −(τ₀ b × c + τ₁ c × a + τ₂ a × b) / (a · b × c).
  const [ax, bx, cx, ay, by, cy, az, bz, cz] = jacobian;
  const bc = [by * cz - bz * cy, bz * cx - bx * cz, bx * cy - by * cx];
  const ca = [cy * az - cz * ay, cz * ax - cx * az, cx * ay - cy * ax];
  const ab = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  const determinant = ax * bc[0] + ay * bc[1] + az * bc[2];
  const t = torqueOffset + JOINTS_PER_LEG * leg;
  for (let k = 0; k < 3; k++) {
    const sum = torque[t] * bc[k] + torque[t + 1] * ca[k] + torque[t + 2] * ab[k];
    out3[k] = Math.abs(determinant) < MIN_DETERMINANT ? 0 : -sum / determinant;
  }
}
