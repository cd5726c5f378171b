/** What `train --from` names: what is learned already. */

import { statSync } from "node:fs";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { isTaskKnown } from "../../config/tasks.js";
import { type Checkpoint, decodeCheckpoint } from "../../training/checkpoint.js";
import { readBytes } from "../files/read-file.js";
import { findNamed, loadPolicy } from "../run-folder/policy-source.js";
import { RunDirectory } from "../run-folder/run-directory.js";
import { useRunTask, useTaskNear } from "../run-folder/run-task.js";
import { loadNewestCheckpoint } from "./crash-recovery.js";

/** A policy to go on from. */
export interface StartPolicy {
  /** As it was named. */
  readonly name: string;
  /** With the critic and the exploration noise, where a checkpoint has them. */
  readonly source: Checkpoint | PolicyBundle;
  /** What configs call its task; undefined where this process does not know it. */
  readonly task: string | undefined;
}

/**
 * @param name as for `loadPolicy`; of a run, its newest whole checkpoint is taken
 * @throws InputError if there is none, or it is damaged
 */
export function loadStartPolicy(name: string, runsRoot: string): StartPolicy {
  const source = readCheckpoint(findNamed(name, runsRoot)) ?? loadPolicy(name, runsRoot).bundle;
  const task = "params" in source ? source.config.task : (source.selector ?? source).task;
  return { name, source, task: isTaskKnown(task) ? task : undefined };
}

/** Undefined where there is none: the policy is all that is left, then. */
function readCheckpoint(path: string | undefined): Checkpoint | undefined {
  if (path === undefined) return undefined;
  if (statSync(path).isDirectory()) {
    const run = RunDirectory.open(path);
    useRunTask(run);
    return run.latestCheckpoint() ? loadNewestCheckpoint(run) : undefined;
  }
  if (!path.endsWith(".ckpt")) return undefined;
  useTaskNear(path);
  return decodeCheckpoint(readBytes(path), path);
}
