/** Numbers as Foxglove's messages hold them. */

import type { Pose, Quaternion, Time, Vector3 } from "@foxglove/schemas";

/** Micrometres and microradians: what a log's 32-bit numbers hold beyond that only makes the text longer. */
const DECIMALS = 6;

export function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

/** The three numbers of `values` from `offset` on. */
export function vectorOf(values: ArrayLike<number>, offset = 0): Vector3 {
  return { x: rounded(values[offset]), y: rounded(values[offset + 1]), z: rounded(values[offset + 2]) };
}

/** The four numbers of `values`, x y z w, from `offset` on. */
export function quaternionOf(values: ArrayLike<number>, offset = 0): Quaternion {
  return { ...vectorOf(values, offset), w: rounded(values[offset + 3]) };
}

export function poseOf(position: ArrayLike<number>, orientation: ArrayLike<number>): Pose {
  return { position: vectorOf(position), orientation: quaternionOf(orientation) };
}

export function timeOf(ns: bigint): Time {
  return { sec: Number(ns / 1_000_000_000n), nsec: Number(ns % 1_000_000_000n) };
}
