/** One robot of a replay in the 3D view: its body, and what is drawn over it. */

import { Group, Vector3 } from "three";
import type { Theme } from "../page/theme.js";
import type { Recording } from "../recording/load-run.js";
import { type OverlayName, Overlays } from "../scene/overlays.js";
import type { ReplayPose } from "../scene/pose.js";
import { PushArrow, pushAt } from "../scene/push-arrow.js";
import { RobotView } from "../scene/robot-view.js";

export class RecordedRobot {
  readonly root = new Group();
  /** Of the trunk, world frame, m. */
  readonly base = new Vector3();
  private readonly body = new RobotView();
  private readonly overlays = new Overlays(this.root, this.body.root);
  private readonly push = new PushArrow();
  private shown: Recording | null = null;

  constructor() {
    this.root.add(this.body.root, this.push.root);
  }

  setTheme(theme: Theme): void {
    this.overlays.setTheme(theme);
    this.push.setTheme(theme);
  }

  setShown(name: OverlayName, shown: boolean): void {
    this.overlays.setShown(name, shown);
  }

  setCollisionShown(shown: boolean): void {
    this.body.setCollisionShown(shown);
  }

  /** Replaces the recording, and the robot where it is another one. */
  show(recording: Recording): void {
    const { urdf, meshes, model } = recording.robot;
    if (urdf !== this.shown?.robot.urdf) this.body.show(urdf, meshes, model.jointNames);
    this.shown = recording;
  }

  /** Shows the moment `timeS` of the recording, at which the robot is in `pose`. */
  apply(pose: ReplayPose, timeS: number): void {
    if (!this.shown) return;
    const { log, robot } = this.shown;
    this.body.apply(pose);
    this.overlays.apply(robot.model, pose, log, timeS);
    this.push.show(pushAt(log, timeS), this.body.root);
    this.base.fromArray(pose.basePosition);
  }
}
