import type { CommandModule } from "yargs";
import type { PolicyBundle } from "../../bundle/bundle.js";
import { configOf, DEFAULT_MINUTES } from "../config/train-config.js";
import { trainOptions } from "../config/train-options.js";
import {
  DEFAULT_EVALUATION,
  type EvaluationReport,
  evaluate,
  reportTable,
  reportToJson,
} from "../evaluation/evaluation-run.js";
import { loadPolicy, loadShipped } from "../run-folder/policy-source.js";
import { RunDirectory } from "../run-folder/run-directory.js";
import { checkAbove, checkCount } from "../terminal/flags.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION, trialsOption, VIEWER_OPTIONS } from "../terminal/options.js";
import { orTellHowToResume, printResumeHint } from "../training/resume-hint.js";
import { prepareRun, train } from "../training/run.js";
import { runHash, showPage, startViewer, waitForInterrupt } from "../viewer/serve.js";

interface QuickstartArguments {
  minutes: number;
  trials: number;
  seed?: number | undefined;
  port: number;
  view: boolean;
  open: boolean;
  runs: string;
  json: boolean;
}

/** Ground that is rougher than any the policy has seen, and flat ground. */
const GROUNDS = [
  { terrain: DEFAULT_EVALUATION.terrain, level: DEFAULT_EVALUATION.level, record: 4 },
  { terrain: "flat", level: 0, record: 2 },
] as const;

export const quickstartCommand: CommandModule<object, QuickstartArguments> = {
  command: ["quickstart", "$0"],
  describe: "Train a trot, try it on random rough ground that it has never seen, and watch it in the browser",
  builder: (yargs) =>
    yargs
      .option("minutes", { type: "number", default: DEFAULT_MINUTES, requiresArg: true, describe: "Training time" })
      .options(trialsOption(DEFAULT_EVALUATION.trials))
      .options(trainOptions("seed"))
      .options(VIEWER_OPTIONS)
      .option("view", { type: "boolean", default: true, describe: "--no-view: end after the report" })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("npm start", "The same, from a checkout")
      .example("$0 quickstart --no-view", "Only train and report"),
  handler: async (args) => {
    checkAbove("minutes", args.minutes, 0);
    checkCount("trials", args.trials);
    const viewer = args.view ? await startViewer(args.runs, args.port) : undefined;
    try {
      const run = await trainAndEvaluate(args);
      if (!run || !viewer) return;
      log.info(`Viewer: ${await showPage(viewer, runHash(run.id), args.open)}\nCtrl-C stops it.`);
      await waitForInterrupt();
    } finally {
      await viewer?.close();
    }
  },
};

/** Returns nothing where the user stopped the training. */
async function trainAndEvaluate(args: QuickstartArguments): Promise<RunDirectory | undefined> {
  const { minutes, seed, runs, trials, json } = args;
  const prepared = prepareRun(configOf({ seed }), runs, undefined);
  log.info(`Teaching ${prepared.config.robot} to trot, ${minutes} min, into ${prepared.run.path}`);
  const limitFlags = ` --minutes ${minutes}`;
  const training = train(prepared, { trainingS: 60 * minutes });
  const { run, interrupted, exitCode } = await orTellHowToResume(training, prepared.run, limitFlags);
  if (interrupted) {
    printResumeHint("train", run.path, limitFlags);
    process.exitCode = exitCode;
    return undefined;
  }
  const reports = await evaluateOnGrounds(loadPolicy(run.path, runs).bundle, trials);
  writeReports(run, reports);
  if (json) process.stdout.write(`${JSON.stringify({ run: run.path, evaluations: reports.map(reportToJson) })}\n`);
  else process.stdout.write(`${reportTable(reports)}\nRun: ${run.path}\n`);
  return run;
}

/** Makes a run of the policy that comes along, for a viewer that has nothing else to show. Returns the run's id. */
export async function recordPretrained(runsRoot: string): Promise<string> {
  log.info("No runs yet: recording the pre-trained policy.");
  const bundle = loadShipped("trot");
  const reports = await evaluateOnGrounds(bundle, DEFAULT_EVALUATION.trials);
  const run = RunDirectory.create(runsRoot, bundle, "pretrained");
  run.writeFile("robot.urdf", bundle.robot.urdf);
  writeReports(run, reports);
  run.setStatus("finished");
  return run.id;
}

async function evaluateOnGrounds(bundle: PolicyBundle, trials: number): Promise<EvaluationReport[]> {
  const reports: EvaluationReport[] = [];
  for (const { terrain, level, record } of GROUNDS) {
    reports.push(await evaluate(bundle, { ...DEFAULT_EVALUATION, terrain, level, trials }, record));
  }
  return reports;
}

function writeReports(run: RunDirectory, reports: readonly EvaluationReport[]): void {
  for (const { name, bytes } of reports.flatMap(({ episodes }) => episodes)) run.writeEpisode(name, bytes);
  run.writeFile("evaluation.json", `${JSON.stringify(reports.map(reportToJson), null, 2)}\n`);
}
