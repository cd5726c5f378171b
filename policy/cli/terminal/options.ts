/** Flags that several commands have. */

/** Where runs are made and, by their names, found. */
export const RUNS_OPTION = {
  runs: { type: "string", default: "runs", requiresArg: true, describe: "Folder of the runs" },
} as const;
