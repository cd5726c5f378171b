import type { CommandModule } from "yargs";
import { taskOf } from "../../config/tasks.js";
import { configJsonSchema, configYaml } from "../config/document.js";
import { configOf } from "../config/train-config.js";
import { CONFIG_OPTIONS, trainOptions } from "../config/train-options.js";
import { JSON_OPTION } from "../terminal/options.js";

interface ConfigArguments {
  config?: string | undefined;
  task?: string | undefined;
  set?: readonly string[] | undefined;
  schema?: boolean | undefined;
  json: boolean;
}

/** `gaitway config`: prints a whole config, to start one's own from. */
export const configCommand: CommandModule<object, ConfigArguments> = {
  command: "config",
  describe: "Print the config that training would use, every field with its meaning and range",
  builder: (yargs) =>
    yargs
      .options(CONFIG_OPTIONS)
      .options(trainOptions("task"))
      .option("schema", { type: "boolean", describe: "Print its JSON Schema instead, for editors" })
      .options(JSON_OPTION)
      .conflicts("schema", ["config", "set"])
      .example("$0 config > trot.yaml", "The defaults, to edit and train with")
      .example("$0 config --set env.terrain.kind=flat", "With one field changed")
      .example("$0 config --schema > gaitway.schema.json", "Completion and checks in an editor"),
  handler: (args) => {
    process.stdout.write(`${textOf(args).trimEnd()}\n`);
  },
};

function textOf(args: ConfigArguments): string {
  if (args.schema) return JSON.stringify(configJsonSchema(taskOf(configOf(args))), null, 2);
  const config = configOf(args);
  return args.json ? JSON.stringify(config) : configYaml(config);
}
