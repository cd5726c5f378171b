/** Goes on from a run's checkpoints: after a stop, past damaged ones, and by itself after a crash. */

import { InputError } from "../../../sim/errors.js";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.js";
import { readBytes } from "../files/read-file.js";
import type { RunDirectory } from "../run-folder/run-directory.js";
import { log } from "../terminal/log.js";
import { ThreadFailure } from "./thread-failure.js";
import type { TrainingPool } from "./worker-pool.js";

/**
 * The newest checkpoint of a run that is whole; a warning tells of newer ones that are not.
 * @throws InputError if there is none, with what is wrong with the newest
 */
export function loadNewestCheckpoint(run: RunDirectory): Checkpoint {
  const faults: unknown[] = [];
  for (const { path } of run.checkpoints()) {
    try {
      const checkpoint = decodeCheckpoint(readBytes(path), path);
      for (const fault of faults) log.warn(`${(fault as Error).message}; taking ${path}`);
      return checkpoint;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  throw faults[0] ?? new InputError(`${run.path}: nothing to resume: it stopped before its first checkpoint`);
}

/**
 * Trains to the end. Where a thread crashes or hangs, it goes on from the last checkpoint, or begins again before the first, but only
 * once from each: what happens again at the same place is no accident, nor what happens before the first iteration.
 * @param start starts the threads, from a checkpoint or from nothing
 * @param first where the training began: at a checkpoint, or with nothing
 * @param isInterrupted whether the user wants an end anyway
 */
export async function trainWithRecovery(
  run: RunDirectory,
  start: (checkpoint: Checkpoint | undefined) => TrainingPool,
  first: Checkpoint | undefined,
  isInterrupted: () => boolean,
): Promise<void> {
  let triedFrom = -1;
  let checkpoint = first;
  for (;;) {
    try {
      await start(checkpoint).finished;
      return;
    } catch (error) {
      const newest = run.latestCheckpoint();
      const from = newest?.iteration ?? (run.readMetrics().length > 0 ? 0 : -1);
      if (!isCrash(error) || isInterrupted() || from <= triedFrom) throw error;
      checkpoint = newest ? loadNewestCheckpoint(run) : first;
      triedFrom = from;
      const next = checkpoint?.iteration ? `going on from iteration ${checkpoint.iteration}` : "starting anew";
      log.warn(`${(error as Error).message}; ${next}`);
    }
  }
}

/** Anything but bad input and a refusal by the file system, which would be no better the second time. */
function isCrash(error: unknown): boolean {
  return error instanceof ThreadFailure || !(error instanceof InputError);
}
