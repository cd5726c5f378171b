/** Runs evaluations with progress, and tells what came of them. */

import { setImmediate } from "node:timers/promises";
import Table from "cli-table3";
import { CONTROLLER_NAMES, type ControllerKind } from "../../../sim/episode-log.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { terrainName } from "../../../sim/terrain/kinds.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import {
  type ControllerScore,
  Evaluation,
  type EvaluationOptions,
  type RecordedEpisode,
} from "../../evaluation/evaluate.js";
import type { Scenario } from "../../evaluation/scenario.js";
import type { GaitSource } from "../../runtime/gait-choice.js";
import { type Progress, ProgressLine } from "../terminal/progress.js";

/** How policies are tried unless asked otherwise: on ground that is rougher than any in training. */
export const DEFAULT_EVALUATION: EvaluationOptions = {
  terrain: "rough",
  level: 2,
  trials: 100,
  seed: 1000,
  trialS: 10,
};

export interface EvaluationReport {
  readonly options: EvaluationOptions;
  readonly policy: ControllerScore;
  /** The gait memory alone. */
  readonly gaitMemoryAlone: ControllerScore;
  readonly episodes: readonly RecordedEpisode[];
}

/**
 * Scores a policy and, on the same ground with the same commands, the gait memory alone.
 * @param signal ends it early: the promise rejects with the signal's reason
 */
export async function evaluate(
  bundle: PolicyBundle,
  options: EvaluationOptions,
  record: number,
  progress: Progress = new ProgressLine(),
  signal?: AbortSignal,
): Promise<EvaluationReport> {
  await loadPhysics();
  const ground = terrainName(options.terrain, options.level);
  const runOne = (controller: ControllerKind, share: number) =>
    score(bundle, controller, options, record, (done) => {
      signal?.throwIfAborted();
      progress.update({
        fraction: share + done / 2,
        text: `${options.trials} trials on ${ground}: ${CONTROLLER_NAMES[controller]}`,
      });
    });
  const policy = await runOne("policy", 0);
  const gaitMemoryAlone = await runOne("gaitMemoryAlone", 0.5);
  progress.stop();
  const episodes = [...policy.episodes, ...gaitMemoryAlone.episodes];
  return { options, policy: policy.score, gaitMemoryAlone: gaitMemoryAlone.score, episodes };
}

/** Scores each gait that a policy knows by itself, on flat ground, at speeds of its own range. */
export async function evaluateGaits(bundle: PolicyBundle): Promise<EvaluationReport[]> {
  const reports: EvaluationReport[] = [];
  for (const gait of bundle.env.command.gaits) {
    reports.push(await evaluate(bundle, { ...DEFAULT_EVALUATION, terrain: "flat", level: 0, trials: 20, gait }, 0));
  }
  return reports;
}

/** All trials of one controller, with progress 0..1 now and then. `loadPhysics` must have been awaited. */
export async function score(
  bundle: PolicyBundle,
  controller: ControllerKind,
  options: EvaluationOptions,
  record: number,
  onProgress: (fraction: number) => void,
  scenario?: Scenario,
  gaitSource?: GaitSource,
): Promise<{ score: ControllerScore; episodes: RecordedEpisode[] }> {
  const model = createRobotModel(bundle.robot, bundle.robot.name);
  const evaluation = new Evaluation(bundle, model, controller, options, record, scenario, gaitSource);
  try {
    while (evaluation.advance()) {
      if (evaluation.step % 10 > 0) continue;
      // Lets signals such as Ctrl-C through.
      await setImmediate();
      onProgress(evaluation.step / evaluation.steps);
    }
    return { score: evaluation.result(), episodes: evaluation.episodes() };
  } finally {
    evaluation.free();
  }
}

/** What `eval --json` prints of a report, and evaluation.json keeps. */
export function reportToJson({ options, policy, gaitMemoryAlone }: EvaluationReport): object {
  return { ...options, ...policy, gaitMemoryAlone };
}

/** Reports side by side, for the terminal. */
export function reportTable(reports: readonly EvaluationReport[]): string {
  const table = new Table({ head: ["", ...reports.flatMap(columnHeads)], style: { head: [], border: [] } });
  const row = (name: string, cell: (score: ControllerScore, trials: number) => string) =>
    table.push([
      name,
      ...reports.flatMap(({ options, policy, gaitMemoryAlone }) =>
        [policy, gaitMemoryAlone].map((s) => cell(s, options.trials)),
      ),
    ]);
  row("falls", ({ falls }, trials) => `${falls} of ${trials}`);
  row("fall rate, 95 % interval", ({ fallRateInterval: [low, high] }) => `${percent(low)} to ${percent(high)}`);
  row("|v_x error|, m/s", (s) => s.velocityErrorX.toFixed(3));
  row("|v_y error|, m/s", (s) => s.velocityErrorY.toFixed(3));
  row("|yaw-rate error|, rad/s", (s) => s.yawRateError.toFixed(3));
  row("contact error", (s) => `${s.contactErrorPercent.toFixed(1)} %`);
  row("cost of transport", (s) => s.costOfTransport.toFixed(2));
  row("torque saturation", (s) => `${s.torqueSaturationPercent.toFixed(1)} %`);
  return table.toString();
}

/** Many grounds one below the other, for the terminal. */
export function groundTable(reports: readonly EvaluationReport[]): string {
  return rowTable(reports, groundLabel);
}

/** Many gaits one below the other, for the terminal. */
export function gaitTable(reports: readonly EvaluationReport[]): string {
  return rowTable(reports, ({ gait = "" }) => gait);
}

/** A row per report, with the mean errors' units in the heads. */
function rowTable(reports: readonly EvaluationReport[], label: (options: EvaluationOptions) => string): string {
  const figures = ["falls", "v_x, m/s", "yaw, rad/s", "contact"];
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(
    ["", { content: "policy", colSpan: 4 }, { content: CONTROLLER_NAMES.gaitMemoryAlone, colSpan: 4 }],
    ["", ...figures, ...figures],
  );
  for (const { options, policy, gaitMemoryAlone } of reports) {
    table.push([label(options), ...figureCells(policy, options), ...figureCells(gaitMemoryAlone, options)]);
  }
  return table.toString();
}

/** Where all robots fall before they are scored, there are no errors. */
function figureCells(score: ControllerScore, { trials }: EvaluationOptions): string[] {
  const { falls, velocityErrorX, yawRateError, contactErrorPercent } = score;
  const errors = [velocityErrorX.toFixed(3), yawRateError.toFixed(3), `${contactErrorPercent.toFixed(1)} %`];
  return [`${falls} of ${trials}`, ...errors.map((text) => (Number.isFinite(velocityErrorX) ? text : "-"))];
}

function groundLabel({ terrain, level }: EvaluationOptions): string {
  return terrain === "flat" ? "flat" : `${terrain} ${level}`;
}

function columnHeads({ options }: EvaluationReport): string[] {
  return [`${groundLabel(options)}: policy`, CONTROLLER_NAMES.gaitMemoryAlone];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
