/** One robot of a replay in the 3D view: its body, and where the gait memory wants its feet. */

import { Vector3 } from "three";
import { FootMarkers } from "./foot-markers.js";
import type { RunRobot } from "./load-run.js";
import type { ReplayPose } from "./replay.js";
import { RobotView } from "./robot-view.js";
import type { Theme } from "./theme.js";

export class RecordedRobot {
  /** Of the trunk, world frame, m. */
  readonly base = new Vector3();
  private readonly body = new RobotView();
  private readonly feet = new FootMarkers();
  private urdf: string | null = null;

  constructor() {
    this.body.root.add(this.feet.root);
  }

  get root() {
    return this.body.root;
  }

  setTheme(theme: Theme): void {
    this.feet.setTheme(theme);
  }

  setFeetShown(shown: boolean): void {
    this.feet.root.visible = shown;
  }

  /** Replaces the robot. */
  show({ urdf, model }: RunRobot): void {
    if (urdf === this.urdf) return;
    this.urdf = urdf;
    this.body.show(urdf, model.jointNames);
  }

  apply(pose: ReplayPose): void {
    this.body.apply(pose);
    this.feet.apply(pose);
    this.base.fromArray(pose.basePosition);
  }
}
