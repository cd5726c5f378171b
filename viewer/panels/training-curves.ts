/** Live curves of a training run: rewards term by term, errors, falls, what the learner does, and how fast. */

import uPlot from "uplot";
import { byId, followSize, make, pageScale } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import type { MetricsHistory } from "../recording/metrics-history.js";
import { AXIS_HEIGHT, plotAxis, plotLine, rangeOf, withGaps } from "./plot-style.js";

/** Of a plot without its title, CSS pixels of the page's scale. */
const HEIGHT = 74;

interface Curve {
  /** In a row of the metrics. */
  readonly key: string;
  readonly title: string;
  readonly unit: string;
}

interface Group {
  readonly title: string;
  readonly curves: readonly Curve[];
}

const FIXED_GROUPS: readonly Group[] = [
  {
    title: "Errors and falls",
    curves: [
      { key: "velocityErrorX", title: "Forward", unit: "m/s" },
      { key: "velocityErrorY", title: "Sideways", unit: "m/s" },
      { key: "yawRateError", title: "Turning", unit: "rad/s" },
      { key: "contactErrorPercent", title: "Feet off schedule", unit: "%" },
      { key: "falls", title: "Falls", unit: "" },
    ],
  },
  {
    title: "Learning",
    curves: [
      { key: "kl", title: "KL divergence", unit: "" },
      { key: "learningRate", title: "Learning rate", unit: "" },
      { key: "meanStd", title: "Action noise", unit: "" },
      { key: "valueLoss", title: "Value loss", unit: "" },
      { key: "stepsPerSecond", title: "Speed", unit: "steps/s" },
    ],
  },
];

interface Chart {
  readonly curve: Curve;
  readonly plot: uPlot;
  readonly reading: HTMLElement;
}

export class TrainingCurves {
  private readonly host = byId("curves", HTMLElement);
  private charts: readonly Chart[] = [];
  private history: MetricsHistory | null = null;

  constructor(private theme: Theme) {
    followSize(
      this.host,
      () => this.resize(),
      () => this.rebuild(),
    );
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.rebuild();
  }

  /** Draws all that the history holds; another history, or new terms in it, make new charts. */
  show(history: MetricsHistory): void {
    const terms = history.rewardTerms.length;
    const drawn = this.charts.filter(({ curve }) => curve.key.startsWith("reward/")).length;
    const isNew = history !== this.history || terms !== drawn;
    this.history = history;
    if (isNew) this.rebuild();
    else this.update();
  }

  private rebuild(): void {
    const { history } = this;
    if (!history) return;
    for (const { plot } of this.charts) plot.destroy();
    this.host.replaceChildren();
    const rewards: Group = {
      title: "Reward",
      curves: [
        { key: "reward", title: "Sum of terms", unit: "" },
        ...history.rewardTerms.map((term) => ({ key: `reward/${term}`, title: inWords(term), unit: "" })),
      ],
    };
    this.charts = history.length === 0 ? [] : [rewards, ...FIXED_GROUPS].flatMap((group) => this.addGroup(group));
    this.resize();
    this.update();
  }

  private addGroup({ title, curves }: Group): Chart[] {
    const grid = make("div", { className: "curve-grid" });
    this.host.append(make("h3", {}, title), grid);
    return curves.map((curve) => {
      const reading = make("span", { className: "reading" });
      const body = make("div", { className: "plot" });
      grid.append(make("div", {}, make("div", { className: "plot-title" }, curve.title, reading), body));
      return { curve, reading, plot: new uPlot(curveOptions(this.theme), [[], []], body) };
    });
  }

  private update(): void {
    const { history } = this;
    if (!history) return;
    const iterations = history.column("iteration") as number[];
    for (const { curve, plot, reading } of this.charts) {
      plot.setData([iterations, withGaps(history.column(curve.key))]);
      reading.textContent = `${compact(history.last?.[curve.key])} ${curve.unit}`;
    }
  }

  private resize(): void {
    const height = HEIGHT * pageScale();
    for (const { plot, reading } of this.charts) {
      const width = reading.parentElement?.clientWidth ?? 0;
      if (width > 0) plot.setSize({ width, height });
    }
  }
}

function curveOptions(theme: Theme): uPlot.Options {
  const scale = pageScale();
  const compactTicks = (_plot: uPlot, splits: number[]) => splits.map(compact);
  return {
    width: 100,
    height: HEIGHT,
    cursor: { show: false },
    legend: { show: false },
    padding: [8 * scale, 6 * scale, 0, 0], // half of a label above
    scales: { x: { time: false }, y: { range: curveRange } },
    axes: [
      { ...plotAxis(theme), size: (AXIS_HEIGHT - 4) * scale, space: 36 * scale },
      { ...plotAxis(theme), size: 54 * scale, space: 18 * scale, values: compactTicks },
    ],
    series: [{}, plotLine("value", theme.accent)],
  };
}

/** A value that never changes, as that of a term without weight, stands in the middle of a range of its own size, or of 1. */
const curveRange: uPlot.Range.Function = (plot, min, max, scale) => {
  const span = min === max ? 2 * (Math.abs(min ?? 0) || 1) : 1e-9;
  return rangeOf(span)(plot, min, max, scale);
};

/** Three digits, whatever the size. */
function compact(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size >= 1000) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  if (size === 0 || size >= 0.001) return String(Number(value.toPrecision(3))).replace("-", "−");
  return value.toExponential(1).replace("-", "−");
}

/** "linearVelocity" → "Linear velocity". */
function inWords(name: string): string {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced[0].toUpperCase() + spaced.slice(1);
}
