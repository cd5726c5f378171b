import type { GaitParameters, OwnGait } from "./types.js";

/** Standard gravity as the source uses it, m/s². */
export const GRAVITY_M_PER_S2 = 9.81;

const SOURCE = "Humphreys & Zhou, Nature Machine Intelligence 7 (2025), doi 10.1038/s42256-025-01065-z";

type Row = Omit<GaitParameters, "froudeRange" | "selectable" | "source"> & {
  readonly froudeRange?: readonly [number, number];
  readonly selectable?: true;
  readonly note?: string;
};

function row({ froudeRange, selectable, note, ...timing }: Row): GaitParameters {
  return {
    ...timing,
    froudeRange: froudeRange ?? null,
    selectable: selectable ?? false,
    source: note ? `${SOURCE}; ${note}` : SOURCE,
  };
}

/**
 * The gaits that come along. Those with a Froude range stand in ascending order of it, without gaps; the selectable ones are the
 * source's. It runs at up to 2.5 m/s, trots at up to 2, and uses the other gaits in short bouts below that.
 */
const gaits: GaitParameters[] = [
  row({
    id: "stand",
    ...{ periodS: 1.0, dutyFactor: 1.0, phaseOffset: [0, 0, 0, 0], speedsMPerS: [0, 0] },
    ...{ froudeRange: [0, 0.0001], selectable: true },
  }),
  row({
    id: "static-walk",
    ...{ periodS: 1.0, dutyFactor: 0.8, phaseOffset: [0, 0.75, 0.5, 0.25], speedsMPerS: [-0.25, 0.4] },
    ...{ froudeRange: [0.0001, 0.0024] },
  }),
  row({
    id: "walking-trot",
    ...{ periodS: 0.5, dutyFactor: 0.6, phaseOffset: [0, 0.5, 0.5, 0], speedsMPerS: [-0.5, 1] },
    ...{ froudeRange: [0.0024, 0.152] },
  }),
  row({
    id: "trot",
    ...{ periodS: 0.4, dutyFactor: 0.5, phaseOffset: [0, 0.5, 0.5, 0], speedsMPerS: [-0.75, 2] },
    ...{ froudeRange: [0.152, 0.74], selectable: true },
  }),
  row({
    id: "run",
    ...{ periodS: 0.3, dutyFactor: 0.4, phaseOffset: [0, 0.5, 0.5, 0], speedsMPerS: [-0.75, 2.5] },
    ...{ froudeRange: [0.74, 1.5], selectable: true, note: "there a flying trot" },
  }),
  row({
    id: "rotary-gallop",
    ...{ periodS: 0.4, dutyFactor: 0.2, phaseOffset: [0, 0.8571, 0.3571, 0.5], speedsMPerS: [-0.75, 2] },
    ...{ froudeRange: [1.5, 10] },
  }),
  row({
    id: "pace",
    // Published as 0 .5 0 .5 with an initial phase of .25: a lead that all four legs share. Written into the offsets,
    // it makes a trot and a pace differ by a quarter of a stride in every leg rather than by half of one in the hind legs.
    ...{ periodS: 0.35, dutyFactor: 0.5, phaseOffset: [0.25, 0.75, 0.25, 0.75], speedsMPerS: [-0.75, 2] },
    note: "offsets include its initial phase of .25",
  }),
  row({
    id: "bound",
    ...{ periodS: 0.4, dutyFactor: 0.4, phaseOffset: [0.5, 0.5, 0, 0], speedsMPerS: [-0.5, 1.25] },
    selectable: true,
  }),
  row({
    id: "transverse-gallop",
    ...{ periodS: 0.5, dutyFactor: 0.2, phaseOffset: [0, 0.8571, 0.3571, 0.5], speedsMPerS: [-0.75, 2] },
  }),
  row({
    id: "pronk",
    ...{ periodS: 0.5, dutyFactor: 0.5, phaseOffset: [0, 0, 0, 0], speedsMPerS: [-0.5, 1] },
    selectable: true,
  }),
  row({
    id: "limp",
    ...{ periodS: 0.4, dutyFactor: 0.5, phaseOffset: [0.5, 0.5, 0.5, 0], speedsMPerS: [-0.3, 0.6] },
    selectable: true,
  }),
  row({
    id: "amble",
    ...{ periodS: 0.5, dutyFactor: 0.625, phaseOffset: [0, 0.5, 0.25, 0.75], speedsMPerS: [-0.5, 1] },
    selectable: true,
  }),
  row({
    id: "hop",
    ...{ periodS: 0.3, dutyFactor: 0.5, phaseOffset: [0, 0, 0, 0], speedsMPerS: [-0.5, 2] },
    selectable: true,
  }),
];

/** Every gait, once: those that come along, in this order, and behind them those that tasks have added. */
export const GAITS: readonly GaitParameters[] = gaits;

/** How many come along. */
export const NUM_LIBRARY_GAITS = gaits.length;

/**
 * Makes more gaits known to this process, in place of an earlier task's of the same id.
 *
 * @throws RangeError naming the gait, the field, its value and what was expected
 */
export function addGaits(own: readonly OwnGait[]): void {
  for (const gait of own) {
    checkGait(gait);
    const index = gaits.findIndex(({ id }) => id === gait.id);
    if (index >= 0 && index < NUM_LIBRARY_GAITS) {
      throw new RangeError(`gaits.${gait.id}: got a second gait of that id, expected one that is not taken`);
    }
    const { id, periodS, dutyFactor, phaseOffset, speedsMPerS } = gait;
    const whole = {
      id,
      periodS,
      dutyFactor,
      phaseOffset,
      speedsMPerS,
      froudeRange: null,
      selectable: false,
      source: "",
    };
    gaits[index < 0 ? gaits.length : index] = whole;
  }
}

function checkGait({ id, periodS, dutyFactor, phaseOffset, speedsMPerS }: OwnGait): void {
  const expect = (holds: boolean, field: string, value: unknown, expected: string) => {
    if (!holds) throw new RangeError(`gaits.${id}.${field}: got ${JSON.stringify(value)}, expected ${expected}`);
  };
  expect(/^[a-z][a-z0-9-]*$/.test(id), "id", id, "lower-case letters, digits and hyphens");
  expect(periodS >= 0.1 && periodS <= 3, "periodS", periodS, "0.1..3");
  expect(dutyFactor > 0 && dutyFactor <= 1, "dutyFactor", dutyFactor, "more than 0, at most 1");
  const isOffset = (offset: number) => offset >= 0 && offset < 1;
  expect(
    phaseOffset?.length === 4 && phaseOffset.every(isOffset),
    "phaseOffset",
    phaseOffset,
    "four numbers in [0, 1)",
  );
  const [slowest, fastest] = speedsMPerS ?? [];
  expect(slowest <= fastest, "speedsMPerS", speedsMPerS, "[slowest, fastest]");
}

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
export const SELECTABLE_GAITS: readonly number[] = [...GAITS.keys()].filter((index) => GAITS[index].selectable);

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
