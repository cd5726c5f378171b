/**
 * Stance of the gaits that leap: front legs together, hind legs together, and a flight between. Such a trunk falls onto its legs
 * and is thrown up by them, so stance feet give way and push off instead of staying at one height below the hips.
 */

import { GRAVITY_M_PER_S2 } from "./library.js";
import type { GaitParameters } from "./types.js";

/**
 * Share of the ballistic compression that the reference has. Soft, late motors give way by the rest: the gait memory alone
 * pronks without falling at 0.5 to 0.8 of it, and falls in nine of ten trials with all of it or none.
 */
export const COMPRESSION_SHARE = 0.8;

/** Bounces in a stride: 1 where all legs land together, 2 where front and hind legs take turns, 0 for gaits that do not leap. */
export function bouncesPerStride({ phaseOffset: [fl, fr, rl, rr], dutyFactor }: GaitParameters): number {
  if (fl !== fr || rl !== rr) return 0;
  const bounces = fl === rl ? 1 : 2;
  return bounces * dutyFactor < 1 ? bounces : 0;
}

/**
 * How far a bouncing trunk is above its height at touchdown during a stance of T_s, m; negative, and 0 again at lift-off.
 *
 * The ground pushes with half a sine, F(t) = π/2 · m g T/T_s · sin(π t / T_s), which carries the weight on average over a bounce
 * T = T_s + T_f. Twice integrated from the touchdown velocity −g T_f / 2 that a flight of T_f ends with:
 *
 *   z(t) = −g T_f t / 2 − g t² / 2 + g T / 2 · (t − T_s / π · sin(π t / T_s))
 *
 * @param stanceShare t / T_s, 0..1
 */
export function bounceHeight(stanceShare: number, stanceS: number, bounceS: number): number {
  const t = stanceShare * stanceS;
  const fall = (bounceS - stanceS) * t + t * t;
  const push = bounceS * (t - (stanceS / Math.PI) * Math.sin(Math.PI * stanceShare));
  return COMPRESSION_SHARE * 0.5 * GRAVITY_M_PER_S2 * (push - fall);
}

/** The push of the ground as a share of its mean over the stance: half a sine. @param stanceShare t / T_s, 0..1 */
export function bouncePush(stanceShare: number): number {
  return 0.5 * Math.PI * Math.sin(Math.PI * stanceShare);
}
