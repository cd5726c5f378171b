import { bouncesPerStride } from "./bounce.js";
import { GAITS, isStanding } from "./library.js";
import { clamp } from "./math.js";

// Constants of the swing foot: Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z.

/** Gain of the foothold on the velocity error, s. */
export const RAIBERT_GAIN_S = 0.03;
/** Farthest that a reference foot gets from the point under its hip, forward or backward, m. */
export const FOOT_REACH_X_M = 0.3;
/** Farthest that a reference foot gets from the point under its hip, to either side, m. */
export const FOOT_REACH_Y_M = 0.2;
/**
 * Highest point of the swing as a share of the nominal base height. The source has 0.3; on rough ground feet trip less at 0.4:
 * the gait memory alone, at 1.4 times the commands (which makes up for what it walks slower), falls in 32 of 200 trials on rough
 * level 2 with it, in 58 with 0.3.
 */
export const CLEARANCE_RATIO = 0.4;

/**
 * Of that clearance, what feet get in gaits of 0, 1 and 2 bounces in a stride. Where all leap at once the trunk rises as well, and
 * with all of it they come down late. Where front and hind legs take turns, it pitches down over those that swing: a policy of
 * eight gaits that learned with 1.5 bounds with a duty factor of 0.50 in the leg that is worst with it, 0.47 with 1.9 (table: 0.4).
 * One that learned to pronk with 0.4 is off by 0.110 in the worst leg's duty factor with it, by 0.100 with 0.5, 0.089 with 0.6.
 */
export const CLEARANCE_SHARES: readonly number[] = [1, 0.6, 1.9];

/** Largest slope of the cubic Bezier: d/ds (3 s² - 2 s³) = 6 s (1 - s) = 3/2 at s = 1/2. */
const BEZIER_PEAK_SLOPE = 1.5;

const SWINGS = GAITS.filter((gait) => !isStanding(gait)).map((gait) => ({
  lengthS: gait.periodS * (1 - gait.dutyFactor),
  clearanceShare: CLEARANCE_SHARES[bouncesPerStride(gait)],
}));

/** Shortest swing of the library, T (1 - D), s: the hop's, 0.15 s. */
const SHORTEST_SWING_S = Math.min(...SWINGS.map(({ lengthS }) => lengthS));

/** Steepest swing of the library, share of the clearance a second: the bound's, 1.9 / 0.24 s. */
const STEEPEST_SWING_PER_S = Math.max(...SWINGS.map(({ clearanceShare, lengthS }) => clearanceShare / lengthS));

/**
 * Bounds on the speed of a reference foot along each axis of the base frame, m/s. The fastest legitimate swing crosses
 * the whole reach in the shortest swing time, at the Bezier's peak slope: 1.5 · 2 · 0.30 / 0.15 = 6 m/s forward and
 * 1.5 · 2 · 0.20 / 0.15 = 4 m/s sideways. Slower swings pass unaltered, jumps become motions.
 */
export const MAX_FOOT_SPEED_X_M_PER_S = (BEZIER_PEAK_SLOPE * 2 * FOOT_REACH_X_M) / SHORTEST_SWING_S;
export const MAX_FOOT_SPEED_Y_M_PER_S = (BEZIER_PEAK_SLOPE * 2 * FOOT_REACH_Y_M) / SHORTEST_SWING_S;

/** The same bound along z, m/s: each half of the steepest swing rises or falls by its clearance, 1.5 · 2 · 0.4 h · 1.9 / 0.24. */
export function maxFootSpeedZ(nominalHeightM: number): number {
  return BEZIER_PEAK_SLOPE * 2 * CLEARANCE_RATIO * nominalHeightM * STEEPEST_SWING_PER_S;
}

/** Cubic Bezier from 0 to 1 with zero slope at both ends, s³ + 3 s² (1 - s). @param s progress, 0..1 */
export function bezier(s: number): number {
  return s * s * (s + 3 * (1 - s));
}

/** Height of a swing foot as a share of its clearance: the Bezier up, then down. @param s progress, 0..1 */
export function swingHeight(s: number): number {
  return bezier(2 * Math.min(s, 1 - s));
}

/**
 * One axis of the Raibert foothold relative to the point under the hip, m, clamped to ± `reachM`:
 *
 *   p = v_hip T_stance / 2 + k_R (v_hip - v_hip,cmd) + centrifugal term
 *
 * @param centrifugalM that axis of z_base / (2 g) · (v × omega)
 */
export function raibertOffset(
  hipVelocityMPerS: number,
  hipCommandMPerS: number,
  stanceS: number,
  centrifugalM: number,
  reachM: number,
): number {
  const feedback = RAIBERT_GAIN_S * (hipVelocityMPerS - hipCommandMPerS);
  return clamp((hipVelocityMPerS * stanceS) / 2 + feedback + centrifugalM, -reachM, reachM);
}
