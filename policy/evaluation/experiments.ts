/** The named experiments: which scenarios on which ground, and what the reference system's authors found. */

import { deriveSeed } from "../../sim/rng.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import type { ControllerScore, EvaluationOptions } from "./evaluate.js";
import type { CrossingScore } from "./plank-crossing.js";
import {
  ALL_GAITS,
  CROSSING,
  E4_GAITS,
  LOOSE_PLANKS,
  PUSHED_TROT,
  RECOVERY,
  type Scenario,
  SPRINT,
  STANDING,
  STRESS_TEST,
  TROT_COMMANDS,
} from "./scenario.js";
import { wilsonInterval } from "./statistics/wilson.js";

/** Part of an experiment: trials on one ground. */
export interface ExperimentCell {
  readonly terrain: TerrainSpec["kind"];
  readonly level: number;
  readonly scenario: Scenario;
  /** Part of the experiment's trials that are of this cell. */
  readonly share: number;
}

/** A published figure, for all trials of a policy. */
export interface PublishedRow {
  readonly policy: string;
  /** Of one ground alone. */
  readonly terrain?: TerrainSpec["kind"];
  readonly failurePercent?: number;
  readonly velocityErrorX?: number;
  readonly yawRateError?: number;
  readonly contactErrorPercent?: number;
}

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** Ids of all gaits that its scenarios tell; none where they leave gaits to whoever chooses them. */
  readonly gaits: readonly string[];
  /** By default, in all. */
  readonly trials: number;
  readonly cells: readonly ExperimentCell[];
  /** Humphreys & Zhou, Nature Machine Intelligence 7 (2025), doi 10.1038/s42256-025-01065-z. */
  readonly published: readonly PublishedRow[];
}

const LEVELS = [0, 1, 2, 3];
/** Flat and rough ground as the source's, half of the trials each. */
const onBothGrounds = (scenario: Scenario): ExperimentCell[] => [
  { terrain: "flat", level: 0, scenario, share: 0.5 },
  { terrain: "rough", level: 2, scenario, share: 0.5 },
];

export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: "E1",
    title: "Trot: 25 commands of speed and yaw rate on ground of levels 0 to 3",
    gaits: ["trot"],
    trials: 500,
    cells: LEVELS.map((level) => ({
      terrain: level === 0 ? "flat" : "rough",
      level,
      scenario: TROT_COMMANDS,
      share: 1 / LEVELS.length,
    })),
    published: [
      published("full", 0, 0.08, 0.055, 12.2),
      published("no-estimator", 12, 0.101, 0.091, 12.8),
      published("no-gait-memory", 4.4, 0.106, 0.078, 16.8),
    ],
  },
  {
    id: "E2",
    title: "Stress test: gaits of one's own choice at up to 2.5 m/s, with jumps, on flat and rough ground",
    gaits: [],
    trials: 100,
    cells: onBothGrounds(STRESS_TEST),
    published: [
      { policy: "selected", terrain: "flat", velocityErrorX: 0.202, contactErrorPercent: 7 },
      { policy: "trot", terrain: "flat", velocityErrorX: 0.24, contactErrorPercent: 9.9 },
      { policy: "run", terrain: "flat", velocityErrorX: 0.22, contactErrorPercent: 7.9 },
      { policy: "selected", terrain: "rough", velocityErrorX: 0.245, contactErrorPercent: 13.9 },
      { policy: "hop", terrain: "rough", velocityErrorX: 0.251 },
    ],
  },
  {
    id: "E3",
    title: "Sprint: 20 m at up to 2 m/s in gaits of one's own choice",
    gaits: [],
    trials: 50,
    cells: [{ terrain: "flat", level: 0, scenario: SPRINT, share: 1 }],
    published: [],
  },
  {
    id: "E4",
    title: "Seven gaits at 0.5 m/s for 2.2 s each, then a stand, on flat and rough ground",
    gaits: E4_GAITS,
    trials: 200,
    cells: onBothGrounds(ALL_GAITS),
    published: [{ policy: "full", failurePercent: 0 }],
  },
  {
    id: "E5",
    title: "Loose planks: 5 m in 20 s at 0.5 m/s over 40 boards that lie about, in gaits of one's own choice",
    gaits: [],
    trials: 50,
    cells: [{ terrain: "flat", level: 0, scenario: LOOSE_PLANKS, share: 1 }],
    published: [],
  },
  {
    id: "standing",
    title: "Standing still for 10 s",
    gaits: ["trot"],
    trials: 50,
    cells: [{ terrain: "flat", level: 0, scenario: STANDING, share: 1 }],
    published: [],
  },
  {
    id: "pushes",
    title: "Trot at 0.5 m/s, pushed by 0.5 m/s from any side every 3 s",
    gaits: ["trot"],
    trials: 100,
    cells: [{ terrain: "flat", level: 0, scenario: PUSHED_TROT, share: 1 }],
    published: [],
  },
  {
    id: "E6",
    title: "Recovery at 0.5 m/s in gaits of one's own choice: pushed by 1 m/s every 3 s, slippery ground, gaps, beams",
    gaits: [],
    trials: 200,
    cells: [
      { terrain: "flat", level: 0, scenario: RECOVERY, share: 0.25 },
      ...(["slippery", "gaps", "beam"] as const).map((terrain) => ({
        terrain,
        level: 1,
        scenario: CROSSING,
        share: 0.25,
      })),
    ],
    published: [],
  },
];

