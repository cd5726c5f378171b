import { gaitStabilityNumber, isStanding } from "./library.js";
import type { GaitParameters } from "./types.js";

/** Step of the source's scheduler, in which it counts the length of transitions, s. */
export const SOURCE_FRAME_S = 0.002;

/**
 * How long a bio-synchronised transition between two gaits lasts, s, at any rate of the scheduler.
 *
 *   N = round((L_A + L_B) / 2 · exp(-2 Fr))    frames, L = period / frame; one frame to and from stand
 *   n = round(min(1 + S_A / S_B, N))           frames that the counter advances a step, S the gait stability number
 *
 * so it is over after N / n source frames: soon at high speed and when leaving a stable gait for an unstable one.
 * Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z.
 */
export function transitionDurationS(from: GaitParameters, to: GaitParameters, froude: number): number {
  if (isStanding(from) || isStanding(to)) return SOURCE_FRAME_S;
  const meanPeriodS = (from.periodS + to.periodS) / 2;
  const frames = Math.max(1, roundHalfUp((meanPeriodS / SOURCE_FRAME_S) * Math.exp(-2 * froude)));
  // The leg length cancels in the ratio of the two stability numbers.
  const stabilityRatio = gaitStabilityNumber(from, 1) / gaitStabilityNumber(to, 1);
  const framesPerStep = Math.round(Math.min(1 + stabilityRatio, frames));
  return (SOURCE_FRAME_S * frames) / framesPerStep;
}

/**
 * Shortest way around the stride from one phase offset to another, cycles, in (-0.5, 0.5]; half a stride goes forward,
 * so that the leg hurries rather than walks backward.
 */
export function shortestShift(fromCycles: number, toCycles: number): number {
  const shift = toCycles - fromCycles;
  return shift - Math.ceil(shift - 0.5);
}

/** Rounds a half up even where rounding left it just below; the pace's 0.35 s makes halves of frames common. */
function roundHalfUp(value: number): number {
  return Math.round(value + 1e-9);
}
