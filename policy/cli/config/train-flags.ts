import { BACKENDS, type TrainConfig } from "../../config/schema.js";
import { DEFAULT_TASK, TASK_NAMES } from "../../config/tasks.js";
import { POLICY_HELP } from "../run-folder/policy-source.js";

/** A flag that sets a field of the config. */
interface TrainFlag {
  readonly field: keyof TrainConfig;
  readonly type: "string" | "number";
  /** In help, which adds the default. */
  readonly describe: string;
  /** What help calls the default, where that is no field's value. */
  readonly byDefault?: string;
}

/** Every flag of `gaitway train` that stands for one field of the config: `--set` takes the others. */
export const TRAIN_FLAGS = {
  task: {
    field: "task",
    type: "string",
    describe: `What to learn: ${TASK_NAMES.join(", ")}, or the path of a task of your own`,
    byDefault: DEFAULT_TASK,
  },
  robot: { field: "robot", type: "string", describe: "a1, or the path of a URDF" },
  locomotion: {
    field: "locomotion",
    type: "string",
    describe: `For tasks that choose gaits: the policy that walks meanwhile. ${POLICY_HELP}`,
  },
  envs: { field: "numEnvs", type: "number", describe: "Robots in all threads together" },
  workers: { field: "workers", type: "number", describe: "Threads", byDefault: "one a core" },
  seed: { field: "seed", type: "number", describe: "Same seed and threads: same weights" },
  backend: { field: "backend", type: "string", describe: `TensorFlow.js backend: ${BACKENDS.join(", ")}` },
} as const satisfies Readonly<Record<string, TrainFlag>>;

export type TrainFlagName = keyof typeof TRAIN_FLAGS;

export const TRAIN_FLAG_NAMES = Object.keys(TRAIN_FLAGS) as TrainFlagName[];

/** What yargs makes of them. */
export type TrainFlagValues = {
  [Flag in TrainFlagName]?: ((typeof TRAIN_FLAGS)[Flag]["type"] extends "number" ? number : string) | undefined;
};

/** Fields of a config that flags set; those that were not given are left out. */
export function fieldsOf(values: TrainFlagValues): Readonly<Record<string, unknown>> {
  const given = TRAIN_FLAG_NAMES.filter((flag) => values[flag] !== undefined);
  return Object.fromEntries(given.map((flag) => [TRAIN_FLAGS[flag].field, values[flag]]));
}
