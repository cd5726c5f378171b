/** An experiment's figures as rows of text, for the terminal and for Markdown. */

import { GAITS, gaitIndex } from "../../../gaits/library.js";
import { type Experiment, type ExperimentRow, type PooledRow, pool } from "../../evaluation/experiments.js";
import { type ExperimentPolicy, policyLabel } from "./experiment-policies.js";

/** What came of an experiment. */
export interface ExperimentOutcome {
  readonly experiment: Experiment;
  readonly seed: number;
  /** Of all cells together. */
  readonly trials: number;
  readonly policies: readonly ExperimentPolicy[];
  /** Of each policy, all cells. */
  readonly rows: readonly ExperimentRow[];
}

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A line per policy and ground, and where there are several grounds, one of each policy on all of them. */
export function resultTable(outcome: ExperimentOutcome): TextTable {
  const { experiment, rows } = outcome;
  const several = experiment.cells.length > 1;
  return {
    head: [
      ...[
        "policy",
        "ground",
        ...(hasGoal(outcome) ? ["reached the goal", "95 % interval", "in, s"] : []),
        "falls",
        "95 % interval",
        "|v_x error|, m/s",
        "|v_y error|, m/s",
        "|yaw-rate error|, rad/s",
      ],
      ...["contact error, %", "cost of transport", "torque saturation, %", "external work, J/(kg m)"],
      ...["strides, Hz", "their variation, %", "peak force, body weights", "drift, m"],
      ...(pushes(outcome) ? ["recovered"] : []),
    ],
    rows: outcome.policies.flatMap(({ name }) => [
      ...rows
        .filter(({ policy }) => policy === name)
        .map((row) => [policyLabel(name), groundOf(row), ...figures(row, pushes(outcome))]),
      ...(several ? [[policyLabel(name), "all", ...figures(pool(name, rows), pushes(outcome))]] : []),
    ]),
  };
}

/** Each policy, on each ground where that was published, or else on all, and what was published of the one of its name. */
export function publishedTable({ experiment, policies, rows }: ExperimentOutcome): TextTable {
  const byGround = experiment.published.some(({ terrain }) => terrain !== undefined);
  const compared = policies.flatMap(({ name }) => {
    const own: readonly (PooledRow & Partial<ExperimentRow>)[] = byGround
      ? rows.filter(({ policy }) => policy === name)
      : [pool(name, rows)];
    return own.map((ours) => ({ name, ours, terrain: ours.terrain }));
  });
  return {
    head: [
      ...[
        "policy",
        ...(byGround ? ["ground"] : []),
        "failures, %",
        "95 % interval",
        "published",
        "|v_x error|, m/s",
        "published",
      ],
      ...["|yaw-rate error|, rad/s", "published", "contact error, %", "published"],
    ],
    rows: compared.map(({ name, ours, terrain }) => {
      const theirs = experiment.published.find((row) => row.policy === name && row.terrain === terrain);
      return [
        ...[
          policyLabel(name),
          ...(byGround ? [groundOf(ours as ExperimentRow)] : []),
          fixed((100 * ours.falls) / ours.trials, 1),
          percents(ours.fallRateInterval),
          fixed(theirs?.failurePercent, 1),
        ],
        ...[fixed(ours.velocityErrorX, 3), fixed(theirs?.velocityErrorX, 3)],
        ...[fixed(ours.yawRateError, 3), fixed(theirs?.yawRateError, 3)],
        ...[fixed(ours.contactErrorPercent, 1), fixed(theirs?.contactErrorPercent, 1)],
      ];
    }),
  };
}

/** How the feet fell in each gait, beside the gait table. */
export function footfallTable({ rows }: ExperimentOutcome): TextTable {
  const perLeg = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(" ");
  return {
    head: [
      ...["policy", "ground", "gait", "duty factor, table", "measured (FL FR RL RR)", "largest error"],
      ...["phase offsets, table", "measured", "largest error"],
    ],
    rows: rows.flatMap((row) =>
      row.footfalls.map(({ gait, dutyFactor, phaseOffset, dutyFactorError, phaseOffsetError }) => {
        const table = GAITS[gaitIndex(gait)];
        return [
          ...[policyLabel(row.policy), groundOf(row), gait],
          ...[table.dutyFactor.toFixed(2), perLeg(dutyFactor), dutyFactorError.toFixed(2)],
          ...[perLeg(table.phaseOffset), perLeg(phaseOffset), phaseOffsetError.toFixed(2)],
        ];
      }),
    ),
  };
}

/** What the policies are, and what their training took. */
export function policyTable({ policies }: ExperimentOutcome): TextTable {
  return {
    head: ["policy", "task", "training seed", "iterations", "robot steps", "training, min"],
    rows: policies
      .filter(({ controller }) => controller === "policy")
      .map(({ name, bundle: { task, seed, iteration, steps, trainingS } }) => [
        ...[name, task, String(seed), String(iteration), String(steps), (trainingS / 60).toFixed(1)],
      ]),
  };
}

export function markdownTable({ head, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** "flat", or such as "rough 2". */
export function groundOf({ terrain, level }: Pick<ExperimentRow, "terrain" | "level">): string {
  return terrain === "flat" ? terrain : `${terrain} ${level}`;
}

/** Whether there is a goal to get to. */
export function hasGoal({ rows }: ExperimentOutcome): boolean {
  return rows.some(({ reached }) => reached !== undefined);
}

/** Whether robots are pushed. */
function pushes({ rows }: ExperimentOutcome): boolean {
  return rows.some((row) => row.pushes > 0);
}

function figures(row: PooledRow, withPushes: boolean): string[] {
  return [
    ...goalFigures(row),
    ...[`${row.falls} of ${row.trials}`, percents(row.fallRateInterval)],
    ...[row.velocityErrorX, row.velocityErrorY, row.yawRateError].map((error) => fixed(error, 3)),
    ...[fixed(row.contactErrorPercent, 1), fixed(row.costOfTransport, 2), fixed(row.torqueSaturationPercent, 1)],
    ...[fixed(row.externalWork, 2), fixed(row.strideFrequencyHz, 2), fixed(100 * row.strideVariation, 0)],
    ...[fixed(row.forcePeak, 2), fixed(row.driftM, 2)],
    ...(withPushes ? [`${row.recoveries} of ${row.pushes}`] : []),
  ];
}

function goalFigures({ reached, reachedInterval, timeToGoalS, trials }: PooledRow): string[] {
  if (reachedInterval === undefined) return [];
  return [`${reached} of ${trials}`, percents(reachedInterval), fixed(timeToGoalS, 1)];
}

/** An interval of shares. */
function percents([low, high]: readonly [number, number]): string {
  return `${fixed(100 * low, 1)} to ${fixed(100 * high, 1)} %`;
}

/** Empty for what there is not: no published figure, or a mean over no samples. */
function fixed(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? "" : value.toFixed(digits);
}
