/**
 * Shapes of single tiles: slopes, stairs, discrete steps, gaps, stepping stones and beams around a platform, 0 m at the rim.
 *
 * Ranges are those of legged_gym's terrain generator over its difficulty 0 ... 0.9, in three levels; heights, gaps, stones and
 * the platform at half its size, as Isaac Lab halves obstacles for the A1. Stairs' treads and obstacles' sides are as they are
 * there. All of them are whole numbers of cells, and walls are slopes over one cell.
 */

import type { Rng } from "../rng.js";
import type { TileKind } from "./kinds.js";

/** The square of a height field that a tile takes up. */
export interface TileArea {
  readonly heightsM: Float32Array;
  /** Index of its first vertex, and of the next in x less that: the next in y follows at once. */
  readonly first: number;
  readonly stride: number;
  /** Along each side: vertices are one more. */
  readonly cells: number;
  readonly cellM: number;
}

/** A robot of half a metre turns on it without leaving it. */
export const PLATFORM_M = 1.6;
/** legged_gym's rows are of difficulties 0, 0.1 ... 0.9. */
const DIFFICULTY_PER_LEVEL = 0.3;
const SLOPE_PER_DIFFICULTY = 0.4;
/** legged_gym's 0.31 m, to whole cells of 0.04 m. */
const TREAD_M = 0.32;
/** At difficulty 0, and more per difficulty. */
const STAIR_RISE_M = [0.025, 0.09] as const;
const STEP_HEIGHT_M = [0.025, 0.1] as const;
const STEP_SIDE_M = [1, 2] as const;
/** legged_gym's 20 on a tile of 8 m. */
const STEPS_PER_M2 = 20 / 64;
const GAP_PER_DIFFICULTY_M = 0.5;
/** From one gap to the next. legged_gym has one on a tile. */
const GAP_EVERY_M = 2;
const STONE_M = [0.79, -0.75] as const;
/** legged_gym's 0.05 m at half its size would be no whole cell with two walls. */
const STONE_DISTANCE_M = 0.08;
/** No model: from twice the width of the A1's stance to hardly more than it, 0.3 m. */
const BEAM_M = [1, -0.75] as const;
/** A leg's length: who steps in, falls. */
const PIT_DEPTH_M = 0.5;

type Range = readonly [atZero: number, perDifficulty: number];
type Shape = (area: TileArea, difficulty: number, rng: Rng) => void;

const SHAPES: Record<TileKind, Shape> = {
  "slope-up": (area, difficulty) => slope(area, -SLOPE_PER_DIFFICULTY * difficulty),
  "slope-down": (area, difficulty) => slope(area, SLOPE_PER_DIFFICULTY * difficulty),
  "stairs-up": (area, difficulty) => stairs(area, -at(STAIR_RISE_M, difficulty)),
  "stairs-down": (area, difficulty) => stairs(area, at(STAIR_RISE_M, difficulty)),
  steps: (area, difficulty, rng) => steps(area, at(STEP_HEIGHT_M, difficulty), rng),
  gaps: (area, difficulty) => gaps(area, GAP_PER_DIFFICULTY_M * difficulty),
  stones: (area, difficulty, rng) => stones(area, at(STONE_M, difficulty), rng),
  beam: (area, difficulty) => beams(area, at(BEAM_M, difficulty)),
  slippery: () => {},
};

/** Writes the heights of a tile that were 0 so far. `level` 0 ... 3, above 0 */
export function shapeTile(kind: TileKind, level: number, area: TileArea, rng: Rng): void {
  SHAPES[kind](area, DIFFICULTY_PER_LEVEL * level, rng);
}

function at([atZero, perDifficulty]: Range, difficulty: number): number {
  return atZero + perDifficulty * difficulty;
}

/** Cells in a length, at least `least`. */
function cellsIn({ cellM }: TileArea, lengthM: number, least = 1): number {
  return Math.max(least, Math.round(lengthM / cellM));
}

