/** The folder that an experiment leaves: report.md with its charts, results.csv and results.json. */

import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { GAITS, gaitIndex } from "../../../gaits/library.js";
import { SETTLE_S } from "../../evaluation/evaluate.js";
import type { ExperimentRow } from "../../evaluation/experiments.js";
import { asInputError, writeFileAtomic } from "../files/atomic-file.js";
import { packageVersion } from "../files/package-root.js";
import { type BarSeries, barChart } from "../terminal/bar-chart.js";
import { policyLabel } from "./experiment-policies.js";
import {
  type ExperimentOutcome,
  footfallTable,
  groundOf,
  hasGoal,
  markdownTable,
  policyTable,
  publishedTable,
  resultTable,
} from "./experiment-tables.js";
import { gaitCharts } from "./gait-charts.js";

/** Makes the report's folder. Throws InputError if it exists or cannot be made. */
export function makeReportFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    mkdirSync(path);
  } catch (error) {
    throw asInputError(error, `cannot make ${path}`);
  }
}

/** Removes what `makeReportFolder` made, and all that has been written into it. */
export function removeReportFolder(path: string): void {
  rmSync(path, { recursive: true });
}

export function writeReport(path: string, outcome: ExperimentOutcome): void {
  const charts = chartsOf(outcome);
  for (const [name, svg] of Object.entries(charts)) writeFileAtomic(join(path, name), svg);
  writeFileAtomic(join(path, "results.csv"), resultsCsv(outcome.rows));
  writeFileAtomic(join(path, "results.json"), `${JSON.stringify(outcomeToJson(outcome), null, 2)}\n`);
  writeFileAtomic(join(path, "report.md"), reportMarkdown(outcome, Object.keys(charts)));
}

/** What `experiment --json` prints, and results.json keeps. Means over no samples are null. */
export function outcomeToJson({ experiment, seed, rows }: ExperimentOutcome): object {
  return { experiment: experiment.id, seed, results: rows };
}

/** A line per row; footfalls are left to results.json. */
function resultsCsv(rows: readonly ExperimentRow[]): string {
  const flat = rows.map(({ fallRateInterval, reachedInterval, footfalls, usage, traces, ...row }) => {
    const [fallRateLow, fallRateHigh] = fallRateInterval;
    const [reachedLow, reachedHigh] = reachedInterval ?? [];
    return { ...row, fallRateLow, fallRateHigh, ...(reachedInterval ? { reachedLow, reachedHigh } : {}) };
  });
  const lines = flat.map((row) => Object.values(row).map((value) => (Number.isNaN(value) ? "" : value)));
  return `${[Object.keys(flat[0]), ...lines].join("\n")}\n`;
}

function reportMarkdown(outcome: ExperimentOutcome, charts: readonly string[]): string {
  const { experiment, policies, trials, seed } = outcome;
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const scored = policies.filter(({ controller }) => controller === "policy").map(({ name }) => name);
  const goal =
    "The goal is reached when the trunk is as far ahead of its start as the title says, without a fall: there the trial ends. " +
    "Planks are no ground: who brushes one with anything but a foot, or lies on one, has not fallen but for its tilt.";
  const parts = [
    `# ${experiment.id}: ${experiment.title}`,
    `Gaitway ${packageVersion()}, ${date} UTC: ${scored.join(", ")}, and the gait memory alone; seed ${seed}, ${trials} trials asked for.`,
    "All policies meet the same ground and the same commands, and act without exploration noise. A trial is a failure when " +
      "anything but a foot touches the ground or the trunk tilts by 60°. Errors are means of absolute differences over the " +
      `steps before the fall, if any, the first ${SETTLE_S} s left out. Drift is the farthest that any robot that did not fall ` +
      "got from where it was then. Intervals are Wilson's, of 95 %.",
    ...(hasGoal(outcome) ? [goal] : []),
    "## In all",
    markdownTable(publishedTable(outcome)),
    "Published: Humphreys & Zhou, Nature Machine Intelligence 7 (2025), doi 10.1038/s42256-025-01065-z, on another simulator.",
    "## By ground",
    markdownTable(resultTable(outcome)),
    ...charts.map((name) => `![${name.replace(".svg", "").replaceAll("-", " ")}](${name})`),
    "## Footfalls",
    markdownTable(footfallTable(outcome)),
    "## Policies",
    markdownTable(policyTable(outcome)),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** SVG documents by file name. */
function chartsOf(outcome: ExperimentOutcome): Record<string, string> {
  const { experiment } = outcome;
  const groups = experiment.cells.map(groundOf);
  const title = (what: string) => `${experiment.id}: ${what}`;
  const failures = shares(outcome, ({ falls, fallRateInterval }) => [falls, fallRateInterval]);
  const reached = shares(outcome, ({ reached = 0, reachedInterval = [0, 0] }) => [reached, reachedInterval]);
  const errors = series(outcome, (row) => row.velocityErrorX);
  return {
    "failures.svg": barChart({ title: title("failures, 95 % intervals"), axis: "%", groups, series: failures }),
    ...(hasGoal(outcome)
      ? {
          "reached.svg": barChart({ title: title("goal reached, 95 % intervals"), axis: "%", groups, series: reached }),
        }
      : {}),
    "velocity-error-x.svg": barChart({ title: title("|v_x error|"), axis: "m/s", groups, series: errors }),
    ...gaitCharts(outcome),
    ...(experiment.gaits.length > 1 ? { "duty-factors.svg": dutyFactorChart(outcome) } : {}),
  };
}

/** On the experiment's first ground, means of the four legs. */
function dutyFactorChart(outcome: ExperimentOutcome): string {
  const { experiment, policies } = outcome;
  const table = { name: "gait table", values: experiment.gaits.map((gait) => GAITS[gaitIndex(gait)].dutyFactor) };
  const measured = policies.map(({ name }) => {
    const [{ footfalls }] = rowsOf(outcome, name);
    const values = experiment.gaits.map((id) => mean(footfalls.find(({ gait }) => gait === id)?.dutyFactor ?? []));
    return { name: policyLabel(name), values };
  });
  const title = `${experiment.id}: duty factors, ${groundOf(experiment.cells[0])}`;
  return barChart({
    title,
    axis: "share of time on the ground",
    groups: experiment.gaits,
    series: [table, ...measured],
  });
}

/** Shares of trials, %, with their intervals. */
function shares(
  outcome: ExperimentOutcome,
  count: (row: ExperimentRow) => readonly [trials: number, interval: readonly [number, number]],
): BarSeries[] {
  return series(outcome, (row) => (100 * count(row)[0]) / row.trials).map((one, i) => ({
    ...one,
    intervals: rowsOf(outcome, outcome.policies[i].name).map((row) => {
      const [, [low, high]] = count(row);
      return [100 * low, 100 * high] as const;
    }),
  }));
}

function series(outcome: ExperimentOutcome, value: (row: ExperimentRow) => number): BarSeries[] {
  return outcome.policies.map(({ name }) => ({ name: policyLabel(name), values: rowsOf(outcome, name).map(value) }));
}

function rowsOf({ rows }: ExperimentOutcome, name: string): ExperimentRow[] {
  return rows.filter(({ policy }) => policy === name);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
