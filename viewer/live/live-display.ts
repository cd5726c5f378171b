/** What shows a live simulation: 3D view, gait diagram, gait selection and numbers, all of one moment. */

import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { byId } from "../page/dom.js";
import { onThemeChange, readTheme } from "../page/theme.js";
import { GaitDiagram } from "../panels/gait-diagram.js";
import { GaitSelectionStrip } from "../panels/gait-selection-strip.js";
import type { MeshContents } from "../recording/mesh-files.js";
import { createPose, interpolatePose } from "../scene/pose.js";
import type { Pull } from "./disturbances.js";
import { LiveCharts } from "./live-charts.js";
import { LiveReadout } from "./live-readout.js";
import type { LiveSession } from "./live-session.js";
import { LiveView } from "./live-view.js";

/** Of a policy's choices of gaits that are shown, s. */
const SELECTION_WINDOW_S = 8;

export class LiveDisplay {
  readonly view: LiveView;
  readonly readout = new LiveReadout();
  readonly pose = createPose();
  /** Time that the pose is of. */
  shownS = 0;
  private readonly gait: GaitDiagram;
  private readonly selection: GaitSelectionStrip;
  private readonly charts: LiveCharts;

  /** Throws NoWebGlError where the browser cannot draw. */
  constructor(canvas: HTMLCanvasElement) {
    const theme = readTheme();
    this.view = new LiveView(canvas, theme);
    this.gait = new GaitDiagram(byId("live-gait", HTMLCanvasElement), theme, 1);
    this.selection = new GaitSelectionStrip("live-selection", theme, { windowS: SELECTION_WINDOW_S });
    this.charts = new LiveCharts(theme);
    onThemeChange((changed) => {
      for (const part of [this.view, this.gait, this.selection, this.charts]) part.setTheme(changed);
    });
  }

  /** Shows a session that begins: the policy's robot stands there until it runs. */
  showSession({ log }: LiveSession, { robot, selector }: PolicyBundle, model: RobotModel, meshes: MeshContents): void {
    this.pose.basePosition.set([0, 0, model.nominalHeightM]);
    this.pose.baseRotation.set([0, 0, 0, 1]);
    this.pose.jointPosition.set(model.qDefaultRad);
    this.view.showRobot(robot, meshes, model, this.pose);
    this.gait.show(log);
    this.selection.show(log, selector !== null);
    this.charts.show(log, model);
  }

  /** Brings all up to the session's time, after `elapsedS` of wall time. */
  update(session: LiveSession, pull: Pull | null, elapsedS: number): void {
    const { log, clock, planks } = session;
    this.shownS = clock.timeS;
    interpolatePose(this.pose, log, clock.timeS);
    this.view.apply(this.pose, log, clock.timeS, elapsedS);
    this.view.showPlanks(planks);
    this.view.showPull(pull);
    this.view.showPush(session.push);
    this.gait.update(clock.timeS);
    this.selection.update(clock.timeS);
    this.charts.update(clock.timeS);
    this.tell(session);
  }

  /** Says why the session does not go on. */
  tellFailure(error: unknown): void {
    reportError(error);
    const reason = error instanceof Error ? error.message : String(error);
    this.readout.say(`The simulation has failed: ${reason}. “Reset” starts it anew.`);
  }

  private tell({ log, clock, fellAtS, falls, stepMs, isBroken }: LiveSession): void {
    if (isBroken) return;
    if (fellAtS !== null) this.readout.say("Fell. It starts again in a moment.");
    else if (log.endS < 1) this.readout.say("");
    const frame = log.frame(log.numFrames - 1);
    this.readout.update(log, clock.timeS, () => ({
      speed: `${frame[log.column("baseVelocity").offset].toFixed(2)} m/s`,
      command: `${frame[log.column("command").offset].toFixed(2)} m/s`,
      falls: String(falls),
      step: `${stepMs.value.toFixed(1)} ms`,
    }));
  }
}
