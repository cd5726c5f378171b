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

import { InputError } from "./errors.js";
import { MAX_TERRAIN_LEVEL, TERRAIN_KINDS } from "./terrain-kinds.js";
import { raiseNoise } from "./terrain-noise.js";
import { FRICTION_SQUARE_M, layTiles, MIXED_SIZE_M, planTiles, type Tile } from "./terrain-tiles.js";
import type { TerrainSpec } from "./types.js";

const SIZE_M = 40;
/**
 * Side of a cell. Gentle patchy ground, which robots are trained on, is half as fine, which spares collision tests. On rougher
 * ground the finer bumps matter: shins brush them.
 */
const CELL_M = 0.04;
const COARSE_CELL_M = 0.08;
const COARSE_UP_TO_LEVEL = 1;
/** Robots stay so far from the edge, m: feet are up to 0.4 m ahead of a trunk's middle, which moves by 0.05 m in a policy step. */
const EDGE_M = 0.6;

/** Ground of one seed. */
export interface Terrain {
  readonly spec: TerrainSpec;
  readonly sizeM: number;
  readonly cellM: number;
  readonly verticesPerSide: number;
  /** [verticesPerSide, verticesPerSide], x first; 0 at the origin or on average. Empty where all of it is 0. */
  readonly heightsM: Float32Array;
  /** What the robots' friction is multiplied by in squares of `FRICTION_SQUARE_M`, x first; empty where that is 1 throughout. */
  readonly frictionShare: Float32Array;
  /** Empty on flat, rough and patchy ground. */
  readonly tiles: readonly Tile[];
}

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
  if (kind === "rough" || kind === "patchy") raiseNoise(terrain);
  else layTiles(terrain);
  return terrain;
}

// Numbers in an array need no boxes, which those that are passed to a function do.
/** The point that was asked for, m. */
const point = new Float64Array(2);
/** Plane of its triangle: z at the point, and the slopes dz/dx and dz/dy. */
const plane = new Float64Array(3);

/**
 * Height of the ground at (x, y) m, on the plane of the triangle under that point. Beyond the field, its edge goes on
 * outwards at constant height.
 */
export function heightAt(terrain: Terrain, x: number, y: number): number {
  if (terrain.heightsM.length === 0) return 0;
  point[0] = x;
  point[1] = y;
  findPlane(terrain);
  return plane[0];
}

/** Distance of a point to the plane of the triangle under it, m; negative below the ground. */
export function distanceToGround(terrain: Terrain, x: number, y: number, z: number): number {
  if (terrain.heightsM.length === 0) return z;
  point[0] = x;
  point[1] = y;
  findPlane(terrain);
  return (z - plane[0]) / Math.sqrt(1 + plane[1] ** 2 + plane[2] ** 2);
}

/** What friction is multiplied by at (x, y) m. */
export function frictionShareAt({ frictionShare, sizeM }: Terrain, x: number, y: number): number {
  if (frictionShare.length === 0) return 1;
  const squares = sizeM / FRICTION_SQUARE_M;
  const ix = Math.floor((x + sizeM / 2) / FRICTION_SQUARE_M);
  const iy = Math.floor((y + sizeM / 2) / FRICTION_SQUARE_M);
  const inside = ix >= 0 && iy >= 0 && ix < squares && iy < squares;
  return inside ? frictionShare[ix * squares + iy] : 1;
}

/** False for a robot at (x, y) m whose next step could be over the edge of the height field: there is nothing to walk on. */
export function isInside({ heightsM, sizeM }: Terrain, x: number, y: number): boolean {
  return heightsM.length === 0 || Math.max(Math.abs(x), Math.abs(y)) < sizeM / 2 - EDGE_M;
}

function findPlane({ heightsM, verticesPerSide: n, cellM, sizeM }: Terrain): void {
  const gridX = Math.min(Math.max((point[0] + sizeM / 2) / cellM, 0), n - 1);
  const gridY = Math.min(Math.max((point[1] + sizeM / 2) / cellM, 0), n - 1);
  const ix = Math.min(Math.floor(gridX), n - 2);
  const iy = Math.min(Math.floor(gridY), n - 2);
  const u = gridX - ix;
  const v = gridY - iy;
  const corner = ix * n + iy;
  const h10 = heightsM[corner + n];
  const h01 = heightsM[corner + 1];
  const low = u + v <= 1;
  // The third corner: where the two triangles meet at the cell's diagonal, the other two are the same.
  const h = heightsM[low ? corner : corner + n + 1];
  const riseX = low ? h10 - h : h - h01;
  const riseY = low ? h01 - h : h - h10;
  plane[0] = low ? h + u * riseX + v * riseY : h - (1 - u) * riseX - (1 - v) * riseY;
  plane[1] = riseX / cellM;
  plane[2] = riseY / cellM;
}

function checkSpec({ kind, level }: TerrainSpec): void {
  if (!TERRAIN_KINDS.includes(kind)) {
    throw new InputError(`unknown terrain '${kind}': expected one of ${TERRAIN_KINDS.join(", ")}`);
  }
  if (!(level >= 0 && level <= MAX_TERRAIN_LEVEL)) {
    throw new InputError(`terrain level: got ${level}, expected 0..${MAX_TERRAIN_LEVEL}`);
  }
}
