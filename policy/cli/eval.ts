import type { CommandModule } from "yargs";
import { MAX_TERRAIN_LEVEL, TERRAIN_KINDS } from "../../sim/terrain-kinds.js";
import type { TerrainSpec } from "../../sim/types.js";
import { SETTLE_S } from "../evaluate.js";
import { evaluate, reportTable, reportToJson } from "./evaluation-run.js";
import { checkAbove, checkCount, checkRange, checkSeed } from "./flags.js";
import { loadPolicy } from "./load.js";

interface EvalArguments {
  policy?: string | undefined;
  terrain: TerrainSpec["kind"];
  level: number;
  trials: number;
  seconds: number;
  seed: number;
  maxVx?: number | undefined;
  runs: string;
  json: boolean;
}

export const evalCommand: CommandModule<object, EvalArguments> = {
  command: "eval [policy]",
  describe: "Score a policy, without exploration noise, on ground and commands that it has never seen",
  builder: (yargs) =>
    yargs
      .positional("policy", {
        type: "string",
        describe:
          "A run's folder, a policy.json or a checkpoint (default: the newest run's, or else the pre-trained one)",
      })
      .option("terrain", { choices: TERRAIN_KINDS, default: "rough" as const, requiresArg: true, describe: "Ground" })
      .option("level", {
        type: "number",
        default: 2,
        requiresArg: true,
        describe: "Roughness, 0 to 3: standard deviation of 9 mm a level",
      })
      .option("trials", { type: "number", default: 100, requiresArg: true, describe: "Robots that walk, each once" })
      .option("seconds", {
        type: "number",
        default: 10,
        requiresArg: true,
        describe: `Length of a trial, above ${SETTLE_S}: the start is not scored`,
      })
      .option("seed", {
        type: "number",
        default: 1000,
        requiresArg: true,
        describe: "Moves ground, starts and commands",
      })
      .option("max-vx", {
        type: "number",
        requiresArg: true,
        describe: "Fastest forward command, m/s [default: the policy's]",
      })
      .option("runs", { type: "string", default: "runs", requiresArg: true, describe: "Folder of the runs" })
      .option("json", { type: "boolean", default: false, describe: "Print one JSON document" })
      .example("$0 eval", "The newest run on rough ground")
      .example("$0 eval --terrain flat --max-vx 1.0", "On flat ground, up to 1 m/s")
      .example("$0 eval runs/long --level 3 --trials 500 --seed 5 --json", "For another program to read"),
  handler: async ({ policy, terrain, level, trials, seconds, seed, maxVx, runs, json }) => {
    checkRange("level", level, 0, MAX_TERRAIN_LEVEL);
    checkCount("trials", trials);
    checkAbove("seconds", seconds, SETTLE_S);
    checkSeed(seed);
    const { bundle, source, run } = loadPolicy(policy, runs);
    checkAbove("max-vx", maxVx, bundle.env.command.vxMPerS[0]);
    if (!json) process.stderr.write(`Evaluating ${source}\n`);
    const flat = terrain === "flat";
    const options = { terrain, level: flat ? 0 : level, trials, seed, trialS: seconds, maxVxMPerS: maxVx };
    const report = await evaluate(bundle, options, 0);
    run?.writeFile("evaluation.json", `${JSON.stringify([reportToJson(report)], null, 2)}\n`);
    process.stdout.write(json ? `${JSON.stringify(reportToJson(report))}\n` : `${reportTable([report])}\n`);
  },
};
