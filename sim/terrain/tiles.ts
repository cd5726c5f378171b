/** Lays tiles out: one over the whole field for ground of a single kind, many side by side for mixed ground. */

import { deriveSeed, Rng } from "../rng.js";
import type { Terrain, TerrainSpec, Tile } from "./height-field.js";
import { FRICTION_SQUARE_M } from "./height-field.js";
import { isTileKind, TILE_KINDS } from "./kinds.js";
import { shapeTile } from "./shapes.js";

/** legged_gym's. */
const MIXED_TILE_M = 8;
/** As many as kinds, which stand in columns. */
export const MIXED_ROWS = TILE_KINDS.length;
export const MIXED_SIZE_M = MIXED_TILE_M * MIXED_ROWS;
/** Share of a slippery tile's squares that are slippery. */
const SLIPPERY_SHARE = 0.5;
/** What a slippery square leaves of friction: half at level 1, a tenth, as on ice, at level 3. */
const FRICTION_AT_LEVEL_0 = 0.7;
const FRICTION_PER_LEVEL = -0.2;

const STREAM_ORDER = 200;
const STREAM_TILE = 201;

/** Tiles of a field of `sizeM` around the origin; none on ground of other kinds. */
export function planTiles({ kind, level, seed, curriculum }: TerrainSpec, sizeM: number): Tile[] {
  if (level === 0) return [];
  if (kind !== "mixed") return isTileKind(kind) ? [{ kind, level, x: 0, y: 0, sideM: sizeM }] : [];
  const rng = new Rng(deriveSeed(seed, STREAM_ORDER));
  const side = MIXED_ROWS;
  const placeM = (index: number) => (index - (side - 1) / 2) * MIXED_TILE_M;
  return TILE_KINDS.flatMap((_, row) => {
    // Each row has every kind once.
    const shift = rng.integer(side);
    return TILE_KINDS.map((_, column) => ({
      kind: TILE_KINDS[(column + shift) % side],
      level: curriculum ? (level * (row + 1)) / side : level,
      x: placeM(row),
      y: placeM(column),
      sideM: MIXED_TILE_M,
    }));
  });
}

/** Shapes the ground of all tiles, and makes their slippery squares. */
export function layTiles(terrain: Terrain): void {
  terrain.tiles.forEach((tile, index) => {
    const rng = new Rng(deriveSeed(terrain.spec.seed, STREAM_TILE, index));
    if (terrain.heightsM.length > 0) shape(terrain, tile, rng);
    if (terrain.frictionShare.length > 0) fillFriction(terrain, tile, rng);
  });
  if (terrain.heightsM.length > 0) lowerToOrigin(terrain);
}

function shape({ heightsM, verticesPerSide, cellM, sizeM }: Terrain, tile: Tile, rng: Rng): void {
  const cells = Math.round(tile.sideM / cellM);
  const ix = Math.round((tile.x - tile.sideM / 2 + sizeM / 2) / cellM);
  const iy = Math.round((tile.y - tile.sideM / 2 + sizeM / 2) / cellM);
  const first = ix * verticesPerSide + iy;
  shapeTile(tile.kind, tile.level, { heightsM, first, stride: verticesPerSide, cells, cellM }, rng);
}

function fillFriction({ frictionShare, sizeM }: Terrain, { kind, level, x, y, sideM }: Tile, rng: Rng): void {
  const squares = sizeM / FRICTION_SQUARE_M;
  const startX = (x - sideM / 2 + sizeM / 2) / FRICTION_SQUARE_M;
  const startY = (y - sideM / 2 + sizeM / 2) / FRICTION_SQUARE_M;
  const slippery = FRICTION_AT_LEVEL_0 + FRICTION_PER_LEVEL * level;
  for (let ix = startX; ix < startX + sideM / FRICTION_SQUARE_M; ix++) {
    for (let iy = startY; iy < startY + sideM / FRICTION_SQUARE_M; iy++) {
      frictionShare[ix * squares + iy] = kind === "slippery" && rng.next() < SLIPPERY_SHARE ? slippery : 1;
    }
  }
}

/** The platform at the origin is at height 0, as flat ground is. */
function lowerToOrigin({ heightsM, verticesPerSide }: Terrain): void {
  const middle = (verticesPerSide - 1) / 2;
  const heightM = heightsM[middle * verticesPerSide + middle];
  for (let i = 0; i < heightsM.length; i++) heightsM[i] = heightsM[i] - heightM;
}
