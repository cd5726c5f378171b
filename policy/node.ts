/** What the entry has in Node alone: policies by name, training and evaluation as the commands do them. */

import type { PolicyBundle } from "./bundle/bundle.js";
import { configOf, trainingLimits } from "./cli/config/train-config.js";
import {
  DEFAULT_EVALUATION,
  type EvaluationReport,
  evaluate as evaluateBundle,
} from "./cli/evaluation/evaluation-run.js";
import { loadPolicy as loadNamed } from "./cli/run-folder/policy-source.js";
import type { Progress } from "./cli/terminal/progress.js";
import { prepareRun, train as trainRun } from "./cli/training/run.js";
import type { EvaluationOptions } from "./evaluation/evaluate.js";

const RUNS = "runs";
const SILENT: Progress = { update: () => {}, stop: () => {} };

export interface TrainOptions {
  /** A task's name, or the path of its module; trot by default. */
  readonly task?: string;
  /** Single fields, as `--set` takes them: "ppo.epochs=5". */
  readonly set?: readonly string[];
  /** Path of a config in YAML. */
  readonly config?: string;
  readonly seed?: number;
  /** Limits; two minutes where there is none. */
  readonly minutes?: number;
  readonly iterations?: number;
  /** Folder of the runs, and the new one's name in it. */
  readonly runs?: string;
  readonly name?: string;
}

/**
 * Trains a policy in threads, as `gaitway train` does, and returns it with its run's folder.
 * @throws InputError naming file, field, value and what was expected
 */
export async function train(
  options: TrainOptions = {},
): Promise<{ readonly folder: string; readonly policy: PolicyBundle }> {
  const { runs = RUNS, name, minutes, iterations, ...fields } = options;
  const limits = trainingLimits({ minutes, iterations });
  const { run } = await trainRun(prepareRun(configOf(fields), runs, name), limits, SILENT);
  return { folder: run.path, policy: loadPolicy(run.path, runs) };
}

/**
 * The policy of a path (a run's folder, a policy.json or a checkpoint), of a run under `runs`, or one that comes along.
 * @throws InputError if there is none
 */
export function loadPolicy(name: string, runs: string = RUNS): PolicyBundle {
  return loadNamed(name, runs).bundle;
}

/** Scores a policy and the gait memory alone, as `gaitway eval` does; rough ground of level 2 unless options say otherwise. */
export function evaluate(policy: PolicyBundle, options: Partial<EvaluationOptions> = {}): Promise<EvaluationReport> {
  return evaluateBundle(policy, { ...DEFAULT_EVALUATION, ...options }, 0, SILENT);
}
