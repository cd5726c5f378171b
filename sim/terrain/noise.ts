/** Fractal noise: the rough ground of the reference, and its patchy variant to train on. */

import { createNoise2D } from "simplex-noise";
import { deriveSeed, Rng } from "../rng.js";
import type { Terrain } from "./height-field.js";

/** Standard deviation of the heights per level: level 2 is the reference's rough terrain, 0.018 m. */
export const HEIGHT_STD_PER_LEVEL_M = 0.009;

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

/** Fractal noise with mean 0 and the level's standard deviation. Only + - * / and sqrt: the same on every machine. */
export function raiseNoise(terrain: Terrain): void {
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
  { verticesPerSide, cellM, sizeM }: Terrain,
  heights: Float32Array,
  seed: number,
  frequencyPerM: number,
  amplitude: number,
): void {
  const rng = new Rng(seed);
  const noise = createNoise2D(() => rng.next());
  const step = cellM * frequencyPerM;
  const start = (-sizeM / 2) * frequencyPerM;
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
