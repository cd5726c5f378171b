import type { TerrainKind, TileKind } from "./kinds.js";

/** Seeded ground. Level 0 is flat whatever the kind. */
export interface TerrainSpec {
  readonly kind: TerrainKind;
  /** 0 ... 3: 9 mm of standard deviation each on rough ground, a third of legged_gym's difficulties each on others. */
  readonly level: number;
  readonly seed: number;
  /** Of mixed ground: rows of tiles from easy to `level`, for a `TerrainCurriculum`. */
  readonly curriculum?: boolean;
}

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

/** A square of ground of one kind and level. */
export interface Tile {
  readonly kind: TileKind;
  readonly level: number;
  /** Its centre, m. */
  readonly x: number;
  readonly y: number;
  readonly sideM: number;
}

/** Side of the squares that `Terrain.frictionShare` holds, m. */
export const FRICTION_SQUARE_M = 1;
