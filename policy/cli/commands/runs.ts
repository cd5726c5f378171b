import type { CommandModule } from "yargs";
import { changedFields, fieldsText } from "../config/differences.js";
import { type EvaluationFigures, findRuns, type RunSummary, summariseRun } from "../run-folder/run-summary.js";
import { JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";
import { formatDuration } from "../terminal/progress.js";
import { textTable } from "../terminal/table.js";

interface RunsArguments {
  runs: string;
  sort: keyof typeof ORDERS;
  json: boolean;
}

const ORDERS = {
  newest: (a: RunSummary, b: RunSummary) => b.createdAt.localeCompare(a.createdAt),
  best: (a: RunSummary, b: RunSummary) =>
    (b.bestReward ?? Number.NEGATIVE_INFINITY) - (a.bestReward ?? Number.NEGATIVE_INFINITY),
  longest: (a: RunSummary, b: RunSummary) => b.trainingS - a.trainingS,
} as const;

/** Widths of what wraps. */
const FROM_COLUMNS = 24;
const CHANGED_COLUMNS = 50;

/** `gaitway runs`: what has been trained, and what came of it. */
export const runsCommand: CommandModule<object, RunsArguments> = {
  command: "runs",
  describe: "List the runs: how they ended, their best reward, and what their configs change",
  builder: (yargs) =>
    yargs
      .options(RUNS_OPTION)
      .option("sort", {
        choices: Object.keys(ORDERS) as (keyof typeof ORDERS)[],
        default: "newest" as const,
        requiresArg: true,
        describe: "What comes first",
      })
      .options(JSON_OPTION)
      .example("$0 runs", "All runs, also those of sweeps, the newest first")
      .example("$0 runs --sort best --json", "For another program to read"),
  handler: ({ runs, sort, json }) => {
    const summaries = findRuns(runs).map((run) => summariseRun(run, runs));
    summaries.sort((a, b) => ORDERS[sort](a, b) || a.name.localeCompare(b.name, "en"));
    const text = json ? JSON.stringify(summaries.map(toJson)) : runsTable(summaries);
    process.stdout.write(`${text}\n`);
  },
};

function toJson({ config, ...figures }: RunSummary): object {
  return { ...figures, changed: config && changedFields(config) };
}

function runsTable(summaries: readonly RunSummary[]): string {
  if (summaries.length === 0) return "No runs yet.";
  const head = [
    "run",
    "status",
    "best reward",
    "falls, |v_x error| of eval",
    "training",
    "steps",
    "seed",
    "from",
    "changed",
  ];
  const rows = summaries.map(({ name, status, bestReward, evaluations, trainingS, steps, seed, from, config }) => [
    name,
    status,
    bestReward?.toFixed(3) ?? "",
    evaluations.map(evaluationText).join("\n"),
    formatDuration(trainingS),
    `${Math.round(steps / 1000)}k`,
    String(seed),
    from ?? "",
    config ? fieldsText(changedFields(config)) : "",
  ]);
  return textTable(head, rows, { 7: FROM_COLUMNS, 8: CHANGED_COLUMNS });
}

function evaluationText({ terrain, level, falls, trials, velocityErrorX }: EvaluationFigures): string {
  const ground = terrain === "flat" ? "flat" : `${terrain} ${level}`;
  return `${ground}: ${falls} of ${trials}, ${velocityErrorX.toFixed(3)} m/s`;
}
