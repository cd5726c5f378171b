/** The 3D view of one episode: stage, ground, robot, reference feet and camera, posed for any moment. */

import { Vector3 } from "three";
import type { EpisodeLog } from "../sim/episode-log.js";
import { createRobotModel } from "../sim/robot-model.js";
import { createTerrain, type Terrain } from "../sim/terrain.js";
import type { TerrainSpec } from "../sim/types.js";
import { CameraRig } from "./camera-rig.js";
import { FootMarkers } from "./foot-markers.js";
import type { ReplayPose } from "./replay.js";
import { RobotView } from "./robot-view.js";
import { Stage } from "./scene.js";
import { TerrainView } from "./terrain-view.js";
import type { Theme } from "./theme.js";

export class ReplayView {
  private readonly stage: Stage;
  private readonly rig: CameraRig;
  private readonly robot = new RobotView();
  private readonly ground = new TerrainView();
  private readonly feet = new FootMarkers();
  private readonly base = new Vector3();
  private terrain: Terrain | null = null;
  private stale = true;

  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    this.stage = new Stage(canvas);
    this.rig = new CameraRig(this.stage.camera, canvas);
    this.robot.root.add(this.feet.root);
    this.stage.scene.add(this.ground.mesh, this.robot.root);
    this.setTheme(theme);
  }

  setTheme(theme: Theme): void {
    this.stage.setTheme(theme);
    this.ground.setTheme(theme);
    this.feet.setTheme(theme);
    this.stale = true;
  }

  setFollowing(follows: boolean): void {
    this.rig.setFollowing(follows);
    this.stale = true;
  }

  setFeetShown(shown: boolean): void {
    this.feet.root.visible = shown;
    this.stale = true;
  }

  /** Replaces the robot by that of a URDF text. */
  showRobot(urdf: string): void {
    // Tuning changes gains and limits, not the joints' names and order.
    this.robot.show(urdf, createRobotModel({ urdf, tuning: undefined }, "robot.urdf").jointNames);
  }

  /** Lays the ground of an episode and frames its start. */
  showEpisode(log: EpisodeLog): void {
    const { offset } = log.column("basePosition");
    const path = Array.from({ length: log.numFrames }, (_, i): [number, number] => {
      const frame = log.frame(i);
      return [frame[offset], frame[offset + 1]];
    });
    this.ground.show(this.terrainOf(log.header.terrain), path);
    const [x, y, z, w] = log.frame(0).subarray(log.column("baseRotation").offset);
    this.rig.frame(this.base.fromArray(log.frame(0), offset), yawOf(x, y, z, w));
    this.stale = true;
  }

  /** Episodes of one evaluation share their ground, which takes a moment to make. */
  private terrainOf(spec: TerrainSpec): Terrain {
    const { kind, level, seed } = this.terrain?.spec ?? {};
    if (!this.terrain || kind !== spec.kind || level !== spec.level || seed !== spec.seed) {
      this.terrain = createTerrain(spec);
    }
    return this.terrain;
  }

  apply(pose: ReplayPose): void {
    this.robot.apply(pose);
    this.feet.apply(pose);
    this.base.fromArray(pose.basePosition);
    this.stage.lightUp(this.base);
    this.rig.track(this.base);
    this.stale = true;
  }

  /** Has the next `render` draw even if nothing has changed. */
  invalidate(): void {
    this.stale = true;
  }

  /** Draws if anything has changed since the last time. */
  render(): void {
    const resized = this.stage.resize();
    const moved = this.rig.update();
    if (!resized && !moved && !this.stale) return;
    this.stale = false;
    this.stage.render();
  }
}

/** Heading of a quaternion: the yaw of yaw, pitch, roll. */
function yawOf(x: number, y: number, z: number, w: number): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}
