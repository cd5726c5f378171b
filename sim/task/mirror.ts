/** What left and right are to the robot's numbers: the robot in a mirror, its sides swapped. */

import { JOINTS_PER_LEG, NUM_LEGS } from "../../gaits/types.js";

/** How a number of a row gets its value in the mirror: `sign · row[from]`. */
export interface MirrorMap {
  readonly from: Int32Array;
  readonly sign: Float32Array;
}

/**
 * How the numbers of a slice behave: vectors (x, y, z) turn y around, turning rates x and z; a velocity command its v_y and yaw
 * rate; what belongs to legs goes to the leg on the other side, and hips turn the other way.
 */
export type MirrorKind = "same" | "vector" | "turning" | "command" | "legs" | "legVectors" | "joints";

const SIGNS = { vector: [1, -1, 1], turning: [-1, 1, -1], command: [1, -1, -1], joints: [-1, 1, 1] } as const;
/** FL FR RL RR. */
const OTHER_SIDE = [1, 0, 3, 2];

/** The map of one slice. @throws RangeError for a size that the kind can't have */
export function mirrorMap(kind: MirrorKind, size: number): MirrorMap {
  if (kind === "same") return legMap([0], size, Array(size).fill(1));
  if (kind === "legs") {
    if (size % NUM_LEGS !== 0) throw new RangeError(`legs: a size of ${size}, expected a multiple of ${NUM_LEGS}`);
    return legMap(OTHER_SIDE, size / NUM_LEGS, Array(size / NUM_LEGS).fill(1));
  }
  const perLeg = kind === "legVectors" || kind === "joints";
  const expected = perLeg ? NUM_LEGS * JOINTS_PER_LEG : 3;
  if (size !== expected) throw new RangeError(`${kind}: a size of ${size}, expected ${expected}`);
  return legMap(perLeg ? OTHER_SIDE : [0], 3, SIGNS[kind === "legVectors" ? "vector" : kind]);
}

/** The maps of slices that follow each other in a row. */
export function joinMirrorMaps(maps: readonly MirrorMap[]): MirrorMap {
  let offset = 0;
  const from: number[] = [];
  for (const map of maps) {
    for (const index of map.from) from.push(offset + index);
    offset += map.from.length;
  }
  return { from: Int32Array.from(from), sign: Float32Array.from(maps.flatMap(({ sign }) => [...sign])) };
}

/** Replaces the row at `rows[offset ...]` by what it is in the mirror. `scratch` holds a row. */
export function mirrorRow({ from, sign }: MirrorMap, rows: Float32Array, offset: number, scratch: Float32Array): void {
  for (let i = 0; i < from.length; i++) scratch[i] = sign[i] * rows[offset + from[i]];
  for (let i = 0; i < from.length; i++) rows[offset + i] = scratch[i];
}

/** Blocks of `width` numbers, one for each of `order`'s legs, which they come from. */
function legMap(order: readonly number[], width: number, signs: readonly number[]): MirrorMap {
  const from = order.flatMap((leg) => Array.from({ length: width }, (_, k) => leg * width + k));
  return { from: Int32Array.from(from), sign: Float32Array.from(from, (_, i) => signs[i % width]) };
}
