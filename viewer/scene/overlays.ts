/** What is drawn over the robot to explain its motion, each part to be shown or not. */

import type { Object3D } from "three";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { ContactForceArrows } from "./contact-force-arrows.js";
import { FootMarkers } from "./foot-markers.js";
import { FootTrails } from "./foot-trails.js";
import type { ReplayPose } from "./pose.js";
import { VelocityArrows } from "./velocity-arrows.js";

export type OverlayName = "feet" | "trails" | "forces" | "velocity";

interface Moment {
  readonly model: RobotModel;
  readonly pose: ReplayPose;
  readonly frames: Frames;
  readonly timeS: number;
}

export class Overlays {
  private readonly feet = new FootMarkers();
  private readonly trails = new FootTrails();
  private readonly forces = new ContactForceArrows();
  private readonly velocity = new VelocityArrows();
  /** What is shown; parts that are not stay behind. */
  private moment: Moment | null = null;

  /** Shows the reference feet alone. @param robot moves with the base */
  constructor(scene: Object3D, robot: Object3D) {
    robot.add(this.feet.root, this.forces.root);
    scene.add(this.trails.root, this.velocity.root);
    for (const each of [this.trails, this.forces, this.velocity]) each.root.visible = false;
  }

  setTheme(theme: Theme): void {
    for (const part of [this.feet, this.trails, this.forces, this.velocity]) part.setTheme(theme);
  }

  setShown(name: OverlayName, shown: boolean): void {
    this[name].root.visible = shown;
    this.bringUp();
  }

  /** Shows the moment `timeS`, at which the robot is drawn in `pose`. */
  apply(model: RobotModel, pose: ReplayPose, frames: Frames, timeS: number): void {
    this.moment = { model, pose, frames, timeS };
    this.bringUp();
  }

  private bringUp(): void {
    if (!this.moment || this.moment.frames.numFrames === 0) return;
    const { model, pose, frames, timeS } = this.moment;
    const index = Math.min(Math.round(timeS / frames.header.dtS), frames.numFrames - 1);
    if (this.feet.root.visible) this.feet.apply(pose);
    if (this.trails.root.visible) this.trails.apply(model, frames, index);
    if (this.forces.root.visible) this.forces.apply(model, frames, index);
    if (this.velocity.root.visible) this.velocity.apply(pose, frames, index);
  }
}
