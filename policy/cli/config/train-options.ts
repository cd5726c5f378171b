import type { Options } from "yargs";
import { hideBin, Parser } from "yargs/helpers";
import type { TrainConfig } from "../../config/schema.js";
import { configOf } from "./train-config.js";
import { TRAIN_FLAGS, type TrainFlagName } from "./train-flags.js";

/** Flags of a command that takes a whole config, beside those of `TRAIN_FLAGS`. */
export const CONFIG_OPTIONS = {
  config: { type: "string", requiresArg: true, describe: "YAML file; flags override it" },
  set: {
    type: "string",
    array: true,
    // One value at a time: what follows it is not swallowed.
    nargs: 1,
    requiresArg: true,
    describe: "Change a field, such as ppo.epochs=5; again for more",
  },
} as const;

/**
 * Flags of the table for a command. Their help tells the defaults of the task, or of the config file, that stands beside --help.
 * @throws InputError where help is asked for with a task or file that there is not
 */
export function trainOptions<Flag extends TrainFlagName>(...flags: Flag[]) {
  const config = configToTell();
  return Object.fromEntries(flags.map((flag) => [flag, optionOf(flag, config)])) as {
    [Each in Flag]: Options & { type: (typeof TRAIN_FLAGS)[Each]["type"] };
  };
}

function optionOf(flag: TrainFlagName, config: TrainConfig): Options {
  const { field, type, describe, ...rest } = TRAIN_FLAGS[flag];
  const value = "byDefault" in rest ? rest.byDefault : config[field];
  const whose = field === "task" ? `; defaults here are those of ${config.task}` : "";
  return { type, requiresArg: true, describe: `${describe}${whose} [default: ${value}]` };
}

/** No file is read, and no task's code run, but for help. */
function configToTell(): TrainConfig {
  const args = Parser(hideBin(process.argv), { string: ["task", "config"], boolean: ["help"] });
  return configOf(args.help ? { task: args.task, config: args.config } : {});
}
