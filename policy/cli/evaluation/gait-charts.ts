/** Charts of gaits that were chosen: how often at which speed, when, and at what cost. */

import type { SpeedBin } from "../../../gaits/gait-usage.js";
import { GAITS, SELECTABLE_GAITS } from "../../../gaits/library.js";
import type { ExperimentRow } from "../../evaluation/experiments.js";
import { barChart, COLORS, escapeXml } from "../terminal/bar-chart.js";
import { policyLabel } from "./experiment-policies.js";
import { type ExperimentOutcome, groundOf } from "./experiment-tables.js";

const RASTER_WIDTH = 760;
const RASTER_LEFT = 64;
const RASTER_TOP = 64;
const RASTER_ROW = 18;

/** SVG documents by file name; none where gaits were told. */
export function gaitCharts(outcome: ExperimentOutcome): Record<string, string> {
  const { experiment, policies, rows } = outcome;
  if (experiment.gaits.length > 0) return {};
  const choosers = policies.filter(({ controller, gaitSource }) => controller === "policy" && gaitSource === "policy");
  const chosen = rows.filter(({ policy }) => choosers.some(({ name }) => name === policy));
  const [{ terrain, level }] = experiment.cells;
  const onFirst = rows.filter((row) => row.terrain === terrain && row.level === level);
  return {
    "cost-of-transport.svg": costChart(experiment.id, onFirst),
    ...Object.fromEntries(
      chosen.flatMap((row) => {
        const place = `${row.policy}-${groundOf(row).replace(" ", "-")}`;
        return [
          [`gaits-by-speed-${place}.svg`, usageChart(experiment.id, row)],
          [`gait-raster-${place}.svg`, rasterChart(experiment.id, row)],
        ];
      }),
    ),
  };
}

function costChart(experiment: string, rows: readonly ExperimentRow[]): string {
  const speeds = [...new Set(rows.flatMap(({ usage }) => usage.map(({ fromMPerS }) => fromMPerS)))]
    .filter((speed) => speed > 0)
    .sort((a, b) => a - b);
  const at = ({ usage }: ExperimentRow, speed: number) => usage.find(({ fromMPerS }) => fromMPerS === speed);
  return barChart({
    title: `${experiment}: cost of transport by commanded speed, ${groundOf(rows[0])}`,
    axis: "cost of transport",
    groups: speeds.map(speedLabel),
    series: rows.map((row) => ({
      name: policyLabel(row.policy),
      values: speeds.map((speed) => at(row, speed)?.costOfTransport ?? Number.NaN),
    })),
  });
}

function usageChart(experiment: string, row: ExperimentRow): string {
  return barChart({
    title: `${experiment}: gaits by commanded speed, ${row.policy}, ${groundOf(row)}`,
    axis: "% of the time",
    groups: row.usage.map(({ fromMPerS }) => speedLabel(fromMPerS)),
    series: SELECTABLE_GAITS.map((gait) => ({
      name: GAITS[gait].id,
      values: row.usage.map(({ gaits }: SpeedBin) => 100 * (gaits[GAITS[gait].id] ?? 0)),
    })),
  });
}

/** A line of each of the first trials, coloured by gait over time; it ends with a fall. */
function rasterChart(experiment: string, { policy, traces, ...row }: ExperimentRow): string {
  const longest = Math.max(1, ...traces.map((trace) => trace.length));
  const perStep = (RASTER_WIDTH - RASTER_LEFT - 16) / longest;
  const height = RASTER_TOP + RASTER_ROW * traces.length + 8;
  const text = (x: number, y: number, content: string) => `<text x="${x}" y="${y}">${escapeXml(content)}</text>`;
  const legend = SELECTABLE_GAITS.flatMap((gait, i) => [
    `<rect x="${RASTER_LEFT + 84 * i}" y="36" width="12" height="12" fill="${COLORS[i]}"/>`,
    text(RASTER_LEFT + 84 * i + 18, 46, GAITS[gait].id),
  ]);
  const lines = traces.flatMap((trace, trial) => {
    const y = RASTER_TOP + RASTER_ROW * trial;
    return [
      text(8, y + 12, `trial ${trial + 1}`),
      ...spansOf(trace).map(({ gait, from, to }) => {
        const x = RASTER_LEFT + perStep * from;
        return `<rect x="${x.toFixed(1)}" y="${y}" width="${(perStep * (to - from)).toFixed(1)}" height="${RASTER_ROW - 4}" fill="${COLORS[SELECTABLE_GAITS.indexOf(gait)]}"/>`;
      }),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${RASTER_WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${RASTER_WIDTH}" height="${height}" fill="white"/>`,
    `<text x="${RASTER_LEFT}" y="20" font-size="15" font-weight="bold">${escapeXml(`${experiment}: gaits over time, ${policy}, ${groundOf(row)}`)}</text>`,
    ...legend,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

function spansOf(trace: readonly number[]): { gait: number; from: number; to: number }[] {
  const starts = trace.flatMap((gait, i) => (i === 0 || trace[i - 1] !== gait ? [i] : []));
  return starts.map((from, k) => ({ gait: trace[from], from, to: starts[k + 1] ?? trace.length }));
}

function speedLabel(fromMPerS: number): string {
  return `${fromMPerS.toFixed(2)} m/s`;
}