/** What a policy did in a cell. */
export interface ExperimentRow extends ControllerScore {
  readonly policy: string;
  readonly terrain: TerrainSpec["kind"];
  readonly level: number;
  readonly trials: number;
}

/** A policy's rows together. */
export type PooledRow = Omit<ExperimentRow, "terrain" | "level" | "footfalls" | "usage" | "traces">;

/**
 * Trials of each of an experiment's cells: seeds of their own, so that another `seed` moves all of them to fresh ground and
 * noise, and the same ones for every policy.
 *
 * @param trials of all cells together; each has at least 1
 */
export function cellOptions({ cells }: Experiment, trials: number, seed: number): EvaluationOptions[] {
  return cells.map(({ terrain, level, scenario, share }, cell) => ({
    terrain,
    level,
    trials: Math.ceil(share * trials),
    seed: deriveSeed(seed, cell),
    trialS: scenario.trialS,
  }));
}

/** Falls of all cells, the mean of the cells' errors, and their largest drift. */
export function pool(policy: string, rows: readonly ExperimentRow[]): PooledRow {
  const own = rows.filter((row) => row.policy === policy);
  const sum = (value: (row: ExperimentRow) => number) => own.reduce((total, row) => total + value(row), 0);
  const mean = (value: (row: ExperimentRow) => number) => sum(value) / own.length;
  const trials = sum((row) => row.trials);
  const falls = sum((row) => row.falls);
  return {
    policy,
    trials,
    falls,
    fallRateInterval: wilsonInterval(falls, trials),
    velocityErrorX: mean((row) => row.velocityErrorX),
    velocityErrorY: mean((row) => row.velocityErrorY),
    yawRateError: mean((row) => row.yawRateError),
    contactErrorPercent: mean((row) => row.contactErrorPercent),
    costOfTransport: mean((row) => row.costOfTransport),
    torqueSaturationPercent: mean((row) => row.torqueSaturationPercent),
    externalWork: mean((row) => row.externalWork),
    strideFrequencyHz: mean((row) => row.strideFrequencyHz),
    strideVariation: mean((row) => row.strideVariation),
    forcePeak: mean((row) => row.forcePeak),
    pushes: sum((row) => row.pushes),
    recoveries: sum((row) => row.recoveries),
    driftM: Math.max(...own.map((row) => row.driftM)),
    ...poolCrossings(own, trials),
  };
}

/** Nothing where there is no goal to get to. */
function poolCrossings(rows: readonly ExperimentRow[], trials: number): Partial<CrossingScore> {
  const crossings = rows.flatMap(({ reached, timeToGoalS = 0 }) =>
    reached === undefined ? [] : { reached, timeToGoalS },
  );
  if (crossings.length === 0) return {};
  const reached = crossings.reduce((sum, row) => sum + row.reached, 0);
  const timeS = crossings.reduce((sum, row) => sum + (row.reached > 0 ? row.reached * row.timeToGoalS : 0), 0);
  return { reached, reachedInterval: wilsonInterval(reached, trials), timeToGoalS: timeS / reached };
}

function published(
  policy: string,
  failurePercent: number,
  velocityErrorX: number,
  yawRateError: number,
  contactErrorPercent: number,
): PublishedRow {
  return { policy, failurePercent, velocityErrorX, yawRateError, contactErrorPercent };
}
