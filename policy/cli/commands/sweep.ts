import { join } from "node:path";
import { stringify } from "yaml";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { defaultWorkers } from "../config/train-config.js";
import { makeFolders, writeFileAtomic } from "../files/atomic-file.js";
import { loadConfigFile } from "../files/config-file.js";
import { newFolderPath } from "../run-folder/run-directory.js";
import { RunLock } from "../run-folder/run-lock.js";
import { parseSweepFile, planSweep, type SweepFile, type SweepSetting } from "../sweep/plan.js";
import { isComplete, reportSweep, sweepTable } from "../sweep/report.js";
import { runSweep } from "../sweep/run.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, NEW_RUN_OPTIONS } from "../terminal/options.js";
import { printResumeHint } from "../training/resume-hint.js";
import { loadTrainableRobot } from "../training/run.js";

interface SweepArguments {
  file?: string | undefined;
  resume?: string | undefined;
  name?: string | undefined;
  runs: string;
  json: boolean;
}

/** A sweep on disk. */
interface PreparedSweep {
  readonly folder: string;
  readonly file: SweepFile;
  readonly settings: readonly SweepSetting[];
}

/** What a sweep's folder keeps to be resumed from, whatever becomes of the user's file. */
const SWEEP_FILE = "sweep.yaml";

/** `gaitway sweep sweep.yaml`: many trainings, and what they have in common. */
export const sweepCommand: CommandModule<object, SweepArguments> = {
  command: "sweep [file]",
  describe: "Train and evaluate over a grid, or random draws, of settings and seeds; Ctrl-C saves",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", describe: "YAML file that says which settings, seeds and limits" })
      .options(NEW_RUN_OPTIONS)
      .options(JSON_OPTION)
      .conflicts("resume", ["file", "name"])
      .example("$0 sweep sweep.yaml --name rates", "Into runs/rates, one run's folder after the other")
      .example("$0 sweep --resume runs/rates", "Go on; what is finished is not repeated"),
  handler: async ({ file, resume, name, runs, json }) => {
    const sweep = resume === undefined ? prepareSweep(file, runs, name) : openSweep(resume);
    const { folder, settings } = sweep;
    const count = settings.reduce((sum, setting) => sum + setting.runs.length, 0);
    const lock = RunLock.acquire(folder);
    log.info(`Sweep of ${count} runs, ${settings.length} settings, into ${folder}`);
    const exitCode = await runSweep(folder, sweep.file, settings).finally(() => lock.release());
    const report = reportSweep(folder, sweep.file, settings);
    const text = json
      ? JSON.stringify({ sweep: folder, interrupted: exitCode !== 0, settings: report })
      : sweepTable(report);
    process.stdout.write(`${text}\n`);
    if (!isComplete(report)) printResumeHint("sweep", folder);
    if (exitCode !== 0) process.exitCode = exitCode;
    else if (!isComplete(report)) process.exitCode = 1;
  },
};

/** Checks all that is to be run, then makes the sweep's folder. */
function prepareSweep(path: string | undefined, runsRoot: string, name: string | undefined): PreparedSweep {
  if (path === undefined) throw new InputError("sweep: expected a file, or --resume with a sweep's folder");
  const parsed = parseSweepFile(loadConfigFile(path), path);
  // Kept with the sweep: on another machine, too, it must go on with as many threads.
  const file = { ...parsed, config: { workers: defaultWorkers(), ...parsed.config } };
  const settings = planSweep(file, path);
  for (const setting of settings) loadTrainableRobot(setting.runs[0].config, runsRoot);
  const folder = newFolderPath(runsRoot, "sweep", new Date().toISOString(), name);
  makeFolders(folder);
  writeFileAtomic(join(folder, SWEEP_FILE), stringify(file));
  return { folder, file, settings };
}

function openSweep(folder: string): PreparedSweep {
  const path = join(folder, SWEEP_FILE);
  const file = parseSweepFile(loadConfigFile(path), path);
  return { folder, file, settings: planSweep(file, path) };
}
