/** The camera: orbits by mouse or touch, and goes along with the robot when asked to. */

import type { PerspectiveCamera } from "three";
import { Vector3 } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";

/** From the robot to the camera at the start, as the robot sees it, m: ahead on the right, where all four legs show. */
const START_OFFSET = new Vector3(0.82, -1.12, 0.42);
const UP = new Vector3(0, 0, 1);
/** The robot's bobbing must stay visible, so the camera follows up and down only beyond this, m. */
const VERTICAL_SLACK_M = 0.1;

export class CameraRig {
  private readonly controls: OrbitControls;
  private readonly focus = new Vector3();
  private readonly shift = new Vector3();
  private follows = true;

  constructor(
    private readonly camera: PerspectiveCamera,
    canvas: HTMLCanvasElement,
  ) {
    this.controls = new OrbitControls(camera, canvas);
    this.controls.enableDamping = true;
    this.controls.minDistance = 0.4;
    this.controls.maxDistance = 12;
    this.controls.maxPolarAngle = 0.495 * Math.PI; // not below the ground
  }

  /** Whether the camera goes along. Turning it on looks at the robot again, from the same side and distance. */
  setFollowing(follows: boolean): void {
    this.follows = follows;
    if (follows) this.moveBy(this.shift.subVectors(this.focus, this.controls.target));
  }

  get following(): boolean {
    return this.follows;
  }

  /** Looks at the robot, which heads `yawRad` to the left of x, from the starting side or another one, as the robot sees it, m. */
  frame(robot: Vector3, yawRad: number, offset = START_OFFSET): void {
    this.focus.copy(robot);
    this.controls.target.copy(robot);
    this.camera.position.copy(offset).applyAxisAngle(UP, yawRad).add(robot);
    this.controls.update();
  }

  /** Tells where the robot is now. */
  track(robot: Vector3): void {
    const rise = robot.z - this.focus.z;
    const excess = Math.sign(rise) * Math.max(0, Math.abs(rise) - VERTICAL_SLACK_M);
    this.shift.set(robot.x - this.focus.x, robot.y - this.focus.y, excess);
    this.focus.add(this.shift);
    if (this.follows) this.moveBy(this.shift);
  }

  /** Goes around the robot to the left, if the camera goes along with it at all. */
  turn(angleRad: number): void {
    if (!this.follows) return;
    const { target } = this.controls;
    this.camera.position.sub(target).applyAxisAngle(UP, angleRad).add(target);
  }

  /** Lets the orbit glide; true while the view changes. */
  update(): boolean {
    return this.controls.update();
  }

  private moveBy(shift: Vector3): void {
    this.controls.target.add(shift);
    this.camera.position.add(shift);
  }
}
