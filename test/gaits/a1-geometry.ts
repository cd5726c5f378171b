import type { LegGeometry } from "../../gaits/types.js";

/** Legs like the Unitree A1's; feet stand at x ±0.183, y ±0.132 m. */
export const A1_GEOMETRY: LegGeometry = {
  hipOffsetM: Float32Array.from([0.183, 0.047, 0, 0.183, -0.047, 0, -0.183, 0.047, 0, -0.183, -0.047, 0]),
  abductionOffsetM: Float32Array.from([0.085, -0.085, 0.085, -0.085]),
  thighLengthM: 0.2,
  calfLengthM: 0.2,
  footRadiusM: 0.02,
  qMinRad: Float32Array.from([0, 1, 2, 3].flatMap(() => [-0.8, -1.05, -2.7])),
  qMaxRad: Float32Array.from([0, 1, 2, 3].flatMap(() => [0.8, 4.19, -0.92])),
};
