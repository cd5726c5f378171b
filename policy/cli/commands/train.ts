import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import type { TrainingLimits } from "../../training/progress.js";
import type { TrainArguments } from "../config/train-config.js";
import { configOf, DEFAULT_MINUTES, trainingLimits } from "../config/train-config.js";
import { TRAIN_FLAG_NAMES } from "../config/train-flags.js";
import { CONFIG_OPTIONS, trainOptions } from "../config/train-options.js";
import { evaluateGaits, gaitTable, reportToJson } from "../evaluation/evaluation-run.js";
import { loadPolicy, POLICY_HELP } from "../run-folder/policy-source.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, NEW_RUN_OPTIONS } from "../terminal/options.js";
import { orTellHowToResume, printResumeHint } from "../training/resume-hint.js";
import { type PreparedRun, prepareResume, prepareRun, train } from "../training/run.js";
import { loadStartPolicy } from "../training/start-policy.js";

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: "train",
  describe: "Train a policy; Ctrl-C saves and tells how to resume",
  builder: (yargs) =>
    yargs
      .options(CONFIG_OPTIONS)
      .options(trainOptions(...TRAIN_FLAG_NAMES))
      .option("minutes", {
        type: "number",
        requiresArg: true,
        describe: `Stop after so much training [default: ${DEFAULT_MINUTES}]`,
      })
      .option("iterations", { type: "number", requiresArg: true, describe: "Stop after so many iterations" })
      .option("from", {
        type: "string",
        requiresArg: true,
        describe: `Begin with a policy's weights, and its task where none is given. ${POLICY_HELP}`,
      })
      .options(NEW_RUN_OPTIONS)
      .options(JSON_OPTION)
      .conflicts("resume", [...Object.keys(CONFIG_OPTIONS), ...TRAIN_FLAG_NAMES, "from", "name"])
      .example("$0 train", "Two minutes of trotting, on all cores")
      .example("$0 train --minutes 10 --seed 7 --name long", "Longer, from another seed, into runs/long")
      .example("$0 train --config trot.yaml --iterations 300", "Your own settings")
      .example("$0 train --set env.terrain.kind=flat --set ppo.epochs=5", "Single settings")
      .example("$0 train --resume runs/long --minutes 20", "Go on, until 20 minutes in all")
      .example("$0 train --from runs/long --set env.terrain.level=3", "A new run, which begins with that policy")
      .example("$0 train --robot my-robot.urdf", "Another quadruped"),
  handler: async (args) => {
    const limits = trainingLimits(args);
    const prepared = args.resume === undefined ? prepareNew(args) : prepareResume(args.resume);
    checkWorkLeft(prepared, limits);
    log.info(`Training ${prepared.config.task} into ${prepared.run.path}`);
    const { run, interrupted, exitCode, last } = await orTellHowToResume(
      train(prepared, limits),
      prepared.run,
      limitFlags(args),
    );
    const { gaits: learned, gaitsChosen } = prepared.config.env.command;
    const hasScores = !interrupted && !gaitsChosen && learned.length > 1;
    const gaits = hasScores ? await evaluateGaits(loadPolicy(run.path, args.runs).bundle) : [];
    if (args.json) {
      const scores = gaits.map(reportToJson);
      process.stdout.write(`${JSON.stringify({ run: run.path, interrupted, ...last, gaits: scores })}\n`);
    } else {
      if (gaits.length > 0) process.stdout.write(`${gaitTable(gaits)}\n`);
      process.stdout.write(`${interrupted ? "Interrupted" : "Trained"}: ${run.path}\n`);
    }
    if (interrupted) {
      printResumeHint("train", run.path, limitFlags(args));
      process.exitCode = exitCode;
    }
  },
};

function prepareNew(args: TrainArguments): PreparedRun {
  const from = args.from === undefined ? undefined : loadStartPolicy(args.from, args.runs);
  return prepareRun(configOf(args, from?.task), args.runs, args.name, args.runs, from);
}

/** A run that has had its share is not to be trained again, unless it was killed before it could say so: it only has to end. */
function checkWorkLeft({ run, checkpoint }: PreparedRun, { iterations, trainingS }: TrainingLimits): void {
  if (!checkpoint || run.info.status === "running") return;
  const enough = checkpoint.iteration >= (iterations ?? Number.POSITIVE_INFINITY);
  if (!enough && checkpoint.trainingS < (trainingS ?? Number.POSITIVE_INFINITY)) return;
  const minutes = (checkpoint.trainingS / 60).toFixed(1);
  throw new InputError(
    `${run.path} has had ${checkpoint.iteration} iterations and ${minutes} minutes already: give larger --minutes or --iterations`,
  );
}

function limitFlags({ minutes, iterations }: TrainArguments): string {
  return `${minutes === undefined ? "" : ` --minutes ${minutes}`}${iterations === undefined ? "" : ` --iterations ${iterations}`}`;
}
