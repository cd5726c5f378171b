/** The 3D view of the live simulation: robot, ground around it, planks, overlays, and a camera that goes along behind. */

import { Euler, Quaternion, Raycaster, type Vector2, Vector3 } from "three";
import type { RobotModel, RobotSource } from "../../sim/robot/types.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import type { MeshContents } from "../recording/mesh-files.js";
import { Arrows } from "../scene/arrows.js";
import { CameraRig } from "../scene/camera-rig.js";
import { type OverlayName, Overlays } from "../scene/overlays.js";
import { PlankMeshes } from "../scene/plank-meshes.js";
import type { ReplayPose } from "../scene/pose.js";
import type { Push } from "../scene/push-arrow.js";
import { PushArrow } from "../scene/push-arrow.js";
import { RobotView } from "../scene/robot-view.js";
import { Stage } from "../scene/stage.js";
import type { Pull } from "./disturbances.js";
import { GroundTiles } from "./ground-tiles.js";

/** From the robot to the camera at the start, as the robot sees it, m: behind on the right, above. */
const START_OFFSET = new Vector3(-1.35, -0.75, 0.75);
/** Time in which the camera makes up for most of a turn of the robot, s. */
const TURN_S = 0.8;
/** A pointer this close to the robot's middle takes hold of it even where it misses its shape, m: fingers are thick. */
const GRIP_M = 0.1;

export class LiveView {
  private readonly stage: Stage;
  private readonly rig: CameraRig;
  private readonly robot = new RobotView();
  private readonly ground = new GroundTiles();
  private readonly planks = new PlankMeshes();
  private readonly pullArrow = new Arrows(1);
  private readonly pushArrow = new PushArrow();
  private readonly overlays: Overlays;
  private model: RobotModel | null = null;
  private readonly base = new Vector3();
  private readonly rotation = new Quaternion();
  private readonly heading = new Euler(0, 0, 0, "ZYX");
  /** Heading that the camera has turned to, rad. */
  private cameraYaw = 0;
  private readonly raycaster = new Raycaster();
  /** Something has changed since it was drawn. */
  private stale = true;
  /** A robot has been simulated. */
  private placed = false;
  private readonly scratch = new Vector3();

  /** Throws NoWebGlError where the browser cannot draw. */
  constructor(canvas: HTMLCanvasElement, theme: Theme) {
    this.stage = new Stage(canvas);
    this.rig = new CameraRig(this.stage.camera, canvas);
    const { scene } = this.stage;
    scene.add(this.ground.root, this.robot.root, this.planks.root, this.pullArrow.root, this.pushArrow.root);
    this.overlays = new Overlays(scene, this.robot.root);
    this.setTheme(theme);
  }

  setTheme(theme: Theme): void {
    for (const part of [this.stage, this.ground, this.overlays, this.pushArrow]) part.setTheme(theme);
    this.pullArrow.setColor(0, theme.accent);
    this.stale = true;
  }

  setFollowing(follows: boolean): void {
    this.rig.setFollowing(follows);
  }

  setShown(name: OverlayName, shown: boolean): void {
    this.overlays.setShown(name, shown);
    this.stale = true;
  }

  setCollisionShown(shown: boolean): void {
    this.robot.setCollisionShown(shown);
    this.stale = true;
  }

  /** Replaces the robot, puts it on level ground in a pose to begin with, and looks at it from behind. */
  showRobot({ urdf }: RobotSource, meshes: MeshContents, model: RobotModel, pose: ReplayPose): void {
    this.model = model;
    this.robot.show(urdf, meshes, model.jointNames);
    this.robot.apply(pose);
    this.base.fromArray(pose.basePosition);
    this.stage.lightUp(this.base);
    this.cameraYaw = 0;
    this.rig.frame(this.base, 0, START_OFFSET);
    this.showGround(createTerrain({ kind: "flat", level: 0, seed: 0 }));
    this.stage.compile();
  }

  showGround(terrain: Terrain): void {
    this.ground.show(terrain, this.base.x, this.base.y);
    this.stale = true;
  }

  /** Shows the moment `timeS`, at which the robot is in `pose`, after `elapsedS` of wall time. */
  apply(pose: ReplayPose, frames: Frames, timeS: number, elapsedS: number): void {
    if (!this.model) return;
    this.robot.apply(pose);
    this.overlays.apply(this.model, pose, frames, timeS);
    this.base.fromArray(pose.basePosition);
    this.rotation.fromArray(pose.baseRotation);
    this.ground.moveTo(this.base.x, this.base.y);
    this.stage.lightUp(this.base);
    this.rig.track(this.base);
    this.turnCamera(elapsedS);
    this.placed = true;
    this.stale = true;
  }

  showPlanks(poses: Float32Array): void {
    this.planks.apply(poses);
  }

  showPull(pull: Pull | null): void {
    if (!pull) this.pullArrow.hide(0);
    else {
      const grip = this.robot.root.localToWorld(new Vector3(...pull.point));
      this.pullArrow.set(0, grip, this.scratch.set(...pull.target).sub(grip));
    }
  }

  showPush(push: Push | null): void {
    this.pushArrow.show(push, this.robot.root);
  }

  /** Has the next `render` draw even if nothing has changed. */
  invalidate(): void {
    this.stale = true;
  }

  /**
   * Draws if anything has changed since the last time: while a video is recorded, it is asked for each frame twice. Nothing before
   * the first robot is on its ground: where software draws, a picture of less would hold up the first one that matters.
   */
  render(): void {
    if (!this.placed) return;
    const resized = this.stage.resize();
    const moved = this.rig.update();
    if (!resized && !moved && !this.stale) return;
    this.stale = false;
    this.stage.render();
  }

  /** What a pointer takes hold of: a point of the trunk in the base frame, or null. @param pointer -1..1 in both directions */
  gripAt(pointer: Vector2): Vector3 | null {
    if (!this.model) return null;
    this.raycaster.setFromCamera(pointer, this.stage.camera);
    const { ray } = this.raycaster;
    const hit = this.robot.hit(this.raycaster);
    if (!hit && ray.distanceToPoint(this.base) > GRIP_M) return null;
    const grip = hit ?? ray.closestPointToPoint(this.base, new Vector3());
    const { hipOffsetM } = this.model.legs;
    const corner = new Vector3(Math.abs(hipOffsetM[0]), Math.abs(hipOffsetM[1]), Math.abs(hipOffsetM[1]));
    // A leg that is taken hold of pulls at the trunk, too.
    return this.robot.root.worldToLocal(grip).clamp(corner.clone().negate(), corner);
  }

  /** Where the pointer drags a grip to: over the plane through the grip that faces the camera, world frame. */
  dragTarget(pointer: Vector2, grip: Vector3): Vector3 {
    const { camera } = this.stage;
    this.raycaster.setFromCamera(pointer, camera);
    const { origin, direction } = this.raycaster.ray;
    const normal = camera.getWorldDirection(this.scratch);
    const at = this.robot.root.localToWorld(grip.clone());
    const distance = at.sub(origin).dot(normal) / direction.dot(normal);
    return direction.clone().multiplyScalar(distance).add(origin);
  }

  /** Comes around behind a robot that turns, late and smoothly; people look where they drive. */
  private turnCamera(elapsedS: number): void {
    const yaw = this.heading.setFromQuaternion(this.rotation).z;
    const behind = Math.atan2(Math.sin(yaw - this.cameraYaw), Math.cos(yaw - this.cameraYaw));
    const angle = behind * (1 - Math.exp(-elapsedS / TURN_S));
    this.cameraYaw += angle;
    this.rig.turn(angle);
  }
}
