/** Three signals of an episode over its whole length, of a group that the user picks; beside them those of a second one. */

import type uPlot from "uplot";
import type { EpisodeLog } from "../../sim/episode-log.js";
import { byId, followSize, make } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import type { Recording } from "../recording/load-run.js";
import { SIGNAL_GROUPS, type Signal } from "../recording/signals.js";
import { addChartRow, type ChartRow, fitChartRows, signed, timeChartOptions } from "./chart-rows.js";
import { withGaps } from "./plot-style.js";

interface Chart extends ChartRow {
  readonly signal: Signal;
  /** The same of the second episode. */
  readonly other: Signal | null;
  readonly playhead: HTMLElement;
}

/** Charts under each other with one playhead; clicking or dragging in them seeks. */
export class SignalCharts {
  private readonly host = byId("charts", HTMLElement);
  private readonly picker = byId("chart-group", HTMLSelectElement);
  private readonly wantedName = byId("chart-wanted", HTMLElement);
  private charts: readonly Chart[] = [];
  private shown: Recording | null = null;
  private other: Recording | null = null;
  private timeS = 0;

  constructor(
    private theme: Theme,
    private readonly onSeek: (timeS: number) => void,
  ) {
    this.picker.append(...SIGNAL_GROUPS.map(({ id, title }) => make("option", { value: id, textContent: title })));
    this.picker.addEventListener("change", () => this.rebuild());
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

  /** @param other drawn beside it, on the same axes */
  show(episode: Recording, other: Recording | null): void {
    this.shown = episode;
    this.other = other;
    this.rebuild();
  }

  update(timeS: number): void {
    this.timeS = timeS;
    const { shown, other } = this;
    if (!shown) return;
    for (const chart of this.charts) {
      chart.playhead.style.transform = `translateX(${chart.plot.valToPos(timeS, "x")}px)`;
      const values = [valueAt(chart.signal.measured, shown.log, timeS)];
      if (other && chart.other) values.push(valueAt(chart.other.measured, other.log, timeS));
      if (chart.signal.wanted) values.push(valueAt(chart.signal.wanted, shown.log, timeS));
      chart.reading.textContent = `${values.map(signed).join(" / ")} ${chart.signal.unit}`;
    }
  }

  private rebuild(): void {
    const { shown, other } = this;
    if (!shown) return;
    for (const { plot } of this.charts) plot.destroy();
    this.host.replaceChildren();
    const group = SIGNAL_GROUPS.find(({ id }) => id === this.picker.value) ?? SIGNAL_GROUPS[0];
    this.wantedName.hidden = group.wanted === null;
    this.wantedName.lastChild!.textContent = group.wanted;
    const signals = group.signals(shown.log, shown.robot.model);
    const others = other && group.signals(other.log, other.robot.model);
    this.charts = signals.map((signal, row) =>
      this.addChart(signal, others?.[row] ?? null, row === signals.length - 1),
    );
    this.resize();
  }

  private addChart(signal: Signal, other: Signal | null, withAxis: boolean): Chart {
    const options = timeChartOptions(this.theme, signal, withAxis);
    const { plot, reading } = addChartRow(this.host, signal.title, options, this.dataOf(signal, other));
    const playhead = make("div", { className: "playhead" });
    plot.over.append(playhead);
    this.seekFrom(plot);
    return { signal, other, plot, playhead, reading };
  }

  /** The longer of the two episodes gives the time axis. */
  private dataOf({ measured, wanted }: Signal, other: Signal | null): uPlot.AlignedData {
    const { dtS } = this.shown!.log.header;
    const numFrames = Math.max(measured.length, other?.measured.length ?? 0);
    const time = Float64Array.from({ length: numFrames }, (_, i) => i * dtS);
    const column = (values: Float32Array | undefined | null) =>
      withGaps(Array.from({ length: numFrames }, (_, i) => values?.[i]));
    return [time, column(other?.measured), column(measured), column(wanted)];
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
    if (fitChartRows(this.host, this.charts)) this.update(this.timeS);
  }
}

function valueAt(values: Float32Array, log: EpisodeLog, timeS: number): number {
  return values[Math.min(Math.round(timeS / log.header.dtS), log.numFrames - 1)];
}
