/** The panels that follow the clock of a recording: timeline, events, gait diagram, gait selection and charts. */

import { byId } from "../page/dom.js";
import type { Theme } from "../page/theme.js";
import type { ReplayClock } from "../recording/clock.js";
import { replayEvents } from "../recording/events.js";
import type { Recording } from "../recording/load-run.js";
import { EventMarks } from "./event-marks.js";
import { GaitDiagram } from "./gait-diagram.js";
import { GaitSelectionStrip } from "./gait-selection-strip.js";
import { SignalCharts } from "./signal-charts.js";
import { Timeline } from "./timeline.js";

export class RecordingPanels {
  private readonly timeline = new Timeline();
  private readonly marks: EventMarks;
  private readonly gait: GaitDiagram;
  private readonly selection: GaitSelectionStrip;
  private readonly charts: SignalCharts;

  /** @param onSeek called with the time that a mark, a click in a chart or the like leads to */
  constructor(theme: Theme, onSeek: (timeS: number) => void) {
    this.marks = new EventMarks(onSeek);
    this.gait = new GaitDiagram(byId("gait", HTMLCanvasElement), theme);
    this.selection = new GaitSelectionStrip("selection", theme, { onSeek });
    this.charts = new SignalCharts(theme, onSeek);
  }

  setTheme(theme: Theme): void {
    for (const panel of [this.gait, this.selection, this.charts]) panel.setTheme(theme);
  }

  /** @param other the recording beside it */
  show(recording: Recording, other: Recording | null, clock: ReplayClock): void {
    const { log } = recording;
    this.timeline.show(clock);
    this.marks.show(replayEvents(log), clock.durationS);
    this.gait.show(log, other?.log ?? null);
    this.selection.show(log);
    this.charts.show(recording, other);
  }

  /** Brings all panels to the clock's time. */
  update(clock: ReplayClock): void {
    const { timeS } = clock;
    this.timeline.update(clock);
    for (const panel of [this.marks, this.gait, this.selection, this.charts]) panel.update(timeS);
  }

  /** To the next event (1) or the one before (-1). */
  jump(direction: 1 | -1): void {
    this.marks.jump(direction);
  }
}
