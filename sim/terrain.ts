/**
 * Seeded rough ground as a height field, and the exact height under any point of it.
 *
 * Vertices stand on a square grid from -20 to 20 m in x and y: vertex (ix, iy) is at x = ix * cellM - sizeM / 2,
 * y likewise, and its height is `heightsM[ix * verticesPerSide + iy]`.
 *
 * Each cell is two triangles that share the edge from (ix + 1, iy) to (ix, iy + 1). That is the default split of
 * Rapier's height field (parry, `HeightField::triangles_at`) when its local axes z, x, y are the world's x, y, z: rotation
 * (0.5, 0.5, 0.5, 0.5), and Rapier's column-major matrix holds `heightsM` transposed, element `iy * verticesPerSide + ix`.
 */

import { createNoise2D } from "simplex-noise";
import { InputError } from "./errors.js";
import { deriveSeed, Rng } from "./rng.js";
import type { TerrainSpec } from "./types.js";

/** patchy: rough ground that fades into flat ground and back every few metres. */
export const TERRAIN_KINDS = ["flat", "rough", "patchy"] as const;
export const MAX_TERRAIN_LEVEL = 3;
/** Standard deviation of the heights per level: level 2 is the reference's rough terrain, 0.018 m. */
export const HEIGHT_STD_PER_LEVEL_M = 0.009;

const SIZE_M = 40;
/** Side of a cell. Patchy ground, which robots are trained on, is half as fine: what no policy needs costs no collision tests. */
const CELL_M = { rough: 0.04, patchy: 0.08, flat: 0.04 } as const;

/** Octaves, lacunarity and gain as the reference states them. */
const OCTAVES = 4;
const LACUNARITY = 2;
const GAIN = 0.25;
/**
 * Of the first octave, 1/m. Fitted to the reference's rms height differences between two points 0.04 ... 2 m apart: of
 * 1.8 ... 2.4 in steps of 0.1, 2.3 is closest. (The reference states 3, in its own generator's units.)
 */
const FREQUENCY_PER_M = 2.3;

/** Patches are some 5 m across; their share of the full roughness goes all the way from 0 to 1, 0.5 in the middle. */
const PATCHES_PER_M = 0.2;
const PATCH_CONTRAST = 0.9;
const STREAM_PATCHES = 100;

/** Ground of one seed. On flat ground `heightsM` is empty. */
export interface Terrain {
  readonly spec: TerrainSpec;
  readonly sizeM: number;
  readonly cellM: number;
  readonly verticesPerSide: number;
  /** [verticesPerSide, verticesPerSide], x first; mean 0. */
  readonly heightsM: Float32Array;
}

/** Builds the ground that `spec` describes. Throws InputError on an unknown kind or a level outside 0..3. */
export function createTerrain(spec: TerrainSpec): Terrain {
  checkSpec(spec);
  const flat = spec.kind === "flat" || spec.level === 0;
  const cellM = CELL_M[spec.kind];
  const verticesPerSide = Math.round(SIZE_M / cellM) + 1;
  const heightsM = new Float32Array(flat ? 0 : verticesPerSide ** 2);
  const terrain = { spec, sizeM: SIZE_M, cellM, verticesPerSide, heightsM };
  if (!flat) raise(terrain);
  return terrain;
}

/** Plane of a triangle: z at the point that was asked for, and its slopes dz/dx and dz/dy. (Numbers in an array need no boxes.) */
const plane = new Float64Array(3);

/**
 * Height of the ground at (x, y) m, on the plane of the triangle under that point. Beyond the field, its edge goes on
 * outwards at constant height.
 */
export function heightAt(terrain: Terrain, x: number, y: number): number {
  if (terrain.heightsM.length === 0) return 0;
  findPlane(terrain, x, y);
  return plane[0];
}

/** Distance of a point to the plane of the triangle under it, m; negative below the ground. */
export function distanceToGround(terrain: Terrain, x: number, y: number, z: number): number {
  if (terrain.heightsM.length === 0) return z;
  findPlane(terrain, x, y);
  return (z - plane[0]) / Math.sqrt(1 + plane[1] ** 2 + plane[2] ** 2);
}

function findPlane({ heightsM, verticesPerSide: n, cellM, sizeM }: Terrain, x: number, y: number): void {
  const gridX = Math.min(Math.max((x + sizeM / 2) / cellM, 0), n - 1);
  const gridY = Math.min(Math.max((y + sizeM / 2) / cellM, 0), n - 1);
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

/** Fractal noise with mean 0 and the level's standard deviation. Only + - * / and sqrt: the same on every machine. */
function raise(terrain: Terrain): void {
  const { spec, heightsM } = terrain;
  for (let octave = 0; octave < OCTAVES; octave++) {
    addOctave(terrain, heightsM, deriveSeed(spec.seed, octave), FREQUENCY_PER_M * LACUNARITY ** octave, GAIN ** octave);
  }
  normalize(heightsM, HEIGHT_STD_PER_LEVEL_M * spec.level);
  if (spec.kind === "patchy") fadeIntoPatches(terrain, deriveSeed(spec.seed, STREAM_PATCHES));
}

function fadeIntoPatches(terrain: Terrain, seed: number): void {
  const { heightsM } = terrain;
  const roughness = new Float32Array(heightsM.length);
  addOctave(terrain, roughness, seed, PATCHES_PER_M, PATCH_CONTRAST);
  for (let i = 0; i < heightsM.length; i++) {
    heightsM[i] = heightsM[i] * Math.min(Math.max(0.5 + roughness[i], 0), 1);
  }
}

/** Each octave has noise of its own, else all of them would be 0 at the origin, where robots start. */
function addOctave(
  { verticesPerSide, cellM }: Terrain,
  heights: Float32Array,
  seed: number,
  frequencyPerM: number,
  amplitude: number,
): void {
  const rng = new Rng(seed);
  const noise = createNoise2D(() => rng.next());
  const step = cellM * frequencyPerM;
  const start = (-SIZE_M / 2) * frequencyPerM;
  let index = 0;
  for (let ix = 0; ix < verticesPerSide; ix++) {
    const x = start + ix * step;
    for (let iy = 0; iy < verticesPerSide; iy++) {
      heights[index] = heights[index] + amplitude * noise(x, start + iy * step);
      index++;
    }
  }
}

function normalize(heights: Float32Array, std: number): void {
  let sum = 0;
  for (let i = 0; i < heights.length; i++) sum += heights[i];
  const mean = sum / heights.length;
  let squares = 0;
  for (let i = 0; i < heights.length; i++) squares += (heights[i] - mean) ** 2;
  const scale = std / Math.sqrt(squares / heights.length);
  for (let i = 0; i < heights.length; i++) heights[i] = (heights[i] - mean) * scale;
}
