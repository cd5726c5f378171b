/** Picks samples out of a rollout's rows. */

import type { Rng } from "../../sim/rng.js";

/** Fisher-Yates. */
export function shuffle(order: Int32Array, rng: Rng): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    const swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
}

/** The first `width` numbers of the rows at `indices`. */
export function gather(rows: Float32Array, indices: Int32Array, stride: number, width: number): Float32Array {
  const out = new Float32Array(indices.length * width);
  for (let b = 0; b < indices.length; b++) {
    const from = indices[b] * stride;
    for (let k = 0; k < width; k++) out[b * width + k] = rows[from + k];
  }
  return out;
}

/** The first `width` numbers of `count` rows from `first` on. */
export function gatherRange(
  rows: Float32Array,
  first: number,
  count: number,
  stride: number,
  width: number,
): Float32Array {
  const out = new Float32Array(count * width);
  for (let b = 0; b < count; b++) {
    const from = (first + b) * stride;
    for (let k = 0; k < width; k++) out[b * width + k] = rows[from + k];
  }
  return out;
}
