/** Velocity commanded against measured: forward, sideways, turning; one chart each over the whole episode. */

import uPlot from "uplot";
import type { EpisodeLog } from "../../sim/episode-log.js";
import { make } from "../dom.js";
import type { Theme } from "../theme.js";

interface Quantity {
  readonly title: string;
  readonly unit: string;
  /** Element of `command`. */
  readonly commanded: number;
  readonly measured: { readonly column: "baseVelocity" | "baseAngularVelocity"; readonly element: number };
}

const QUANTITIES: readonly Quantity[] = [
  { title: "Forward", unit: "m/s", commanded: 0, measured: { column: "baseVelocity", element: 0 } },
  { title: "Sideways", unit: "m/s", commanded: 1, measured: { column: "baseVelocity", element: 1 } },
  { title: "Turning", unit: "rad/s", commanded: 2, measured: { column: "baseAngularVelocity", element: 2 } },
];

/** Smallest span of a chart, so that noise around zero does not look like motion; m/s or rad/s. */
const MIN_SPAN = 0.6;
const AXIS_HEIGHT = 22;
/** As style.css has it between two charts. */
const ROW_GAP = 6;

interface Chart {
  readonly quantity: Quantity;
  readonly plot: uPlot;
  readonly playhead: HTMLElement;
  readonly reading: HTMLElement;
}

/** Three charts under each other with one playhead; clicking or dragging in them seeks. */
export class VelocityChart {
  private charts: readonly Chart[] = [];
  private log: EpisodeLog | null = null;
  private timeS = 0;

  constructor(
    private readonly host: HTMLElement,
    private theme: Theme,
    private readonly onSeek: (timeS: number) => void,
  ) {
    new ResizeObserver(() => this.resize()).observe(host);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (this.log) this.show(this.log);
  }

  show(log: EpisodeLog): void {
    this.log = log;
    for (const { plot } of this.charts) plot.destroy();
    this.host.replaceChildren();
    this.charts = QUANTITIES.map((quantity, row) => this.addChart(log, quantity, row === QUANTITIES.length - 1));
    this.resize();
    this.update(this.timeS);
  }

  update(timeS: number): void {
    this.timeS = timeS;
    if (!this.log) return;
    const frame = this.log.frame(Math.min(Math.round(timeS / this.log.header.dtS), this.log.numFrames - 1));
    for (const { quantity, plot, playhead, reading } of this.charts) {
      playhead.style.transform = `translateX(${plot.valToPos(timeS, "x")}px)`;
      const commanded = frame[commandedAt(this.log, quantity)];
      const measured = frame[measuredAt(this.log, quantity)];
      reading.textContent = `${signed(measured)} / ${signed(commanded)} ${quantity.unit}`;
    }
  }

  private addChart(log: EpisodeLog, quantity: Quantity, withAxis: boolean): Chart {
    const reading = make("span", { className: "reading" });
    const body = make("div", { className: "plot" });
    this.host.append(
      make("div", { className: "plot-row" }, make("div", { className: "plot-title" }, quantity.title, reading), body),
    );
    const plot = new uPlot(chartOptions(this.theme, withAxis), chartData(log, quantity), body);
    const playhead = make("div", { className: "playhead" });
    plot.over.append(playhead);
    this.seekFrom(plot);
    return { quantity, plot, playhead, reading };
  }

  private seekFrom(plot: uPlot): void {
    const seek = (event: PointerEvent) => {
      if (event.buttons === 0 && event.type === "pointermove") return;
      this.onSeek(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x"));
    };
    plot.over.addEventListener("pointerdown", (event) => {
      plot.over.setPointerCapture(event.pointerId);
      seek(event);
    });
    plot.over.addEventListener("pointermove", seek);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width === 0 || height === 0) return;
    const titles = this.charts.reduce((sum, { reading }) => sum + titleHeight(reading), 0);
    const each = Math.max(24, (height - titles - AXIS_HEIGHT) / QUANTITIES.length);
    this.charts.forEach(({ plot }, row) => {
      plot.setSize({ width, height: each + (row === QUANTITIES.length - 1 ? AXIS_HEIGHT : 0) });
    });
    this.update(this.timeS);
  }
}

/** What the row of a reading needs besides its plot. */
function titleHeight(reading: HTMLElement): number {
  return (reading.parentElement?.offsetHeight ?? 0) + ROW_GAP;
}

function commandedAt(log: EpisodeLog, quantity: Quantity): number {
  return log.column("command").offset + quantity.commanded;
}

function measuredAt(log: EpisodeLog, quantity: Quantity): number {
  return log.column(quantity.measured.column).offset + quantity.measured.element;
}

function chartData(log: EpisodeLog, quantity: Quantity): uPlot.AlignedData {
  const time = new Float64Array(log.numFrames);
  const commanded = new Float32Array(log.numFrames);
  const measured = new Float32Array(log.numFrames);
  for (let i = 0; i < log.numFrames; i++) {
    const frame = log.frame(i);
    time[i] = i * log.header.dtS;
    commanded[i] = frame[commandedAt(log, quantity)];
    measured[i] = frame[measuredAt(log, quantity)];
  }
  return [time, measured, commanded];
}

function chartOptions(theme: Theme, withAxis: boolean): uPlot.Options {
  const axis = {
    stroke: theme.muted,
    font: "11px system-ui, sans-serif",
    grid: { stroke: theme.line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: 100,
    height: 60,
    cursor: { show: false },
    legend: { show: false },
    padding: [6, 8, 2, 0],
    scales: { x: { time: false }, y: { range: atLeastSpan } },
    axes: [
      { ...axis, show: withAxis, size: AXIS_HEIGHT, gap: 4, values: (_plot, splits) => splits.map((s) => `${s} s`) },
      { ...axis, size: 38, gap: 4, space: 15 },
    ],
    series: [
      {},
      { label: "measured", stroke: theme.accent, width: 1.75, points: { show: false } },
      { label: "commanded", stroke: theme.ink, width: 1.25, dash: [5, 4], points: { show: false } },
    ],
  };
}

function atLeastSpan(_plot: uPlot, min: number, max: number): [number, number] {
  const spare = Math.max(MIN_SPAN - (max - min), 0.2 * (max - min)) / 2;
  return [min - spare, max + spare];
}

function signed(value: number): string {
  // A true minus sign is as wide as a plus, so readings do not jump.
  return `${value < -0.005 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
