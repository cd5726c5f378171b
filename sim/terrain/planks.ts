/** Loose boards: what physics, experiments and pictures of them agree on. */

import type { Vec3 } from "../math.js";

/** A level board, as it is laid down or let go. */
export interface Plank {
  /** Length, width and thickness, m. */
  readonly sizeM: Vec3;
  readonly massKg: number;
  /** Of its centre, m. */
  readonly position: Vec3;
  /** Of its length from the x axis. */
  readonly yawRad: number;
}

/** Those of the paper's obstacle course: length, width and thickness, m. */
export const PLANK_SIZE_M: Vec3 = [1.5, 0.1, 0.023];
export const PLANK_MASS_KG = 1.25;
/** One more that is dropped, and the oldest is picked up and dropped again. */
export const MAX_PLANKS = 24;
