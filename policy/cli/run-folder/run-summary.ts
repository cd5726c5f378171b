/** What a run came to, in a few figures: for lists, comparisons and sweeps. */

import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { InputError } from "../../../sim/errors.js";
import type { TrainConfig } from "../../config/schema.js";
import { trainedConfig } from "./run-config.js";
import { RunDirectory, type RunInfo } from "./run-directory.js";
import { figureSchema, type TimedMetricsRow } from "./run-metrics.js";

/** Iterations that a figure is averaged over: single ones jump with the commands and pushes that they happen to draw. */
export const SMOOTHING_ITERATIONS = 10;

/** Figures of the policy on one ground; more stands beside them in evaluation.json. */
const evaluationSchema = z.object({
  terrain: z.string(),
  level: z.number(),
  trials: z.number(),
  falls: z.number(),
  velocityErrorX: figureSchema,
  velocityErrorY: figureSchema,
  yawRateError: figureSchema,
  contactErrorPercent: figureSchema,
});

export type EvaluationFigures = z.infer<typeof evaluationSchema>;

export interface RunSummary {
  /** Path below the folder of the runs. */
  readonly name: string;
  readonly path: string;
  readonly status: RunInfo["status"];
  readonly createdAt: string;
  readonly seed: number;
  /** The policy that it began with; null where it began with none. */
  readonly from: string | null;
  readonly iterations: number;
  readonly steps: number;
  readonly trainingS: number;
  /** Highest reward per step, averaged over `SMOOTHING_ITERATIONS`; null before the first iteration. */
  readonly bestReward: number | null;
  /** What `eval` found last, ground by ground. */
  readonly evaluations: readonly EvaluationFigures[];
  /** What it was trained with. Null where the run has none, as the pre-trained policy's, or one that this version does not read. */
  readonly config: TrainConfig | null;
}

export function summariseRun(run: RunDirectory, runsRoot: string): RunSummary {
  const rows = run.readMetrics();
  const last = rows.at(-1);
  const { createdAt, seed, from } = run.info;
  return {
    name: relative(runsRoot, run.path) || run.id,
    path: run.path,
    status: run.status,
    createdAt,
    seed,
    from,
    iterations: last?.iteration ?? 0,
    steps: last?.steps ?? 0,
    trainingS: last?.trainingS ?? 0,
    bestReward: rows.length === 0 ? null : Math.max(...movingMean(rows.map(({ reward }) => reward))),
    evaluations: readEvaluations(run),
    config: ifReadable(() => trainedConfig(run)),
  };
}

/** The runs in a folder, and those in the sweeps in it. */
export function findRuns(runsRoot: string): RunDirectory[] {
  return subfolders(runsRoot).flatMap((path) => {
    const run = openRun(path);
    return run ? [run] : subfolders(path).flatMap((inner) => openRun(inner) ?? []);
  });
}

/** Means of the last iterations' figures, by name; of none where there are no rows. */
export function finalMetrics(rows: readonly TimedMetricsRow[]): Record<string, number> {
  const last = rows.slice(-SMOOTHING_ITERATIONS);
  const names = Object.keys(last.at(-1) ?? {});
  return Object.fromEntries(names.map((name) => [name, mean(last.map((row) => row[name]))]));
}

/** Mean of each value and those before it, `SMOOTHING_ITERATIONS` in all where there are so many. */
export function movingMean(values: readonly number[]): number[] {
  return values.map((_, i) => mean(values.slice(Math.max(0, i + 1 - SMOOTHING_ITERATIONS), i + 1)));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function subfolders(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.map(({ name }) => join(path, name)).sort();
}

/** Null where there is some other folder or file. */
export function openRun(path: string): RunDirectory | null {
  return ifReadable(() => RunDirectory.open(path));
}

/** None where the file is missing or broken. */
export function readEvaluations(run: RunDirectory): EvaluationFigures[] {
  const result = z.array(evaluationSchema).safeParse(ifReadable(() => JSON.parse(run.readFile("evaluation.json"))));
  return result.success ? result.data : [];
}

/** Null where the user's files do not allow it: a list shows what it can. */
function ifReadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError || error instanceof SyntaxError) return null;
    throw error;
  }
}
