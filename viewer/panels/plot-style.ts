/** What all charts look like. */

import type uPlot from "uplot";
import { pageScale } from "../page/dom.js";
import type { Theme } from "../page/theme.js";

/** Room for the labels below a chart, CSS pixels of the page's scale. */
export const AXIS_HEIGHT = 22;

/** An axis of quiet labels and hairlines. */
export function plotAxis(theme: Theme): uPlot.Axis {
  return {
    stroke: theme.muted,
    font: `${11 * pageScale()}px system-ui, sans-serif`,
    grid: { stroke: theme.line, width: 1 },
    ticks: { show: false },
    gap: 4,
  };
}

/** A thin line without points. */
export function plotLine(label: string, stroke: string, dash?: number[]): uPlot.Series {
  return { label, stroke, width: dash ? 1.25 : 1.75, points: { show: false }, ...(dash && { dash }) };
}

/** A vertical range with some air around the values, and never narrower than `minSpan`. */
export function rangeOf(minSpan: number): uPlot.Range.Function {
  return (_plot, min, max) => {
    // A chart without any value, as before the first one has come.
    if (min === null || max === null) return [0, minSpan];
    const spare = Math.max(minSpan - (max - min), 0.2 * (max - min)) / 2;
    return [min - spare, max + spare];
  };
}

/** uPlot leaves a gap where a value is null. */
export function withGaps(values: Iterable<number | null | undefined>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? (value as number) : null));
}
