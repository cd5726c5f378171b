/** The 3D view of one episode, or of two side by side: stage, ground, robots and camera, posed for any moment. */

import type { PerspectiveCamera } from "three";
import type { EpisodeLog } from "../../sim/episode-log.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { Terrain, TerrainSpec } from "../../sim/terrain/height-field.js";
import type { Theme } from "../page/theme.js";
import type { Recording } from "../recording/load-run.js";
import { CameraRig } from "../scene/camera-rig.js";
import type { OverlayName } from "../scene/overlays.js";
import type { ReplayPose } from "../scene/pose.js";
import { type Pane, Stage } from "../scene/stage.js";
import { type Path, TerrainView } from "../scene/terrain-view.js";
import { RecordedRobot } from "./recorded-robot.js";

/** Two panes stand beside each other in what is wider than this share of its height, else one above the other. */
const WIDE = 1.3;

export class ReplayView {
  private readonly stage: Stage;
  private readonly rig: CameraRig;
  private readonly robot = new RecordedRobot();
  private readonly other = new RecordedRobot();
  /** Looks at the other robot as the stage's camera does at the first. */
  private readonly otherCamera: PerspectiveCamera;
  private readonly ground = new TerrainView();
  private terrain: Terrain | null = null;
  private log: EpisodeLog | null = null;
  private compares = false;
  private stale = true;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    theme: Theme,
  ) {
    this.stage = new Stage(canvas);
    this.otherCamera = this.stage.camera.clone();
    this.rig = new CameraRig(this.stage.camera, canvas);
    this.stage.scene.add(this.ground.mesh, this.robot.root, this.other.root);
    this.setTheme(theme);
  }

  setTheme(theme: Theme): void {
    this.stage.setTheme(theme);
    this.ground.setTheme(theme);
    this.robot.setTheme(theme);
    this.other.setTheme(theme);
    this.stale = true;
  }

  setFollowing(follows: boolean): void {
    this.rig.setFollowing(follows);
    this.stale = true;
  }

  setShown(name: OverlayName, shown: boolean): void {
    for (const each of [this.robot, this.other]) each.setShown(name, shown);
    this.stale = true;
  }

  setCollisionShown(shown: boolean): void {
    for (const each of [this.robot, this.other]) each.setCollisionShown(shown);
    this.stale = true;
  }

  /** Lays the ground of an episode, and frames its start unless the camera is to stay where it is. */
  showEpisode(recording: Recording, keepCamera = false): void {
    const { log } = recording;
    this.log = log;
    this.robot.show(recording);
    this.layGround(pathOf(log));
    if (!keepCamera) {
      const [x, y, z, w] = log.frame(0).subarray(log.column("baseRotation").offset);
      this.rig.frame(this.robot.base.fromArray(log.frame(0), log.column("basePosition").offset), yawOf(x, y, z, w));
    }
    this.stale = true;
  }

  /** Puts a second episode on the same ground beside the first, in a pane of its own; null takes it away. */
  showOther(other: Recording | null): void {
    if (!other && !this.compares) return;
    this.compares = other !== null;
    this.layGround([...pathOf(this.log!), ...(other ? pathOf(other.log) : [])]);
    if (other) this.other.show(other);
    this.stale = true;
  }

  /** Shows the moment `timeS`, at which the robots are in these poses. */
  apply(timeS: number, pose: ReplayPose, otherPose: ReplayPose | null): void {
    this.robot.apply(pose, timeS);
    if (otherPose) this.other.apply(otherPose, timeS);
    this.rig.track(this.robot.base);
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
    const [first, second] = this.panes();
    this.renderRobot(this.robot, this.stage.camera, first);
    if (second) this.renderRobot(this.other, this.placeOtherCamera(), second);
  }

  /** Each pane shows its own robot only: the other one would often stand in it, and hide it. */
  private renderRobot(robot: RecordedRobot, camera: PerspectiveCamera, pane: Pane): void {
    for (const each of [this.robot, this.other]) each.root.visible = each === robot;
    this.stage.lightUp(robot.base);
    this.stage.render(camera, pane);
  }

  /** Parts of the canvas, told to the page's style, too. */
  private panes(): readonly Pane[] {
    const { x: width, y: height } = this.stage.size;
    const layout = this.compares ? (width > WIDE * height ? "columns" : "rows") : "one";
    this.canvas.dataset.panes = layout;
    if (layout === "one") return [{ x: 0, y: 0, width, height }];
    if (layout === "columns") return [0, 1].map((i) => ({ x: (i * width) / 2, y: 0, width: width / 2, height }));
    return [1, 0].map((i) => ({ x: 0, y: (i * height) / 2, width, height: height / 2 }));
  }

  /** A camera that goes along sees the second robot as the first one is seen; a camera at rest sees the same place twice. */
  private placeOtherCamera(): PerspectiveCamera {
    const { otherCamera, rig, stage } = this;
    otherCamera.position.copy(stage.camera.position);
    otherCamera.quaternion.copy(stage.camera.quaternion);
    if (rig.following) {
      otherCamera.position.x += this.other.base.x - this.robot.base.x;
      otherCamera.position.y += this.other.base.y - this.robot.base.y;
    }
    return otherCamera;
  }

  private layGround(path: Path): void {
    this.ground.show(this.terrainOf(this.log!.header.terrain), path);
  }

  /** Episodes of one evaluation share their ground, which takes a moment to make. */
  private terrainOf(spec: TerrainSpec): Terrain {
    const { kind, level, seed } = this.terrain?.spec ?? {};
    if (!this.terrain || kind !== spec.kind || level !== spec.level || seed !== spec.seed) {
      this.terrain = createTerrain(spec);
    }
    return this.terrain;
  }
}

function pathOf(log: EpisodeLog): Path {
  const { offset } = log.column("basePosition");
  return Array.from({ length: log.numFrames }, (_, i): [number, number] => {
    const frame = log.frame(i);
    return [frame[offset], frame[offset + 1]];
  });
}

/** Heading of a quaternion: the yaw of yaw, pitch, roll. */
function yawOf(x: number, y: number, z: number, w: number): number {
  return Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
}
