/** Flags that several commands have. */

import { availableParallelism } from "node:os";

/** Where runs are made and, by their names, found. */
export const RUNS_OPTION = {
  runs: { type: "string", default: "runs", requiresArg: true, describe: "Folder of the runs" },
} as const;

export const JSON_OPTION = {
  json: { type: "boolean", default: false, describe: "Print one JSON document" },
} as const;

/** Of commands that write one file. */
export const FORCE_OPTION = {
  force: { type: "boolean", default: false, describe: "Replace the file, if there is one" },
} as const;

/** Of commands that make a folder of runs, or go on with it. */
export const NEW_RUN_OPTIONS = {
  resume: { type: "string", requiresArg: true, describe: "Folder to go on with" },
  name: { type: "string", requiresArg: true, describe: "Name of the new folder" },
  ...RUNS_OPTION,
} as const;

/** Of commands that score policies in threads. */
export const WORKERS_OPTION = {
  workers: {
    type: "number",
    default: availableParallelism(),
    defaultDescription: "one a core",
    requiresArg: true,
    describe: "Threads; results do not depend on them",
  },
} as const;

/** Of commands that serve the viewer. */
export const VIEWER_OPTIONS = {
  port: {
    type: "number",
    default: 8017,
    requiresArg: true,
    describe: "Viewer's port on 127.0.0.1; 0 picks a free one",
  },
  open: { type: "boolean", default: true, describe: "Open the default browser; --no-open: do not" },
} as const;

/** @param trials of each ground, where the flag is not given */
export function trialsOption(trials: number) {
  const describe = "Robots that walk on each ground, each once";
  return { trials: { type: "number", default: trials, requiresArg: true, describe } } as const;
}

/** @param moves what another seed changes */
export function seedOption(seed: number, moves: string) {
  return { seed: { type: "number", default: seed, requiresArg: true, describe: `Moves ${moves}` } } as const;
}
