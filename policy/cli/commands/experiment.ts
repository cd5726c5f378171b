import { join } from "node:path";
import Table from "cli-table3";
import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import type { ControllerScore } from "../../evaluation/evaluate.js";
import { cellOptions, EXPERIMENTS, type Experiment } from "../../evaluation/experiments.js";
import { type ExperimentPolicy, loadPolicies } from "../evaluation/experiment-policies.js";
import { makeReportFolder, outcomeToJson, removeReportFolder, writeReport } from "../evaluation/experiment-report.js";
import { type ExperimentOutcome, resultTable } from "../evaluation/experiment-tables.js";
import type { ExperimentJob } from "../evaluation/experiment-worker.js";
import { POLICY_HELP } from "../run-folder/policy-source.js";
import { folderTime, freeName } from "../run-folder/run-directory.js";
import { checkCount, checkSeed } from "../terminal/flags.js";
import { Interruption } from "../terminal/interruption.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION, seedOption, WORKERS_OPTION } from "../terminal/options.js";
import { ProgressLine } from "../terminal/progress.js";
import { runJobs } from "../threads/job-pool.js";

interface ExperimentArguments {
  experiment: string;
  policies: string;
  trials?: number | undefined;
  seed: number;
  workers: number;
  out?: string | undefined;
  runs: string;
  json: boolean;
}

const EXPERIMENT_WORKER = new URL("../evaluation/experiment-worker.js", import.meta.url);
const REPORTS = join("runs", "experiments");

export const experimentCommand: CommandModule<object, ExperimentArguments> = {
  command: "experiment <experiment>",
  describe: "Run a named experiment with several policies, and report it beside the published figures",
  builder: (yargs) =>
    yargs
      .positional("experiment", {
        type: "string",
        demandOption: true,
        choices: EXPERIMENTS.map(({ id }) => id),
        describe: EXPERIMENTS.map(({ id, title }) => `${id}: ${title}`).join(". "),
      })
      .option("policies", {
        type: "string",
        default: "locomotion",
        requiresArg: true,
        describe: `Names, or name=policy, with commas between them. ${POLICY_HELP}`,
      })
      .option("trials", {
        type: "number",
        requiresArg: true,
        describe: "Trials of each policy on all grounds together [default: the experiment's]",
      })
      .options(seedOption(1, "ground, noise and pushes"))
      .options(WORKERS_OPTION)
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: `Folder of the report [default: ${REPORTS}/<time>-<experiment>]`,
      })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 experiment E1 --policies locomotion,no-estimator", "The reference's main comparison")
      .example(
        "$0 experiment E4 --policies locomotion,mine=policy.json --trials 20",
        "All gaits, also with your own policy",
      )
      .example("$0 experiment E1 --seed 2 --json", "On fresh ground, for another program to read"),
  handler: async (args) => {
    checkSeed(args.seed);
    checkCount("trials", args.trials);
    checkCount("workers", args.workers);
    const experiment = EXPERIMENTS.find(({ id }) => id === args.experiment)!;
    const policies = loadPolicies(args.policies, args.runs, experiment);
    const folder =
      args.out ?? join(REPORTS, freeName(REPORTS, `${folderTime(new Date().toISOString())}-${experiment.id}`));
    makeReportFolder(folder);
    const stop = new AbortController();
    const interruption = new Interruption(() => stop.abort());
    try {
      const outcome = await runExperiment(experiment, policies, args, stop.signal);
      writeReport(folder, outcome);
      process.stdout.write(args.json ? `${JSON.stringify(outcomeToJson(outcome))}\n` : summary(outcome, folder));
    } catch (error) {
      removeReportFolder(folder);
      if (!interruption.requested) throw error;
      log.info("Interrupted: no report.");
      process.exitCode = interruption.exitCode;
    } finally {
      interruption.stopListening();
    }
  },
};

/** Scores all policies in all cells. Throws the signal's reason, and InputError if a thread fails. */
async function runExperiment(
  experiment: Experiment,
  policies: readonly ExperimentPolicy[],
  { trials = experiment.trials, seed, workers }: ExperimentArguments,
  signal: AbortSignal,
): Promise<ExperimentOutcome> {
  const cells = cellOptions(experiment, trials, seed);
  const jobs = policies.flatMap(({ name, bundle, controller, gaitSource }) =>
    cells.map((options, cell) => ({ name, bundle, controller, gaitSource, options, cell, experiment: experiment.id })),
  );
  const progress = new ProgressLine();
  const text = `${experiment.id}, ${policies.length} policies, ${trials} trials each`;
  const onProgress = (fraction: number) => progress.update({ fraction, text });
  const scores = await runJobs<ExperimentJob, ControllerScore>(EXPERIMENT_WORKER, jobs, workers, onProgress, signal)
    .catch((error: Error) => {
      if (signal.aborted) throw error;
      throw new InputError(`a thread failed: ${error.message.split("\n", 1)[0]}`, { cause: error });
    })
    .finally(() => progress.stop());
  const rows = jobs.map(({ name, options: { terrain, level, trials } }, i) => ({
    ...{ policy: name, terrain, level, trials },
    ...scores[i],
  }));
  return { experiment, seed, trials, policies, rows };
}

function summary(outcome: ExperimentOutcome, folder: string): string {
  const { head, rows } = resultTable(outcome);
  const table = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true });
  table.push(...rows.map((row) => [...row]));
  return `${table}\nReport: ${join(folder, "report.md")}\n`;
}
