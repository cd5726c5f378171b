/** What kinds of ground there are, and how hard they get. */

/** patchy: rough ground that fades into flat ground and back every few metres. */
const NOISE_KINDS = ["rough", "patchy"] as const;

/** Ground that is built in tiles, each around a platform where robots start. slippery: flat, with slippery squares. */
export const TILE_KINDS = [
  "slope-up",
  "slope-down",
  "stairs-up",
  "stairs-down",
  "steps",
  "gaps",
  "stones",
  "beam",
  "slippery",
] as const;

/** mixed: tiles of all these kinds side by side. */
export const TERRAIN_KINDS = ["flat", ...NOISE_KINDS, ...TILE_KINDS, "mixed"] as const;

export type TileKind = (typeof TILE_KINDS)[number];
export type TerrainKind = (typeof TERRAIN_KINDS)[number];

/** Tiles have platforms to start on and something ahead; other ground is alike in all directions. */
export function isTiled(kind: TerrainKind): boolean {
  return kind === "mixed" || isTileKind(kind);
}

export function isTileKind(kind: TerrainKind): kind is TileKind {
  return TILE_KINDS.includes(kind as TileKind);
}

export const MAX_TERRAIN_LEVEL = 3;

const NAMES: Record<TerrainKind, string> = {
  flat: "flat ground",
  rough: "rough ground",
  patchy: "patchy ground",
  "slope-up": "slope up",
  "slope-down": "slope down",
  "stairs-up": "stairs up",
  "stairs-down": "stairs down",
  steps: "discrete steps",
  gaps: "gaps",
  stones: "stepping stones",
  beam: "narrow beam",
  slippery: "slippery patches",
  mixed: "mixed ground",
};

/** In words: "stairs up, level 2". */
export function terrainName(kind: TerrainKind, level: number): string {
  return kind === "flat" || level === 0 ? NAMES.flat : `${NAMES[kind]}, level ${level}`;
}
