/** Goes through a sweep's runs, one after the other, and leaves out what earlier sittings have finished. */

import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { trainingLimits } from "../config/train-config.js";
import { DEFAULT_EVALUATION, evaluate, reportToJson } from "../evaluation/evaluation-run.js";
import { loadPolicy } from "../run-folder/policy-source.js";
import { RunDirectory } from "../run-folder/run-directory.js";
import { RunLock } from "../run-folder/run-lock.js";
import { openRun } from "../run-folder/run-summary.js";
import { Interruption } from "../terminal/interruption.js";
import { log } from "../terminal/log.js";
import { type Progress, ProgressLine, partOf } from "../terminal/progress.js";
import { prepareResume, prepareRun, train } from "../training/run.js";
import type { PlannedRun, SweepFile, SweepSetting } from "./plan.js";

/** Share of a run's time that its training takes, for the progress line; the evaluation takes the rest. */
const TRAINING_SHARE = 0.9;

/**
 * Trains and evaluates what is not yet done of a sweep. A run that fails is told, and the others go on.
 * @param folder the sweep's
 * @returns what to exit with where the user stopped it, else 0
 */
export async function runSweep(folder: string, file: SweepFile, settings: readonly SweepSetting[]): Promise<number> {
  const runs = settings.flatMap((setting) => setting.runs);
  const progress = new ProgressLine();
  const stop = new AbortController();
  const interruption = new Interruption(() => stop.abort());
  try {
    for (const [index, planned] of runs.entries()) {
      if (stop.signal.aborted) break;
      const label = `run ${index + 1} of ${runs.length}, ${planned.name}`;
      const part = partOf(progress, index / runs.length, (index + 1) / runs.length, label);
      await finishOrTell(folder, planned, file, part, stop.signal);
    }
  } finally {
    progress.stop();
    interruption.stopListening();
  }
  return interruption.exitCode;
}

/** Whether nothing is left to do of a run. */
export function isDone(folder: string, { name }: PlannedRun, { trials }: SweepFile): boolean {
  const run = openRun(join(folder, name));
  return run?.info.status === "finished" && (trials === 0 || existsSync(run.file("evaluation.json")));
}

async function finishOrTell(
  folder: string,
  planned: PlannedRun,
  file: SweepFile,
  part: Progress,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (!isDone(folder, planned, file)) await finish(folder, planned, file, part, signal);
  } catch (error) {
    if (!signal.aborted) log.warn(`${join(folder, planned.name)}: ${(error as Error).message}`);
  }
}

async function finish(
  folder: string,
  { name, config }: PlannedRun,
  file: SweepFile,
  part: Progress,
  signal: AbortSignal,
): Promise<void> {
  const path = join(folder, name);
  const training = partOf(part, 0, file.trials > 0 ? TRAINING_SHARE : 1);
  removeUnlessBegun(path);
  if (!existsSync(path) || RunDirectory.open(path).info.status !== "finished") {
    const prepared = existsSync(path) ? prepareResume(path) : prepareRun(config, folder, name, dirname(folder));
    const { interrupted } = await train(prepared, trainingLimits(file), training);
    if (interrupted) return;
  }
  if (file.trials === 0) return;
  const { bundle, run } = loadPolicy(path, folder);
  const options = { ...DEFAULT_EVALUATION, trials: file.trials };
  const report = await evaluate(bundle, options, 0, partOf(part, TRAINING_SHARE, 1), signal);
  run?.writeFile("evaluation.json", `${JSON.stringify([reportToJson(report)], null, 2)}\n`);
}

/** A run that was killed before its first checkpoint has nothing to resume from: it starts anew. */
function removeUnlessBegun(path: string): void {
  if (!existsSync(path)) return;
  const isBegun = existsSync(join(path, "run.json")) && RunDirectory.open(path).latestCheckpoint() !== null;
  if (isBegun) return;
  // Refuses where another process trains it.
  RunLock.acquire(path).release();
  rmSync(path, { recursive: true });
}
