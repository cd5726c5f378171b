/** What came of a sweep: means over seeds with their 95 % intervals, setting by setting. */

import { join } from "node:path";
import { type MeanInterval, meanInterval } from "../../evaluation/statistics/mean-interval.js";
import { fieldsText } from "../config/differences.js";
import { RunDirectory } from "../run-folder/run-directory.js";
import { finalMetrics, readEvaluations, SMOOTHING_ITERATIONS } from "../run-folder/run-summary.js";
import { textTable } from "../terminal/table.js";
import type { PlannedRun, SweepFile, SweepSetting } from "./plan.js";
import { isDone } from "./run.js";

/** Of the last iterations, and of the evaluation where there is one. */
const TRAINING_COLUMNS = {
  reward: "reward",
  "training |v_x error|, m/s": "velocityErrorX",
  "training |yaw-rate error|, rad/s": "yawRateError",
} as const;
const EVALUATION_COLUMNS = {
  "falls, share of trials": "eval/fallShare",
  "|v_x error|, m/s": "eval/velocityErrorX",
  "|yaw-rate error|, rad/s": "eval/yawRateError",
} as const;
const SETTING_COLUMNS = 40;

interface SettingReport {
  readonly fields: SweepSetting["fields"];
  readonly runs: readonly { readonly name: string; readonly seed: number; readonly done: boolean }[];
  /** Over the runs that are done, by metric; "eval/..." are of the evaluation. */
  readonly metrics: Readonly<Record<string, MeanInterval & { readonly values: readonly number[] }>>;
}

export type SweepReport = readonly SettingReport[];

export function reportSweep(folder: string, file: SweepFile, settings: readonly SweepSetting[]): SweepReport {
  return settings.map(({ fields, runs }) => {
    const done = runs.filter((run) => isDone(folder, run, file));
    const figures = done.map((run) => figuresOf(folder, run));
    const names = Object.keys(figures[0] ?? {});
    const metrics = names.map((name) => {
      const values = figures.map((each) => each[name]);
      return [name, { ...meanInterval(values), values }] as const;
    });
    return {
      fields,
      runs: runs.map((run) => ({ name: run.name, seed: run.seed, done: done.includes(run) })),
      metrics: Object.fromEntries(metrics),
    };
  });
}

export function isComplete(report: SweepReport): boolean {
  return report.every(({ runs }) => runs.every(({ done }) => done));
}

export function sweepTable(report: SweepReport): string {
  const isEvaluated = report.some(({ metrics }) => "eval/fallShare" in metrics);
  const columns = { ...(isEvaluated ? EVALUATION_COLUMNS : TRAINING_COLUMNS), reward: TRAINING_COLUMNS.reward };
  const rows = report.map(({ fields, runs, metrics }) => [
    fieldsText(fields) || "seeds only",
    `${runs.filter(({ done }) => done).length} of ${runs.length}`,
    ...Object.values(columns).map((name) => intervalText(metrics[name])),
  ]);
  const table = textTable(["setting", "runs", ...Object.keys(columns)], rows, { 0: SETTING_COLUMNS });
  return `${table}\nMeans over seeds (95 % intervals); rewards are those of the last ${SMOOTHING_ITERATIONS} iterations.`;
}

function figuresOf(folder: string, { name }: PlannedRun): Record<string, number> {
  const run = RunDirectory.open(join(folder, name));
  const [evaluation] = readEvaluations(run);
  return {
    ...finalMetrics(run.readMetrics()),
    ...(evaluation && {
      "eval/fallShare": evaluation.falls / evaluation.trials,
      "eval/velocityErrorX": evaluation.velocityErrorX,
      "eval/velocityErrorY": evaluation.velocityErrorY,
      "eval/yawRateError": evaluation.yawRateError,
    }),
  };
}

function intervalText(figure: MeanInterval | undefined): string {
  if (!figure) return "";
  const { mean, interval } = figure;
  return interval ? `${mean.toFixed(3)} (${interval.map((bound) => bound.toFixed(3)).join(" to ")})` : mean.toFixed(3);
}
