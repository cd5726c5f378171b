import { describe, expect, it } from "vitest";
import type { EpisodeHeader } from "../../../sim/episode-log.js";
import { counterparts } from "../../../viewer/recording/comparison.js";
import { firstToShow, selectEpisodes } from "../../../viewer/recording/episode-order.js";
import type { EpisodeEntry } from "../../../viewer/server/api.js";

const HEADER: EpisodeHeader = {
  robot: "a1",
  task: "trot",
  gait: "trot",
  controller: "policy",
  seed: 1,
  trial: 1,
  dtS: 0.02,
  terrain: { kind: "rough", level: 2, seed: 7 },
  columns: [],
  fell: false,
  durationS: 10,
  metrics: { velocityErrorX: 0.1 },
  label: "walk",
  gaits: [],
};

function entry(name: string, changes: Partial<EpisodeHeader>): EpisodeEntry {
  return { name, header: { ...HEADER, label: name, ...changes } };
}

const FLAT = { kind: "flat", level: 0, seed: 7 } as const;
const ENTRIES: readonly EpisodeEntry[] = [
  { name: "broken", problem: "no episode" },
  entry("a", { terrain: FLAT, durationS: 8, metrics: { velocityErrorX: Number.NaN } }),
  entry("b", { fell: true, durationS: 3, metrics: { velocityErrorX: 0.4 } }),
  entry("c", { controller: "gaitMemoryAlone", metrics: { velocityErrorX: 0.2 } }),
];

const names = (entries: readonly EpisodeEntry[]) => entries.map(({ name }) => name);

describe("episodes", () => {
  it.each([
    ["name", ["broken", "a", "b", "c"]],
    ["fell", ["b", "a", "c", "broken"]],
    ["duration", ["b", "a", "c", "broken"]], // 3, 8 and 10 s
    ["error", ["b", "c", "a", "broken"]], // 0.4, 0.2, not measured
    ["terrain", ["a", "b", "c", "broken"]],
  ] as const)("stand in the order of their %s, unreadable ones last", (order, expected) => {
    expect(names(selectEpisodes(ENTRIES, "", order))).toEqual(expected);
    expect(names(ENTRIES)).toEqual(["broken", "a", "b", "c"]); // which stays as it is
  });

  it.each([
    ["rough policy", ["b"]],
    ["FELL", ["b"]],
    ["memory", ["c"]],
    ["unread", ["broken"]],
    ["flat rough", []],
  ] as const)("are found by all words of '%s'", (query, expected) => {
    expect(names(selectEpisodes(ENTRIES, query, "name"))).toEqual(expected);
  });

  it("start with the policy on rough ground", () => {
    expect(firstToShow(ENTRIES)?.name).toBe("b");
    expect(firstToShow(ENTRIES.slice(0, 2))?.name).toBe("broken");
    expect(firstToShow([])).toBeUndefined();
  });
});

describe("counterparts", () => {
  it("are recordings of the same trial, those of another controller first", () => {
    const entries = [
      entry("same", {}),
      entry("alone", { controller: "gaitMemoryAlone" }),
      entry("other trial", { trial: 2 }),
      entry("other seed", { seed: 2 }),
      entry("other ground", { terrain: FLAT }),
      entry("other bumps", { terrain: { ...HEADER.terrain, seed: 8 } }),
      ENTRIES[0],
    ];
    expect(counterparts(HEADER, entries)).toEqual(["alone", "same"]);
  });

  it("are none of a recording that does not tell its trial", () => {
    const { trial: _, ...header } = HEADER;
    expect(counterparts(header, [{ name: "same", header }])).toEqual([]);
  });
});
