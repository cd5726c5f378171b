/** Charts over time, under each other in one element whose height they share, each with a title and a reading. */

import uPlot from "uplot";
import { make, pageScale } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import type { Signal } from "../recording/signals.js";
import { AXIS_HEIGHT, plotAxis, plotLine, rangeOf } from "./plot-style.js";

/** As the style has it between two charts, CSS pixels of the page's scale. */
const ROW_GAP = 6;
const LEAST_HEIGHT = 24;

export interface ChartRow {
  readonly plot: uPlot;
  readonly reading: HTMLElement;
}

/** Adds a chart; only the last one of an element has an axis of time. @param data time, other, measured, wanted */
export function addChartRow(
  host: HTMLElement,
  title: string,
  options: uPlot.Options,
  data: uPlot.AlignedData,
): ChartRow {
  const reading = make("span", { className: "reading" });
  const body = make("div", { className: "plot" });
  host.append(make("div", { className: "plot-row" }, make("div", { className: "plot-title" }, title, reading), body));
  return { plot: new uPlot(options, data, body), reading };
}

/** Shares the element's height out among its charts; false where it has none. */
export function fitChartRows(host: HTMLElement, rows: readonly ChartRow[]): boolean {
  const { clientWidth: width, clientHeight: height } = host;
  if (width === 0 || height === 0) return false;
  const scale = pageScale();
  const titles = rows.reduce(
    (sum, { reading }) => sum + (reading.parentElement?.offsetHeight ?? 0) + ROW_GAP * scale,
    0,
  );
  const axisHeight = AXIS_HEIGHT * scale;
  const each = Math.max(LEAST_HEIGHT, (height - titles - axisHeight) / rows.length);
  rows.forEach(({ plot }, row) => {
    plot.setSize({ width, height: each + (row === rows.length - 1 ? axisHeight : 0) });
  });
  return true;
}

export function timeChartOptions(theme: Theme, { minSpan }: Pick<Signal, "minSpan">, withAxis: boolean): uPlot.Options {
  const scale = pageScale();
  const seconds = (_plot: uPlot, splits: number[]) => splits.map((s) => (s < 0 ? "" : `${s} s`)); // live, charts begin before the start
  return {
    width: 100,
    height: 60,
    cursor: { show: false },
    legend: { show: false },
    padding: [6 * scale, 8 * scale, 2 * scale, 0],
    scales: { x: { time: false }, y: { range: rangeOf(minSpan) } },
    axes: [
      { ...plotAxis(theme), show: withAxis, size: AXIS_HEIGHT * scale, values: seconds },
      { ...plotAxis(theme), size: 38 * scale, space: 15 * scale },
    ],
    series: [
      {},
      plotLine("other", theme.other),
      plotLine("measured", theme.accent),
      plotLine("wanted", theme.ink, [5, 4]),
    ],
  };
}

export function signed(value: number): string {
  if (Number.isNaN(value)) return "–";
  // A true minus sign is as wide as a plus, so readings do not jump.
  return `${value < -0.005 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
