/** The task of its own that a run keeps the code of, so that its policy works wherever the run's folder goes. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { useTaskModule } from "../task/module.js";
import type { RunDirectory } from "./run-directory.js";

/** Registers the task that a run was trained for, where that is one of its own. @throws InputError if its code does not work */
export function useRunTask(run: RunDirectory): void {
  const { taskPath } = run.info;
  if (taskPath !== null) useTaskModule({ key: taskPath, code: run.readFile("task.cjs") });
}

/** Registers the task whose code lies beside a policy, or in the folder above a checkpoint's. */
export function useTaskNear(file: string): void {
  const folder = dirname(file);
  const path = [folder, dirname(folder)].map((each) => join(each, "task.cjs")).find(existsSync);
  if (path !== undefined) useTaskModule({ key: path, code: readFileSync(path, "utf8") });
}
