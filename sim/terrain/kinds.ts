/** What kinds of ground there are, and how hard they get. */

import { InputError } from "../errors.js";

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

export type TileKind = (typeof TILE_KINDS)[number];
/** One of TERRAIN_KINDS. */
export type TerrainKind = string;

/** Ground of a task's own, 40 m square around the origin. */
export interface TerrainShape {
  /** In words, such as "ditches across". */
  readonly says: string;
  /** Height at a point, m, at levels above 0; the same for the same seed. */
  readonly heightM: (xM: number, yM: number, level: number, seed: number) => number;
}

/** Tiles have platforms to start on and something ahead; other ground is alike in all directions. */
export function isTiled(kind: TerrainKind): boolean {
  return kind === "mixed" || isTileKind(kind);
}

export function isTileKind(kind: TerrainKind): kind is TileKind {
  return (TILE_KINDS as readonly string[]).includes(kind);
}

export const MAX_TERRAIN_LEVEL = 3;

const NAMES: Record<string, string> = {
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

/** mixed: tiles of all those kinds side by side. Then those that tasks have added. */
const kinds = ["flat", ...NOISE_KINDS, ...TILE_KINDS, "mixed"];
export const TERRAIN_KINDS: readonly TerrainKind[] = kinds;

const ownShapes = new Map<TerrainKind, TerrainShape>();

/**
 * Makes more ground known to this process, in place of an earlier task's of the same name.
 * @throws InputError for the name of ground that comes along
 */
export function addTerrains(shapes: Readonly<Record<string, TerrainShape>>): void {
  for (const [kind, shape] of Object.entries(shapes)) {
    const isKnown = kinds.includes(kind);
    if (isKnown && !ownShapes.has(kind)) {
      throw new InputError(`terrains.${kind}: got a second ground of that name, expected a name that is not taken`);
    }
    if (!isKnown) kinds.push(kind);
    ownShapes.set(kind, shape);
  }
}

/** Undefined for ground that comes along. */
export function ownShape(kind: TerrainKind): TerrainShape | undefined {
  return ownShapes.get(kind);
}

/** In words: "stairs up, level 2"; ground that this process does not know by its name alone. */
export function terrainName(kind: TerrainKind, level: number): string {
  const name = NAMES[kind] ?? ownShape(kind)?.says ?? kind;
  return kind === "flat" || level === 0 ? NAMES.flat : `${name}, level ${level}`;
}