function raise({ heightsM, first, stride, cells }: TileArea, heightM: (ix: number, iy: number) => number): void {
  for (let ix = 0; ix <= cells; ix++) {
    for (let iy = 0; iy <= cells; iy++) heightsM[first + ix * stride + iy] = heightM(ix, iy);
  }
}

/** Cells from a vertex to the platform's edge, by the greater of the distances in x and y; 0 on the platform. */
function cellsFromPlatform(area: TileArea, ix: number, iy: number): number {
  const fromRim = Math.min(ix, iy, area.cells - ix, area.cells - iy);
  return Math.max(0, (area.cells - cellsIn(area, PLATFORM_M)) / 2 - fromRim);
}

/** A pyramid of square rings with the platform on top, or upside down. `heightM` of cells from the rim */
function pyramid(area: TileArea, heightM: (cellsFromRim: number) => number): void {
  const top = (area.cells - cellsIn(area, PLATFORM_M)) / 2;
  raise(area, (ix, iy) => heightM(top - cellsFromPlatform(area, ix, iy)));
}

function slope(area: TileArea, gradient: number): void {
  pyramid(area, (cellsFromRim) => gradient * area.cellM * cellsFromRim);
}

function stairs(area: TileArea, riseM: number): void {
  const tread = cellsIn(area, TREAD_M);
  pyramid(area, (cellsFromRim) => riseM * Math.floor(cellsFromRim / tread));
}

/** Rectangles of -1, -1/2, 1/2 or 1 times the height, one over the other, none on the platform. */
function steps(area: TileArea, heightM: number, rng: Rng): void {
  const { cells, cellM, heightsM, first, stride } = area;
  const count = Math.round(STEPS_PER_M2 * (cells * cellM) ** 2);
  for (let i = 0; i < count; i++) {
    const sideX = cellsIn(area, rng.uniform(...STEP_SIDE_M));
    const sideY = cellsIn(area, rng.uniform(...STEP_SIDE_M));
    const startX = rng.integer(cells - sideX + 1);
    const startY = rng.integer(cells - sideY + 1);
    const half = [-2, -1, 1, 2][rng.integer(4)];
    for (let ix = startX; ix <= startX + sideX; ix++) {
      for (let iy = startY; iy <= startY + sideY; iy++) {
        if (cellsFromPlatform(area, ix, iy) > 0) heightsM[first + ix * stride + iy] = (half / 2) * heightM;
      }
    }
  }
}

/** Square rings. Their openings are `gapM` wide at the top. */
function gaps(area: TileArea, gapM: number): void {
  const gap = cellsIn(area, gapM, 2);
  const every = cellsIn(area, GAP_EVERY_M);
  raise(area, (ix, iy) => {
    const cells = cellsFromPlatform(area, ix, iy);
    return cells % every > 0 && cells % every < gap ? -PIT_DEPTH_M : 0;
  });
}

/** Square stones in rows, each row shifted at random. */
function stones(area: TileArea, stoneM: number, rng: Rng): void {
  const stone = cellsIn(area, stoneM, 2);
  const pitch = stone + cellsIn(area, STONE_DISTANCE_M, 2);
  const shifts = Array.from({ length: Math.ceil((area.cells + 1) / pitch) }, () => rng.integer(pitch));
  raise(area, (ix, iy) => {
    const isStone = ix % pitch <= stone && (iy + shifts[Math.floor(ix / pitch)]) % pitch <= stone;
    return isStone || cellsFromPlatform(area, ix, iy) === 0 ? 0 : -PIT_DEPTH_M;
  });
}

/** Four beams, from the platform to the middles of the rim's sides. */
function beams(area: TileArea, beamM: number): void {
  const halfBeam = cellsIn(area, beamM / 2);
  const middle = area.cells / 2;
  raise(area, (ix, iy) => {
    const onBeam = Math.min(Math.abs(ix - middle), Math.abs(iy - middle)) <= halfBeam;
    return onBeam || cellsFromPlatform(area, ix, iy) === 0 ? 0 : -PIT_DEPTH_M;
  });
}
