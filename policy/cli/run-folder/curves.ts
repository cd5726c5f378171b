/** Learning curves of several runs: in the terminal, as CSV and as SVG. */

import plot from "simple-ascii-chart";
import type { TimedMetricsRow } from "./run-metrics.js";
import { movingMean } from "./run-summary.js";

/** One run's metrics. */
export interface Curve {
  /** One character, which draws the run in the terminal. */
  readonly mark: string;
  readonly name: string;
  readonly rows: readonly TimedMetricsRow[];
}

type Point = [x: number, y: number];

/** Size of the charts: columns and lines in the terminal, pixels of the picture and of what surrounds its lines. */
const TERMINAL = { width: 64, height: 14 };
const PICTURE = { width: 800, height: 480, margin: 60 };
/** Okabe and Ito's colours, which colour-blind people can tell apart. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
const MAX_TICKS = 5;

/** A metric over robot steps, averaged over iterations, each run drawn in its mark. */
export function curvesText(curves: readonly Curve[], metric: string): string {
  const drawn = curves.filter((curve) => smoothPoints(curve, metric).length > 0);
  const lines = drawn.map((curve) => thinned(smoothPoints(curve, metric), TERMINAL.width));
  let line = -1;
  return plot(lines, {
    ...TERMINAL,
    title: `${metric} over robot steps`,
    customXAxisTicks: ticks(lines.flat().map(([x]) => x)),
    customYAxisTicks: ticks(lines.flat().map(([, y]) => y)),
    formatter: tickText,
    // Lines are drawn one after the other; which one it is, only the index of its points tells.
    lineFormatter: ({ plotX, plotY, index }) => {
      if (index === 0) line++;
      return { x: plotX, y: plotY, symbol: drawn[line].mark };
    },
  });
}

/** All metrics of all iterations, one row each. */
export function curvesCsv(curves: readonly Curve[]): string {
  const names = [...new Set(curves.flatMap(({ rows }) => Object.keys(rows.at(-1) ?? {})))];
  const lines = curves.flatMap(({ name, rows }) =>
    rows.map((row) => [`"${name}"`, ...names.map((metric) => csvNumber(row[metric]))].join(",")),
  );
  return `${[["run", ...names].join(","), ...lines].join("\n")}\n`;
}

/** Nothing where an iteration has no value. */
function csvNumber(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "" : String(value);
}

/** The picture of `curvesText`. */
export function curvesSvg(curves: readonly Curve[], metric: string): string {
  const { width, height, margin } = PICTURE;
  const lines = curves.map((curve) => smoothPoints(curve, metric));
  const x = scale(
    lines.flat().map((point) => point[0]),
    margin,
    width - margin,
  );
  const y = scale(
    lines.flat().map((point) => point[1]),
    height - margin,
    margin,
  );
  const text = (atX: number, atY: number, content: string, rest = "") =>
    `<text x="${atX.toFixed(1)}" y="${atY.toFixed(1)}" ${rest}>${escapeXml(content)}</text>`;
  const grid = [
    ...x.ticks.map((tick) => text(x.place(tick), height - margin + 20, tickText(tick), `text-anchor="middle"`)),
    ...y.ticks.map((tick) => text(margin - 8, y.place(tick) + 4, tickText(tick), `text-anchor="end"`)),
    ...y.ticks.map((tick) => `<path d="M${margin} ${y.place(tick).toFixed(1)}H${width - margin}" stroke="#ddd"/>`),
  ];
  const paths = lines.map((line, i) => {
    const points = line.map((point) => `${x.place(point[0]).toFixed(1)},${y.place(point[1]).toFixed(1)}`).join(" ");
    return `<polyline points="${points}" fill="none" stroke="${colour(i)}" stroke-width="2"/>`;
  });
  const names = curves.map(({ name }, i) => text(margin + 8, margin + 18 * i, name, `fill="${colour(i)}"`));
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(margin, margin / 2, `${metric} over robot steps`),
    ...grid,
    ...paths,
    ...names,
    "</svg>\n",
  ].join("\n");
}

/** Iterations that have no value, as where no episode ended, are left out. */
function smoothPoints({ rows }: Curve, metric: string): Point[] {
  const known = rows.filter((row) => Number.isFinite(row[metric]));
  const values = movingMean(known.map((row) => row[metric]));
  return known.map(({ steps }, i) => [steps, values[i]]);
}

/** At most `count` of the points, evenly spread, the last one included. */
function thinned(points: readonly Point[], count: number): Point[] {
  if (points.length <= count) return [...points];
  return Array.from({ length: count }, (_, i) => points[Math.round((i * (points.length - 1)) / (count - 1))]);
}

function scale(values: readonly number[], from: number, to: number) {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return { ticks: ticks(values), place: (value: number) => from + ((value - low) / span) * (to - from) };
}

/** Round numbers within the range of values, steps of 1, 2 or 5 times a power of ten apart. */
function ticks(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low)) return [low];
  const least = (high - low) / MAX_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function tickText(value: number): string {
  return Math.abs(value) >= 1000 ? `${value / 1000}k` : String(Number(value.toPrecision(4)));
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length];
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
