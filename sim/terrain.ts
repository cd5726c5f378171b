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
const CELL_M = 0.04;
const VERTICES_PER_SIDE = Math.round(SIZE_M / CELL_M) + 1;

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
  return {
    spec,
    sizeM: SIZE_M,
    cellM: CELL_M,
    verticesPerSide: VERTICES_PER_SIDE,
    heightsM: flat ? new Float32Array(0) : roughHeights(spec),
  };
}

/**
 * Height of the ground at (x, y) m, on the plane of the triangle under that point. Beyond the field, its edge goes on
 * outwards at constant height.
 */
export function heightAt(terrain: Terrain, x: number, y: number): number {
  const { heightsM, verticesPerSide: n, cellM, sizeM } = terrain;
  if (heightsM.length === 0) return 0;
  const gridX = Math.min(Math.max((x + sizeM / 2) / cellM, 0), n - 1);
  const gridY = Math.min(Math.max((y + sizeM / 2) / cellM, 0), n - 1);
  const ix = Math.min(Math.floor(gridX), n - 2);
  const iy = Math.min(Math.floor(gridY), n - 2);
  const u = gridX - ix;
  const v = gridY - iy;
  const corner = ix * n + iy;
  const h10 = heightsM[corner + n];
  const h01 = heightsM[corner + 1];
  if (u + v <= 1) {
    const h00 = heightsM[corner];
    return h00 + u * (h10 - h00) + v * (h01 - h00);
  }
  const h11 = heightsM[corner + n + 1];
  return h11 + (1 - u) * (h01 - h11) + (1 - v) * (h10 - h11);
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
function roughHeights(spec: TerrainSpec): Float32Array {
  const heightsM = new Float32Array(VERTICES_PER_SIDE ** 2);
  for (let octave = 0; octave < OCTAVES; octave++) {
    addOctave(heightsM, deriveSeed(spec.seed, octave), FREQUENCY_PER_M * LACUNARITY ** octave, GAIN ** octave);
  }
  normalize(heightsM, HEIGHT_STD_PER_LEVEL_M * spec.level);
  if (spec.kind === "patchy") fadeIntoPatches(heightsM, deriveSeed(spec.seed, STREAM_PATCHES));
  return heightsM;
}

function fadeIntoPatches(heightsM: Float32Array, seed: number): void {
  const roughness = new Float32Array(heightsM.length);
  addOctave(roughness, seed, PATCHES_PER_M, PATCH_CONTRAST);
  for (let i = 0; i < heightsM.length; i++) {
    heightsM[i] = heightsM[i] * Math.min(Math.max(0.5 + roughness[i], 0), 1);
  }
}

/** Each octave has noise of its own, else all of them would be 0 at the origin, where robots start. */
function addOctave(heights: Float32Array, seed: number, frequencyPerM: number, amplitude: number): void {
  const rng = new Rng(seed);
  const noise = createNoise2D(() => rng.next());
  const step = CELL_M * frequencyPerM;
  const start = (-SIZE_M / 2) * frequencyPerM;
  let index = 0;
  for (let ix = 0; ix < VERTICES_PER_SIDE; ix++) {
    const x = start + ix * step;
    for (let iy = 0; iy < VERTICES_PER_SIDE; iy++) {
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
