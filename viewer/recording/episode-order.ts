/** Searching and sorting a run's episodes. */

import { CONTROLLER_NAMES, type EpisodeHeader } from "../../sim/episode-log.js";
import { terrainName } from "../../sim/terrain/kinds.js";
import type { EpisodeEntry } from "../server/api.js";

type Compare = (a: EpisodeHeader, b: EpisodeHeader) => number;

/** Largest first; what was not measured comes last. */
const errorOf = ({ metrics }: EpisodeHeader) => metrics.velocityErrorX || 0;

const ORDERS = {
  name: () => 0,
  fell: (a, b) => Number(b.fell) - Number(a.fell),
  duration: (a, b) => a.durationS - b.durationS,
  error: (a, b) => errorOf(b) - errorOf(a),
  terrain: (a, b) => a.terrain.kind.localeCompare(b.terrain.kind) || a.terrain.level - b.terrain.level,
} satisfies Record<string, Compare>;

export type EpisodeOrder = keyof typeof ORDERS;

/** What the orders are called. */
export const EPISODE_ORDERS: Readonly<Record<EpisodeOrder, string>> = {
  name: "By name",
  fell: "Falls first",
  duration: "Shortest first",
  error: "Largest error first",
  terrain: "By terrain",
};

/** Episodes that hold every word of `query`, in this order, and by name where that leaves it open; unreadable ones last. */
export function selectEpisodes(entries: readonly EpisodeEntry[], query: string, order: EpisodeOrder): EpisodeEntry[] {
  const words = query.toLowerCase().split(/\s+/);
  const found = entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
  if (order === "name") return found;
  return found.sort((a, b) => {
    if ("problem" in a || "problem" in b) return Number("problem" in a) - Number("problem" in b);
    return ORDERS[order](a.header, b.header);
  });
}

/** All that the list shows of an episode, in lower case. */
function textOf(entry: EpisodeEntry): string {
  if ("problem" in entry) return `${entry.name} unreadable`.toLowerCase();
  const { label, fell, gait, terrain, controller } = entry.header;
  const ground = terrainName(terrain.kind, terrain.level);
  return [label, fell ? "fell" : "survived", gait, ground, CONTROLLER_NAMES[controller]].join(" ").toLowerCase();
}

/** The policy on rough ground is what people come for; without it, whatever there is. */
export function firstToShow(episodes: readonly EpisodeEntry[]): EpisodeEntry | undefined {
  const onRough = episodes.find(
    (entry) => "header" in entry && entry.header.controller === "policy" && entry.header.terrain.kind === "rough",
  );
  return onRough ?? episodes[0];
}
