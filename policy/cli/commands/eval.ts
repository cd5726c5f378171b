import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { MAX_TERRAIN_LEVEL, TERRAIN_KINDS, type TerrainKind } from "../../../sim/terrain/kinds.js";
import { type EvaluationOptions, SETTLE_S } from "../../evaluation/evaluate.js";
import {
  DEFAULT_EVALUATION,
  type EvaluationReport,
  evaluate,
  groundTable,
  reportTable,
  reportToJson,
} from "../evaluation/evaluation-run.js";
import { loadPolicyOrNewest, POLICY_HELP } from "../run-folder/policy-source.js";
import { checkAbove, checkCount, checkRange, checkSeed } from "../terminal/flags.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION, RUNS_OPTION, seedOption, trialsOption } from "../terminal/options.js";

interface EvalArguments {
  policy?: string | undefined;
  terrain: TerrainKind;
  level?: number | undefined;
  trials: number;
  seconds: number;
  seed: number;
  maxVx?: number | undefined;
  gait?: string | undefined;
  runs: string;
  json: boolean;
}

const ALL_LEVELS = [1, 2, 3] as const;

export const evalCommand: CommandModule<object, EvalArguments> = {
  command: "eval [policy]",
  describe: "Score a policy, without exploration noise, on ground and commands that it has never seen",
  builder: (yargs) =>
    yargs
      .positional("policy", { type: "string", describe: `${POLICY_HELP} [default: the newest run's, else trot]` })
      .option("terrain", {
        type: "string",
        default: DEFAULT_EVALUATION.terrain,
        requiresArg: true,
        describe: `${TERRAIN_KINDS.join(", ")}, all; or ground of the policy's own task`,
      })
      .option("level", {
        type: "number",
        requiresArg: true,
        describe: `Difficulty, 0 to ${MAX_TERRAIN_LEVEL} [default: ${DEFAULT_EVALUATION.level}; of all terrain: ${ALL_LEVELS.join(", ")}]`,
      })
      .options(trialsOption(DEFAULT_EVALUATION.trials))
      .option("seconds", {
        type: "number",
        default: DEFAULT_EVALUATION.trialS,
        requiresArg: true,
        describe: `Length of a trial, above ${SETTLE_S}: the start is not scored`,
      })
      .options(seedOption(DEFAULT_EVALUATION.seed, "ground, starts and commands"))
      .option("max-vx", {
        type: "number",
        requiresArg: true,
        describe: "Fastest forward command, m/s [default: the policy's]",
      })
      .option("gait", {
        type: "string",
        requiresArg: true,
        describe: "The one gait to walk in [default: those that the policy knows, in turn]",
      })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 eval", "The newest run on rough ground")
      .example("$0 eval locomotion", "One of the policies that come along")
      .example("$0 eval --terrain flat --max-vx 1.0", "On flat ground, up to 1 m/s")
      .example("$0 eval --terrain all", "A table of all terrain")
      .example("$0 eval runs/long --level 3 --trials 500 --seed 5 --json", "For another program to read"),
  handler: async ({ policy, terrain, level, trials, seconds, seed, maxVx, gait, runs, json }) => {
    checkRange("level", level, 0, MAX_TERRAIN_LEVEL);
    checkCount("trials", trials);
    checkAbove("seconds", seconds, SETTLE_S);
    checkSeed(seed);
    const { bundle, source, run } = loadPolicyOrNewest(policy, runs);
    checkTerrain(terrain);
    checkAbove("max-vx", maxVx, bundle.env.command.vxMPerS[0]);
    checkKnown(gait, bundle.env.command.gaits);
    if (!json) log.info(`Evaluating ${source}`);
    const reports: EvaluationReport[] = [];
    for (const ground of groundsOf(terrain, level)) {
      reports.push(await evaluate(bundle, { ...ground, trials, seed, trialS: seconds, maxVxMPerS: maxVx, gait }, 0));
    }
    run?.writeFile("evaluation.json", `${JSON.stringify(reports.map(reportToJson), null, 2)}\n`);
    if (json)
      process.stdout.write(
        `${JSON.stringify(terrain === "all" ? reports.map(reportToJson) : reportToJson(reports[0]))}\n`,
      );
    else process.stdout.write(`${terrain === "all" ? groundTable(reports) : reportTable(reports)}\n`);
  },
};

/** After the policy, whose own task may bring ground along. */
function checkTerrain(terrain: string): void {
  if (terrain === "all" || TERRAIN_KINDS.includes(terrain)) return;
  throw new InputError(`--terrain: got ${terrain}, expected one of ${TERRAIN_KINDS.join(", ")}, all`);
}

function checkKnown(gait: string | undefined, gaits: readonly string[]): void {
  if (gait === undefined || gaits.includes(gait)) return;
  throw new InputError(`--gait: got ${gait}, expected a gait that the policy knows: ${gaits.join(", ")}`);
}

/** What to walk on, flat ground first. */
function groundsOf(terrain: TerrainKind, level: number | undefined): Pick<EvaluationOptions, "terrain" | "level">[] {
  const kinds = terrain === "all" ? TERRAIN_KINDS : [terrain];
  const levels = level !== undefined ? [level] : terrain === "all" ? ALL_LEVELS : [DEFAULT_EVALUATION.level];
  return kinds.flatMap((kind) => (kind === "flat" ? [0] : levels).map((each) => ({ terrain: kind, level: each })));
}
