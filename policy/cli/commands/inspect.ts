import type { CommandModule } from "yargs";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { SETTLE_S } from "../../evaluation/evaluate.js";
import { advise } from "../../inspection/advice.js";
import { inspect } from "../../inspection/inspect.js";
import { inspectionTables } from "../evaluation/inspection-report.js";
import { loadPolicyOrNewest, POLICY_HELP } from "../run-folder/policy-source.js";
import { checkAbove, checkCount, checkSeed } from "../terminal/flags.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION, seedOption } from "../terminal/options.js";
import { ProgressLine } from "../terminal/progress.js";

interface InspectArguments {
  policy?: string | undefined;
  robots: number;
  seconds: number;
  seed: number;
  runs: string;
  json: boolean;
}

/** `gaitway inspect [policy]`: what goes on inside a policy, and what looks wrong there. */
export const inspectCommand: CommandModule<object, InspectArguments> = {
  command: "inspect [policy]",
  describe: "Look into a policy: layers, observations, saturation, reward terms, symmetry, and advice on what is off",
  builder: (yargs) =>
    yargs
      .positional("policy", { type: "string", describe: `${POLICY_HELP} [default: the newest run's, else trot]` })
      .option("robots", { type: "number", default: 32, requiresArg: true, describe: "Robots that walk" })
      .option("seconds", {
        type: "number",
        default: 10,
        requiresArg: true,
        describe: `Length of each of the two walks, above ${SETTLE_S}`,
      })
      .options(seedOption(1000, "ground, starts and commands"))
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 inspect", "The newest run")
      .example("$0 inspect runs/long/checkpoints/000040.ckpt --json", "For another program to read"),
  handler: async ({ policy, robots, seconds, seed, runs, json }) => {
    checkCount("robots", robots);
    checkAbove("seconds", seconds, SETTLE_S);
    checkSeed(seed);
    const { bundle, source } = loadPolicyOrNewest(policy, runs);
    if (!json) log.info(`Inspecting ${source}`);
    if (bundle.selector)
      log.warn(`${source} selects gaits: this looks into the policy that walks, not the one that selects`);
    await loadPhysics();
    const progress = new ProgressLine();
    const model = createRobotModel(bundle.robot, bundle.robot.name);
    const inspection = inspect(bundle, model, { robots, rolloutS: seconds, seed }, (fraction) =>
      progress.update({ fraction, text: `${robots} robots` }),
    );
    progress.stop();
    const advice = advise(inspection);
    const text = json ? JSON.stringify({ ...inspection, advice }) : inspectionTables(inspection, advice);
    process.stdout.write(`${text}\n`);
  },
};
