import type { CommandModule } from "yargs";
import type { PolicyBundle } from "../bundle.js";
import type { EvaluationOptions } from "../evaluate.js";
import { type EvaluationReport, evaluate, reportTable, reportToJson } from "./evaluation-run.js";
import { loadPolicy, loadPretrained } from "./load.js";
import { RunDirectory } from "./run-directory.js";
import { configOf } from "./train.js";
import { prepareRun, train } from "./training-run.js";
import { DEFAULT_VIEWER_PORT, serveViewer, waitForInterrupt } from "./view.js";

interface QuickstartArguments {
  minutes: number;
  seed: number;
  port: number;
  view: boolean;
  open: boolean;
  runs: string;
  json: boolean;
}

/** Ground that the policy has never seen, and the flat ground that it was trained on. */
const TRIALS = 100;
const GROUNDS = [
  { terrain: "rough", level: 2, record: 4 },
  { terrain: "flat", level: 0, record: 2 },
] as const;
const EVALUATION_SEED = 1000;

export const quickstartCommand: CommandModule<object, QuickstartArguments> = {
  command: ["quickstart", "$0"],
  describe: "Train a trot, try it on random rough ground that it has never seen, and watch it in the browser",
  builder: (yargs) =>
    yargs
      .option("minutes", { type: "number", default: 2, requiresArg: true, describe: "Training time" })
      .option("seed", { type: "number", default: 1, requiresArg: true, describe: "Seed of everything random" })
      .option("port", {
        type: "number",
        default: DEFAULT_VIEWER_PORT,
        requiresArg: true,
        describe: "Port of the viewer",
      })
      .option("view", { type: "boolean", default: true, describe: "--no-view: end after the report" })
      .option("open", { type: "boolean", default: true, describe: "--no-open: open no browser" })
      .option("runs", { type: "string", default: "runs", requiresArg: true, describe: "Folder of the runs" })
      .option("json", { type: "boolean", default: false, describe: "Print the report as one JSON document" })
      .example("npm start", "The same, from a checkout")
      .example("$0 quickstart --no-view", "Only train and report"),
  handler: async ({ minutes, seed, port, view, open, runs, json }) => {
    const prepared = prepareRun(configOf({ seed }), runs, undefined);
    process.stderr.write(`Teaching ${prepared.config.robot} to trot, ${minutes} min, into ${prepared.run.path}\n`);
    const { run, interrupted } = await train(prepared, { trainingS: 60 * minutes });
    if (interrupted) {
      process.stderr.write(`Resume with: gaitway train --resume ${run.path} --minutes ${minutes}\n`);
      process.exitCode = 130;
      return;
    }
    const reports = await evaluateInto(run, loadPolicy(run.path, runs).bundle);
    if (json) process.stdout.write(`${JSON.stringify({ run: run.path, evaluations: reports.map(reportToJson) })}\n`);
    else process.stdout.write(`${reportTable(reports)}\nRun: ${run.path}\n`);
    if (!view) return;
    const viewer = await serveViewer({ runsRoot: runs, run: run.id, port, open, ensureRun: recordPretrained });
    process.stderr.write(`Viewer: ${viewer.url}\nCtrl-C stops it.\n`);
    await waitForInterrupt();
    await viewer.close();
  },
};

/** Makes a run of the policy that comes along, for a viewer that has nothing else to show. Returns the run's id. */
export async function recordPretrained(runsRoot: string): Promise<string> {
  process.stderr.write("No runs yet: recording the pre-trained policy.\n");
  const bundle = loadPretrained();
  const run = RunDirectory.create(runsRoot, bundle, "pretrained");
  run.writeFile("robot.urdf", bundle.robot.urdf);
  await evaluateInto(run, bundle);
  run.setStatus("finished");
  return run.id;
}

async function evaluateInto(run: RunDirectory, bundle: PolicyBundle): Promise<EvaluationReport[]> {
  const reports: EvaluationReport[] = [];
  for (const { terrain, level, record } of GROUNDS) {
    const options: EvaluationOptions = { terrain, level, trials: TRIALS, seed: EVALUATION_SEED, trialS: 10 };
    const report = await evaluate(bundle, options, record);
    for (const { name, bytes } of report.episodes) run.writeEpisode(name, bytes);
    reports.push(report);
  }
  run.writeFile("evaluation.json", `${JSON.stringify(reports.map(reportToJson), null, 2)}\n`);
  return reports;
}
