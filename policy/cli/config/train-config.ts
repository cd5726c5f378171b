import { availableParallelism } from "node:os";
import { InputError } from "../../../sim/errors.js";
import { parseTrainConfig } from "../../config/parse.js";
import type { TrainConfig } from "../../config/schema.js";
import type { TrainingLimits } from "../../training/progress.js";
import { loadConfigFile } from "../files/config-file.js";
import { knowTask } from "../task/module.js";
import { checkAbove, checkCount } from "../terminal/flags.js";
import { applySettings } from "./settings.js";
import { fieldsOf, type TrainFlagValues } from "./train-flags.js";

export interface TrainArguments extends TrainFlagValues {
  config?: string | undefined;
  set?: readonly string[] | undefined;
  minutes?: number | undefined;
  iterations?: number | undefined;
  from?: string | undefined;
  resume?: string | undefined;
  name?: string | undefined;
  runs: string;
  json: boolean;
}

export const DEFAULT_MINUTES = 2;

const MAX_DEFAULT_WORKERS = 16;

/**
 * This machine's number of threads, then the file, then flags, then single settings.
 * @param defaultTask the task where none of them names one
 */
export function configOf(args: Partial<TrainArguments>, defaultTask?: string): TrainConfig {
  const file = args.config === undefined ? {} : loadConfigFile(args.config);
  if (file !== null && (typeof file !== "object" || Array.isArray(file))) {
    throw new InputError(`${args.config}: got ${JSON.stringify(file)}, expected fields of a config`);
  }
  const { set = [] } = args;
  const fields = {
    workers: defaultWorkers(),
    ...(defaultTask && { task: defaultTask }),
    ...file,
    ...fieldsOf(args),
  };
  const source = args.config ?? "flags";
  const settled = applySettings(fields, set);
  knowTask(settled.task);
  return parseTrainConfig(settled, args.config && set.length > 0 ? `${source} with --set` : source);
}

/** A power of two, which divides the usual numbers of robots. */
export function defaultWorkers(): number {
  return Math.min(MAX_DEFAULT_WORKERS, 2 ** Math.floor(Math.log2(availableParallelism())));
}

/** @throws InputError for flags out of range */
export function trainingLimits({
  minutes,
  iterations,
}: Pick<TrainArguments, "minutes" | "iterations">): TrainingLimits {
  checkAbove("minutes", minutes, 0);
  checkCount("iterations", iterations);
  if (iterations !== undefined) return { iterations, trainingS: minutes === undefined ? undefined : 60 * minutes };
  return { trainingS: 60 * (minutes ?? DEFAULT_MINUTES) };
}
