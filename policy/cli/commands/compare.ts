import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { differingFields, fieldText } from "../config/differences.js";
import { writeFileAtomic } from "../files/atomic-file.js";
import { type Curve, curvesCsv, curvesSvg, curvesText } from "../run-folder/curves.js";
import { openNamedRun } from "../run-folder/policy-source.js";
import { finalMetrics, type RunSummary, SMOOTHING_ITERATIONS, summariseRun } from "../run-folder/run-summary.js";
import { JSON_OPTION, RUNS_OPTION } from "../terminal/options.js";
import { formatDuration } from "../terminal/progress.js";
import { textTable } from "../terminal/table.js";

interface CompareArguments {
  paths?: readonly string[] | undefined;
  metric: string;
  out?: string | undefined;
  runs: string;
  json: boolean;
}

/** One run beside others. */
interface Column {
  readonly summary: RunSummary;
  readonly curve: Curve;
  /** Means over the last iterations. */
  readonly final: Record<string, number>;
}

/** Letters that draw the runs' curves. */
const MARKS = "abcdefghijklmnopqrstuvwxyz";
/** Metrics of the table; all others are in --json and in CSV files. */
const METRICS = {
  reward: "reward",
  "|v_x error|, m/s": "velocityErrorX",
  "|v_y error|, m/s": "velocityErrorY",
  "|yaw-rate error|, rad/s": "yawRateError",
  "contact error, %": "contactErrorPercent",
} as const;

/** `gaitway compare a b`: runs side by side. */
export const compareCommand: CommandModule<object, CompareArguments> = {
  command: "compare <paths..>",
  describe: "Put runs side by side: final metrics, evaluations, what their configs differ in, learning curves",
  builder: (yargs) =>
    yargs
      .positional("paths", { type: "string", array: true, describe: "Names or folders of two runs or more" })
      .option("metric", { type: "string", default: "reward", requiresArg: true, describe: "What the curves show" })
      .option("out", { type: "string", requiresArg: true, describe: "File for the curves too: .csv or .svg" })
      .options(RUNS_OPTION)
      .options(JSON_OPTION)
      .example("$0 compare long short", "runs/long and runs/short")
      .example(
        "$0 compare a b c --metric velocityErrorX --out curves.svg",
        "The curves of another metric, as a picture",
      ),
  handler: ({ paths = [], metric, out, runs, json }) => {
    if (paths.length < 2 || paths.length > MARKS.length) {
      throw new InputError(`compare: got ${paths.length} runs, expected 2..${MARKS.length}`);
    }
    checkFileKind(out);
    const columns = paths.map((path, i) => readColumn(String(path), runs, MARKS[i]));
    checkMetric(metric, columns);
    const curves = columns.map(({ curve }) => curve);
    if (out) writeFileAtomic(out, out.endsWith(".csv") ? curvesCsv(curves) : curvesSvg(curves, metric));
    const text = json ? JSON.stringify(toJson(columns)) : `${compareTable(columns)}\n${curvesText(curves, metric)}`;
    process.stdout.write(`${text.trimEnd()}\n`);
  },
};

function checkFileKind(out: string | undefined): void {
  if (out === undefined || /\.(csv|svg)$/.test(out)) return;
  throw new InputError(`--out: got ${out}, expected a file name that ends in .csv or .svg`);
}

function readColumn(path: string, runsRoot: string, mark: string): Column {
  const run = openNamedRun(path, runsRoot);
  const rows = run.readMetrics();
  if (rows.length === 0) throw new InputError(`${run.path} has no metrics: nothing to compare`);
  const summary = summariseRun(run, runsRoot);
  return { summary, curve: { mark, name: summary.name, rows }, final: finalMetrics(rows) };
}

function checkMetric(metric: string, columns: readonly Column[]): void {
  const names = [...new Set(columns.flatMap(({ final }) => Object.keys(final)))].sort();
  const isKnown = columns.some(({ curve }) => curve.rows.some((row) => Number.isFinite(row[metric])));
  if (!isKnown) throw new InputError(`--metric: got ${metric}, expected one of ${names.join(", ")}`);
}

function toJson(columns: readonly Column[]): object {
  const runs = columns.map(({ summary: { config, ...figures }, final }) => ({ ...figures, final }));
  return { runs, differences: differences(columns) };
}

/** Fields with their values in all runs; a run without a config has null. */
function differences(columns: readonly Column[]): Readonly<Record<string, readonly unknown[]>> {
  return differingFields(columns.map(({ summary }) => summary.config));
}

function compareTable(columns: readonly Column[]): string {
  const row = (name: string, cell: (column: Column) => string) => [name, ...columns.map(cell)];
  const head = [
    `metrics: means of the last ${SMOOTHING_ITERATIONS} iterations`,
    ...columns.map(({ summary, curve }) => `${curve.mark}: ${summary.name}`),
  ];
  return textTable(head, [
    row("status", ({ summary }) => summary.status),
    row("training", ({ summary }) => formatDuration(summary.trainingS)),
    row("iterations", ({ summary }) => String(summary.iterations)),
    row("best reward", ({ summary }) => summary.bestReward?.toFixed(3) ?? ""),
    ...Object.entries(METRICS).map(([name, metric]) => row(name, ({ final }) => final[metric]?.toFixed(3) ?? "")),
    ...evaluationRows(columns),
    ...Object.entries(differences(columns)).map(([field, values]) => [field, ...values.map(fieldText)]),
  ]);
}

/** Three rows for each ground that any of the runs was evaluated on. */
function evaluationRows(columns: readonly Column[]): string[][] {
  const groundOf = ({ terrain, level }: { terrain: string; level: number }) => `${terrain} ${level}`;
  const grounds = new Set(columns.flatMap(({ summary }) => summary.evaluations.map(groundOf)));
  return [...grounds].flatMap((ground) => {
    const found = columns.map(({ summary }) => summary.evaluations.find((each) => groundOf(each) === ground));
    return [
      [`${ground}: falls`, ...found.map((each) => (each ? `${each.falls} of ${each.trials}` : ""))],
      [`${ground}: |v_x error|, m/s`, ...found.map((each) => each?.velocityErrorX.toFixed(3) ?? "")],
      [`${ground}: |yaw-rate error|, rad/s`, ...found.map((each) => each?.yawRateError.toFixed(3) ?? "")],
    ];
  });
}
