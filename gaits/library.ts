import type { GaitParameters } from "./types.js";

/** Standard gravity as the source uses it, m/s². */
export const GRAVITY_M_PER_S2 = 9.81;

const SOURCE = "Humphreys & Zhou, Nature Machine Intelligence 7 (2025), doi 10.1038/s42256-025-01065-z";

type LegOffsets = GaitParameters["phaseOffset"];

function row(
  id: string,
  periodS: number,
  dutyFactor: number,
  phaseOffset: LegOffsets,
  froudeRange: readonly [number, number] | null = null,
  note = "",
): GaitParameters {
  return { id, periodS, dutyFactor, phaseOffset, froudeRange, source: note ? `${SOURCE}; ${note}` : SOURCE };
}

/** Every gait, once. Gaits with a Froude range stand in ascending order of it, without gaps. */
export const GAITS: readonly GaitParameters[] = [
  row("stand", 1.0, 1.0, [0, 0, 0, 0], [0, 0.0001]),
  row("static-walk", 1.0, 0.8, [0, 0.75, 0.5, 0.25], [0.0001, 0.0024]),
  row("walking-trot", 0.5, 0.6, [0, 0.5, 0.5, 0], [0.0024, 0.152]),
  row("trot", 0.4, 0.5, [0, 0.5, 0.5, 0], [0.152, 0.74]),
  row("run", 0.3, 0.4, [0, 0.5, 0.5, 0], [0.74, 1.5], "there a flying trot"),
  row("rotary-gallop", 0.4, 0.2, [0, 0.8571, 0.3571, 0.5], [1.5, 10]),
  // Published as 0 .5 0 .5 with an initial phase of .25: a lead that all four legs share. Written into the offsets,
  // it makes a trot and a pace differ by a quarter of a stride in every leg rather than by half of one in the hind legs.
  row("pace", 0.35, 0.5, [0.25, 0.75, 0.25, 0.75], null, "offsets include its initial phase of .25"),
  row("bound", 0.4, 0.4, [0.5, 0.5, 0, 0]),
  row("transverse-gallop", 0.5, 0.2, [0, 0.8571, 0.3571, 0.5]),
  row("pronk", 0.5, 0.5, [0, 0, 0, 0]),
  row("limp", 0.4, 0.5, [0.5, 0.5, 0.5, 0]),
  row("amble", 0.5, 0.625, [0, 0.5, 0.25, 0.75]),
  row("hop", 0.3, 0.5, [0, 0, 0, 0]),
];

/**
 * Index of a gait in `GAITS`.
 *
 * @throws RangeError naming the valid ids when there is no such gait
 */
export function gaitIndex(id: string): number {
  const index = GAITS.findIndex((gait) => gait.id === id);
  if (index < 0) throw new RangeError(`unknown gait "${id}"; valid ids: ${GAITS.map((gait) => gait.id).join(", ")}`);
  return index;
}

/** Indices in `GAITS` of the eight gaits that the source's gait selection policy chooses from. */
export const SELECTABLE_GAITS: readonly number[] = [
  "stand",
  "trot",
  "run",
  "bound",
  "pronk",
  "limp",
  "amble",
  "hop",
].map(gaitIndex);

/** True of a gait that never lifts a foot; its phases are frozen. */
export function isStanding(gait: GaitParameters): boolean {
  return gait.dutyFactor >= 1;
}

/** Strides per second, Hz; 0 for a gait that stands. */
export function strideRateHz(gait: GaitParameters): number {
  return isStanding(gait) ? 0 : 1 / gait.periodS;
}

/**
 * Froude number Fr = v² / (g h), dimensionless.
 *
 * v is the forward speed. The source puts the yaw rate in its place when the robot does not move forward, which is not
 * dimensionless; here that case takes the hips' speed about the yaw axis, omega_z r, or the backward speed if faster,
 * so that walking backward is not taken for standing.
 *
 * @param hipRadiusM distance of the hips' ground points from the yaw axis, r
 * @param legLengthM thigh and calf together, h
 */
export function froudeNumber(vxMPerS: number, yawRateRadPerS: number, hipRadiusM: number, legLengthM: number): number {
  const turning = yawRateRadPerS * hipRadiusM;
  const speedSquared = vxMPerS > 0 ? vxMPerS * vxMPerS : Math.max(vxMPerS * vxMPerS, turning * turning);
  return speedSquared / (GRAVITY_M_PER_S2 * legLengthM);
}

/**
 * Index in `GAITS` of the gait that the automatic mode picks at a Froude number: the one whose half-open range holds it,
 * and the fastest beyond the last range.
 *
 * @throws RangeError for a negative number or NaN
 */
export function gaitForFroude(froude: number): number {
  if (!(froude >= 0)) throw new RangeError(`a Froude number is >= 0, not ${froude}`);
  let fastest = 0;
  for (let i = 0; i < GAITS.length; i++) {
    const range = GAITS[i].froudeRange;
    if (range === null) continue;
    if (froude < range[1]) return i;
    fastest = i;
  }
  return fastest;
}

/** Gait stability number S = g (T D)² / h, dimensionless; larger where the feet stay down for longer. */
export function gaitStabilityNumber(gait: GaitParameters, legLengthM: number): number {
  const stanceS = gait.periodS * gait.dutyFactor;
  return (GRAVITY_M_PER_S2 * stanceS * stanceS) / legLengthM;
}
