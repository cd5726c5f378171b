/** Our ground in MuJoCo: the same triangles. */

import type { Terrain } from "../../sim/terrain/height-field.js";
import { PLANE } from "./mjcf.js";

/** Thickness of the ground under its lowest point, m: what sinks in is pushed out of it upwards. */
const BASE_M = 1;

/** Elements of the ground, and the elevations (0 lowest, 1 highest) that MuJoCo's height field is to have. */
export interface MujocoGround {
  readonly asset: string;
  readonly geom: string;
  readonly elevation: Float32Array;
}

/**
 * MuJoCo's height fields have columns along their x axis and rows along y, and split each cell from its vertex of lowest row and
 * column to the opposite one; ours are split along the other diagonal. Turned by 90° about z, its diagonals are ours: its x is the
 * world's y, its y the world's −x.
 */
export function mujocoGround({ heightsM, verticesPerSide: n, sizeM }: Terrain): MujocoGround {
  if (heightsM.length === 0) return { ...PLANE, elevation: new Float32Array(0) };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const height of heightsM) {
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  const range = high - low;
  const elevation = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      elevation[row * n + column] = (heightsM[(n - 1 - row) * n + column] - low) / range;
    }
  }
  return {
    asset: `<hfield name="ground" nrow="${n}" ncol="${n}" size="${sizeM / 2} ${sizeM / 2} ${range} ${BASE_M}"/>`,
    geom: `<geom type="hfield" hfield="ground" pos="0 0 ${low}" quat="${Math.SQRT1_2} 0 0 ${Math.SQRT1_2}" contype="1" conaffinity="0"/>`,
    elevation,
  };
}
