import { setImmediate } from "node:timers/promises";
import type { CommandModule } from "yargs";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { encodeStudent } from "../../student/bundle.js";
import { DEFAULT_DISTILLATION, Distillation, type RoundStatistics } from "../../student/distill.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { checkOut } from "../files/out-file.js";
import { loadPolicy, POLICY_HELP } from "../run-folder/policy-source.js";
import { checkCount, checkSeed } from "../terminal/flags.js";
import { Interruption } from "../terminal/interruption.js";
import { log } from "../terminal/log.js";
import { FORCE_OPTION, JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";
import { ProgressLine } from "../terminal/progress.js";
import { startBackend } from "../training/backend.js";

interface DistillArguments {
  policy: string;
  out: string;
  history: number;
  rounds: number;
  seed: number;
  runs: string;
  force: boolean;
  json: boolean;
}

/** What is learned from takes 23 MB for each frame. */
const MAX_HISTORY = 20;

export const distillCommand: CommandModule<object, DistillArguments> = {
  command: "distill <policy>",
  describe: "Teach a policy's trot to a student that needs no gait memory, for controllers that have none",
  builder: (yargs) =>
    yargs
      .positional("policy", { type: "string", demandOption: true, describe: `The teacher. ${POLICY_HELP}` })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "File for the student" })
      .option("history", {
        type: "number",
        default: DEFAULT_DISTILLATION.historyLength,
        requiresArg: true,
        describe: "Latest observations that the student sees, 1 to 20",
      })
      .option("rounds", {
        type: "number",
        default: DEFAULT_DISTILLATION.rounds,
        requiresArg: true,
        describe: "Rounds of driving and learning, a few seconds each",
      })
      .option("seed", { type: "number", default: 1, requiresArg: true, describe: "Same seed: same student" })
      .options(RUNS_OPTION)
      .options(FORCE_OPTION)
      .options(JSON_OPTION)
      .example("$0 distill runs/long --out student.json", "A student of a run's policy")
      .example("$0 sim2sim student.json", "How it does in MuJoCo"),
  handler: async (args) => {
    checkCount("history", args.history, 1, MAX_HISTORY);
    checkCount("rounds", args.rounds);
    checkSeed(args.seed);
    const { bundle, source } = loadPolicy(args.policy, args.runs);
    checkOut(args.out, args.force);
    await loadPhysics();
    await startBackend("wasm");
    const settings = { ...DEFAULT_DISTILLATION, seed: args.seed, historyLength: args.history, rounds: args.rounds };
    const distillation = new Distillation(bundle, createRobotModel(bundle.robot, bundle.robot.name), settings);
    log.info(`Teaching ${source} to a student, into ${args.out}; Ctrl-C ends early and keeps what it has learned`);
    const { last, exitCode } = await teach(distillation, args.rounds);
    writeFileAtomic(args.out, encodeStudent(distillation.student()));
    const outcome = { out: args.out, rounds: distillation.round, ...last };
    process.stdout.write(args.json ? `${JSON.stringify(outcome)}\n` : `Student: ${args.out}\n`);
    distillation.free();
    process.exitCode = exitCode;
  },
};

/** All rounds, or fewer where a signal comes. */
async function teach(
  distillation: Distillation,
  rounds: number,
): Promise<{ last: RoundStatistics | undefined; exitCode: number }> {
  const progress = new ProgressLine();
  const interruption = new Interruption(() => log.info("Ending after this round"));
  let last: RoundStatistics | undefined;
  try {
    while (distillation.round < rounds && !interruption.requested) {
      last = distillation.advance();
      const text = `round ${distillation.round}  error ${last.errorRad.toFixed(4)} rad  falls ${last.falls}`;
      progress.update({ fraction: distillation.round / rounds, text });
      // Lets signals through.
      await setImmediate();
    }
    return { last, exitCode: interruption.exitCode };
  } finally {
    progress.stop();
    interruption.stopListening();
  }
}
