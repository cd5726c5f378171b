#!/usr/bin/env node
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { InputError } from "../../sim/errors.js";
import { averageCommand } from "./commands/average.js";
import { benchCommand } from "./commands/bench.js";
import { compareCommand } from "./commands/compare.js";
import { configCommand } from "./commands/config.js";
import { distillCommand } from "./commands/distill.js";
import { evalCommand } from "./commands/eval.js";
import { experimentCommand } from "./commands/experiment.js";
import { exportCommand } from "./commands/export.js";
import { exportLogCommand } from "./commands/export-log.js";
import { gaitsCommand } from "./commands/gaits.js";
import { importCommand } from "./commands/import.js";
import { initCommand } from "./commands/init.js";
import { inspectCommand } from "./commands/inspect.js";
import { quickstartCommand, recordPretrained } from "./commands/quickstart.js";
import { renderCommand } from "./commands/render.js";
import { runsCommand } from "./commands/runs.js";
import { sim2simCommand } from "./commands/sim2sim.js";
import { sweepCommand } from "./commands/sweep.js";
import { trainCommand } from "./commands/train.js";
import { viewCommand } from "./commands/view.js";
import { packageVersion } from "./files/package-root.js";
import { LOG_LEVELS, log, setLogLevel } from "./terminal/log.js";

const HELP_COLUMNS = 110;
/** Codes of writing to a terminal that has been closed, or a pipe that nobody reads any more. */
const NOBODY_LISTENS: readonly (string | undefined)[] = ["EIO", "EPIPE"];

async function main(): Promise<void> {
  await yargs(hideBin(process.argv))
    .scriptName("gaitway")
    .usage("$0 <command>\n\nTrains quadrupeds to walk, tries them on rough ground, and shows them in the browser.")
    .command(quickstartCommand)
    .command(trainCommand)
    .command(initCommand)
    .command(evalCommand)
    .command(experimentCommand)
    .command(viewCommand(recordPretrained))
    .command(inspectCommand)
    .command(sweepCommand)
    .command(runsCommand)
    .command(compareCommand)
    .command(averageCommand)
    .command(exportCommand)
    .command(importCommand)
    .command(sim2simCommand)
    .command(distillCommand)
    .command(exportLogCommand)
    .command(renderCommand)
    .command(configCommand)
    .command(gaitsCommand)
    .command(benchCommand)
    .option("log-level", {
      choices: LOG_LEVELS,
      default: "info" as const,
      requiresArg: true,
      describe: "What to tell on stderr",
    })
    .middleware(({ logLevel }) => setLogLevel(logLevel))
    .version(packageVersion())
    .strict()
    .recommendCommands()
    .wrap(HELP_COLUMNS)
    .fail((message, error) => {
      // YError: what yargs itself throws of arguments that it cannot read.
      if (error && error.name !== "YError") throw error;
      throw new InputError(message.replace(/\s*\n\s*/g, " "));
    })
    .parseAsync();
}

// What is told to nobody is lost, but must not end a training before it has saved.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!NOBODY_LISTENS.includes(error.code)) throw error;
  });
}

try {
  await main();
} catch (error) {
  log.error(error instanceof InputError ? error.message : ((error as Error).stack ?? String(error)));
  process.exitCode = 1;
}
