import { clamp } from "./math.js";
import type { LegGeometry } from "./types.js";

// One leg: the hip turns about x, then thigh and calf about y. With q = (a, b, c), the foot lies in the leg's plane at
//   x = -l1 sin b - l2 sin(b + c),   w = -l1 cos b - l2 cos(b + c)
// and that plane, d to the side of the hip joint, is rolled by a:
//   y = d cos a - w sin a,   z = d sin a + w cos a.

/**
 * Centre of one foot in the base frame, m.
 *
 * @param out written at `outOffset`..+2
 * @param leg 0..3, FL FR RL RR
 * @param q hip, thigh and calf angle at `qOffset`..+2, rad
 */
export function footPosition(
  out: Float32Array,
  outOffset: number,
  geometry: LegGeometry,
  leg: number,
  q: Float32Array,
  qOffset: number,
): void {
  const a = q[qOffset];
  const b = q[qOffset + 1];
  const bc = b + q[qOffset + 2];
  const d = geometry.abductionOffsetM[leg];
  const { hipOffsetM, thighLengthM, calfLengthM } = geometry;
  const w = -thighLengthM * Math.cos(b) - calfLengthM * Math.cos(bc);
  out[outOffset] = hipOffsetM[3 * leg] - thighLengthM * Math.sin(b) - calfLengthM * Math.sin(bc);
  out[outOffset + 1] = hipOffsetM[3 * leg + 1] + d * Math.cos(a) - w * Math.sin(a);
  out[outOffset + 2] = hipOffsetM[3 * leg + 2] + d * Math.sin(a) + w * Math.cos(a);
}

/**
 * Jacobian of `footPosition`, d(x, y, z) / d(hip, thigh, calf), m/rad, row-major.
 *
 * @param out9 [3, 3]
 * @param q hip, thigh and calf angle at `qOffset`..+2, rad
 */
export function footJacobian(
  out9: Float32Array,
  geometry: LegGeometry,
  leg: number,
  q: Float32Array,
  qOffset: number,
): void {
  const a = q[qOffset];
  const b = q[qOffset + 1];
  const bc = b + q[qOffset + 2];
  const d = geometry.abductionOffsetM[leg];
  const { thighLengthM, calfLengthM } = geometry;
  const sinA = Math.sin(a);
  const cosA = Math.cos(a);
  const x = -thighLengthM * Math.sin(b) - calfLengthM * Math.sin(bc);
  const w = -thighLengthM * Math.cos(b) - calfLengthM * Math.cos(bc);
  const calfX = -calfLengthM * Math.sin(bc);
  out9[0] = 0;
  out9[1] = w;
  out9[2] = -calfLengthM * Math.cos(bc);
  out9[3] = -d * sinA - w * cosA;
  out9[4] = x * sinA;
  out9[5] = calfX * sinA;
  out9[6] = d * cosA - w * sinA;
  out9[7] = -x * cosA;
  out9[8] = -calfX * cosA;
}

/**
 * Joint angles that put one foot at a target, rad: the branch with the foot below the hip and the knee bent backward
 * (calf angle negative). A target out of reach is pulled in along the line from the thigh joint, and every angle is
 * clamped to its limits, so the result is finite and legal for any finite target.
 *
 * @param out hip, thigh and calf angle, written at `outOffset`..+2
 * @param leg 0..3, FL FR RL RR
 * @param foot centre of the foot in the base frame at `footOffset`..+2, m
 */
export function legJointAngles(
  out: Float32Array,
  outOffset: number,
  geometry: LegGeometry,
  leg: number,
  foot: Float32Array,
  footOffset: number,
): void {
  const { hipOffsetM, thighLengthM: l1, calfLengthM: l2, qMinRad, qMaxRad } = geometry;
  const joint = 3 * leg;
  const x = foot[footOffset] - hipOffsetM[joint];
  const y = foot[footOffset + 1] - hipOffsetM[joint + 1];
  const z = foot[footOffset + 2] - hipOffsetM[joint + 2];
  const d = geometry.abductionOffsetM[leg];

  const below = Math.sqrt(Math.max(0, y * y + z * z - d * d));
  const hip = clamp(Math.atan2(y, -z) - Math.atan2(d, below), qMinRad[joint], qMaxRad[joint]);
  // -w of the target in the plane of the hip angle taken; differs from `below` where that was clamped.
  const depth = y * Math.sin(hip) - z * Math.cos(hip);

  const cosCalf = clamp((x * x + depth * depth - l1 * l1 - l2 * l2) / (2 * l1 * l2), -1, 1);
  const calf = clamp(-Math.acos(cosCalf), qMinRad[joint + 2], qMaxRad[joint + 2]);
  const bend = Math.atan2(l2 * Math.sin(calf), l1 + l2 * Math.cos(calf));
  let thigh = Math.atan2(-x, depth) - bend;
  // The thigh may swing far past level to the rear, where the arc tangent has already jumped by a turn.
  if (thigh < qMinRad[joint + 1] && thigh + 2 * Math.PI <= qMaxRad[joint + 1]) thigh += 2 * Math.PI;

  out[outOffset] = hip;
  out[outOffset + 1] = clamp(thigh, qMinRad[joint + 1], qMaxRad[joint + 1]);
  out[outOffset + 2] = calf;
}
