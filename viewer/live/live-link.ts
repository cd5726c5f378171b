/** The page's address in live mode: `#live&terrain=…&level=…&seed=…&gait=…&controller=…`. */

import { GAITS } from "../../gaits/library.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { TERRAIN_KINDS } from "../../sim/terrain/kinds.js";
import { BY_SPEED } from "./gait-choice.js";

/** Levels to choose from; 0 would be flat ground, which is a kind of its own. */
export const LEVELS: readonly number[] = [0.5, 1, 1.5, 2, 2.5, 3];

/** What is chosen where the address says nothing: ground that shows what the policy is for. */
const DEFAULT_TERRAIN: TerrainSpec = { kind: "rough", level: 1, seed: 1 };
const MAX_SEED = 999_999;

export interface LiveLink {
  readonly terrain: TerrainSpec;
  /** Id in the gait library, or `BY_SPEED`; null: the one that the policy was trained in. */
  readonly gait: string | null;
  /** As the panel names it; null: the policy that knows most. */
  readonly controller: string | null;
}

export function isLiveLink(hash: string): boolean {
  return new URLSearchParams(hash.replace(/^#/, "")).has("live");
}

/** What an address names; defaults where it names what there is not, but the level nearest to one that is not offered. */
export function parseLiveLink(hash: string): LiveLink {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const gait = fields.get("gait");
  return {
    terrain: {
      kind: TERRAIN_KINDS.find((kind) => kind === fields.get("terrain")) ?? DEFAULT_TERRAIN.kind,
      level: nearestLevel(numberIn(fields.get("level"), 0, LEVELS.at(-1)!) ?? DEFAULT_TERRAIN.level),
      seed: Math.floor(numberIn(fields.get("seed"), 0, MAX_SEED) ?? DEFAULT_TERRAIN.seed),
    },
    gait: gait === BY_SPEED || GAITS.some(({ id }) => id === gait) ? gait : null,
    controller: fields.get("controller"),
  };
}

export function formatLiveLink({ terrain, gait, controller }: LiveLink): string {
  const fields = new URLSearchParams({
    ...{ terrain: terrain.kind, level: String(terrain.level), seed: String(terrain.seed) },
    ...(gait !== null && { gait }),
    ...(controller !== null && { controller }),
  });
  return `#live&${fields}`;
}

/** A ground of the same kind that nobody has seen. */
export function anotherSeed(): number {
  return Math.floor(Math.random() * (MAX_SEED + 1));
}

function nearestLevel(level: number): number {
  return LEVELS.reduce((best, each) => (Math.abs(each - level) < Math.abs(best - level) ? each : best));
}

function numberIn(text: string | null, min: number, max: number): number | null {
  const value = Number.parseFloat(text ?? "");
  return value >= min && value <= max ? value : null;
}
