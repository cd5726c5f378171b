/** The last seconds of a live simulation as charts: its velocity beside the command, and how hard the motors work. */

import type uPlot from "uplot";
import type { RobotModel } from "../../sim/robot/types.js";
import { byId, followSize } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import { addChartRow, type ChartRow, fitChartRows, signed, timeChartOptions } from "../panels/chart-rows.js";
import type { Frames } from "../recording/frames.js";
import { type LiveSignal, liveSignals } from "./live-signals.js";

/** Of what is shown, s; with the second before, over which effort is averaged, less than the live log keeps. */
const WINDOW_S = 8;
/** Numbers that change faster than this cannot be read, and drawing takes as long as all else of a frame, s. */
const PERIOD_S = 0.2;

export class LiveCharts {
  private readonly host = byId("live-charts", HTMLElement);
  private rows: readonly ChartRow[] = [];
  private shown: { readonly log: Frames; readonly model: RobotModel } | null = null;
  private shownAtS = Number.NaN;
  private timeS = 0;

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

  show(log: Frames, model: RobotModel): void {
    this.shown = { log, model };
    this.rebuild();
  }

  /** Brings the charts up to a time of the log. */
  update(timeS: number): void {
    this.timeS = timeS;
    if (Math.abs(timeS - this.shownAtS) < PERIOD_S) return;
    this.draw();
  }

  private rebuild(): void {
    for (const { plot } of this.rows) plot.destroy();
    this.host.replaceChildren();
    const signals = this.signals();
    this.rows = signals.map((signal, row) =>
      addChartRow(this.host, signal.title, this.optionsOf(signal, row === signals.length - 1), [[], [], [], []]),
    );
    this.resize();
  }

  private resize(): void {
    if (fitChartRows(this.host, this.rows)) this.draw();
  }

  private draw(): void {
    this.shownAtS = this.timeS;
    const [first] = this.span();
    const dtS = this.shown?.log.header.dtS ?? 0;
    this.signals().forEach(({ measured, wanted, unit }, row) => {
      const { plot, reading } = this.rows[row];
      const times = measured.map((_, i) => (first + i) * dtS);
      plot.setData([times, measured.map(() => null), [...measured], wanted ? [...wanted] : measured.map(() => null)]);
      const now = [measured, wanted].flatMap((values) => values?.at(-1) ?? []);
      reading.textContent = `${now.map(signed).join(" / ")} ${unit}`;
    });
  }

  private signals(): LiveSignal[] {
    return this.shown ? liveSignals(this.shown.log, this.shown.model, ...this.span()) : [];
  }

  /** First and last frame that are to be seen; none where the log has none. */
  private span(): [first: number, last: number] {
    const { numFrames, header } = this.shown?.log ?? { numFrames: 0, header: { dtS: 1 } };
    const last = Math.min(Math.round(this.timeS / header.dtS), numFrames - 1);
    return [Math.max(0, last - Math.round(WINDOW_S / header.dtS)), last];
  }

  private optionsOf(signal: LiveSignal, withAxis: boolean): uPlot.Options {
    const options = timeChartOptions(this.theme, signal, withAxis);
    const range = (): [number, number] => [this.timeS - WINDOW_S, this.timeS];
    return { ...options, scales: { ...options.scales, x: { time: false, range } } };
  }
}
