/**
 * Seeded ground as a height field, and the exact height under any point of it.
 *
 * Vertices stand on a square grid around the origin: vertex (ix, iy) is at x = ix * cellM - sizeM / 2, y likewise, and its
 * height is `heightsM[ix * verticesPerSide + iy]`.
 *
 * Each cell is two triangles that share the edge from (ix + 1, iy) to (ix, iy + 1). That is the default split of
 * Rapier's height field (parry, `HeightField::triangles_at`) when its local axes z, x, y are the world's x, y, z: rotation
 * (0.5, 0.5, 0.5, 0.5), and Rapier's column-major matrix holds `heightsM` transposed, element `iy * verticesPerSide + ix`.
 */

import { InputError } from "../errors.js";
import type { Terrain, TerrainSpec } from "./height-field.js";
import { FRICTION_SQUARE_M } from "./height-field.js";
import { MAX_TERRAIN_LEVEL, ownShape, TERRAIN_KINDS, type TerrainShape } from "./kinds.js";
import { raiseNoise } from "./noise.js";
import { layTiles, MIXED_SIZE_M, planTiles } from "./tiles.js";

const SIZE_M = 40;
/**
 * Side of a cell. Gentle patchy ground, which robots are trained on, is half as fine, which spares collision tests. On rougher
 * ground the finer bumps matter: shins brush them.
 */
const CELL_M = 0.04;
const COARSE_CELL_M = 0.08;
const COARSE_UP_TO_LEVEL = 1;

/** Builds the ground that `spec` describes. Throws InputError on an unknown kind or a level outside 0..3. */
export function createTerrain(spec: TerrainSpec): Terrain {
  checkSpec(spec);
  const kind = spec.level === 0 ? "flat" : spec.kind;
  const sizeM = kind === "mixed" ? MIXED_SIZE_M : SIZE_M;
  const cellM = kind === "patchy" && spec.level <= COARSE_UP_TO_LEVEL ? COARSE_CELL_M : CELL_M;
  const verticesPerSide = Math.round(sizeM / cellM) + 1;
  const heights = kind === "flat" || kind === "slippery" ? 0 : verticesPerSide ** 2;
  const squares = kind === "mixed" || kind === "slippery" ? (sizeM / FRICTION_SQUARE_M) ** 2 : 0;
  const terrain: Terrain = {
    spec,
    sizeM,
    cellM,
    verticesPerSide,
    heightsM: new Float32Array(heights),
    frictionShare: new Float32Array(squares),
    tiles: planTiles(spec, sizeM),
  };
  const own = ownShape(kind);
  if (own) raiseShape(terrain, own);
  else if (kind === "rough" || kind === "patchy") raiseNoise(terrain);
  else layTiles(terrain);
  return terrain;
}

/** @throws InputError where the shape has no height */
function raiseShape({ spec, sizeM, cellM, verticesPerSide, heightsM }: Terrain, { heightM }: TerrainShape): void {
  for (let ix = 0; ix < verticesPerSide; ix++) {
    for (let iy = 0; iy < verticesPerSide; iy++) {
      const [x, y] = [ix * cellM - sizeM / 2, iy * cellM - sizeM / 2];
      const height = heightM(x, y, spec.level, spec.seed);
      if (!Number.isFinite(height)) {
        throw new InputError(`terrains.${spec.kind}.heightM(${x}, ${y}): got ${height}, expected a finite number`);
      }
      heightsM[ix * verticesPerSide + iy] = height;
    }
  }
}

function checkSpec({ kind, level }: TerrainSpec): void {
  if (!TERRAIN_KINDS.includes(kind)) {
    throw new InputError(`unknown terrain '${kind}': expected one of ${TERRAIN_KINDS.join(", ")}`);
  }
  if (!(level >= 0 && level <= MAX_TERRAIN_LEVEL)) {
    throw new InputError(`terrain level: got ${level}, expected 0..${MAX_TERRAIN_LEVEL}`);
  }
}
