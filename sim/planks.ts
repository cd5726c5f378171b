/** Loose boards, those of the paper's obstacle course: what physics and pictures of them agree on. */

import type { Vec3 } from "./types.js";

/** Length, width and thickness, m. */
export const PLANK_SIZE_M: Vec3 = [1.5, 0.1, 0.023];
export const PLANK_MASS_KG = 1.25;
/** One more, and the oldest is picked up and dropped again. */
export const MAX_PLANKS = 24;
