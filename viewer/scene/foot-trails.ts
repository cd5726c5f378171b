/** Where each foot has just been: beads that shrink with age. Stands in the world. */

import {
  Color,
  DynamicDrawUsage,
  Group,
  IcosahedronGeometry,
  InstancedMesh,
  Matrix4,
  Quaternion,
  Vector3,
} from "three";
import { footPosition } from "../../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_LEGS } from "../../gaits/types.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Theme } from "../page/theme.js";
import type { Frames } from "../recording/frames.js";
import { glowingMaterial } from "./glowing-material.js";

/** Frames that a trail goes back: 1.4 s of policy steps of 20 ms. */
const LENGTH = 70;
const RADIUS_M = 0.007;
const LEVEL = new Quaternion();

export class FootTrails {
  readonly root = new Group();
  private readonly beads = new InstancedMesh(
    new IcosahedronGeometry(RADIUS_M, 1),
    glowingMaterial(),
    NUM_LEGS * LENGTH,
  );
  private readonly foot = new Float32Array(3);
  private readonly point = new Vector3();
  private readonly base = new Vector3();
  private readonly rotation = new Quaternion();
  private readonly scale = new Vector3();
  private readonly matrix = new Matrix4();

  constructor() {
    this.beads.instanceMatrix.setUsage(DynamicDrawUsage);
    this.beads.frustumCulled = false; // they are never where the geometry's own bounds are
    this.root.add(this.beads);
  }

  setTheme(theme: Theme): void {
    const color = new Color();
    for (let i = 0; i < this.beads.instanceMatrix.count; i++) {
      this.beads.setColorAt(i, color.set(theme.legs[i % NUM_LEGS]));
    }
    this.beads.instanceColor!.needsUpdate = true;
  }

  /** Shows the way up to frame `index`. */
  apply({ legs }: RobotModel, frames: Frames, index: number): void {
    const first = Math.max(0, index - LENGTH + 1);
    let bead = 0;
    for (let i = first; i <= index; i++) {
      this.scale.setScalar(1 - (index - i) / LENGTH);
      this.readBase(frames, i);
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        this.placeFoot(legs, frames, i, leg);
        this.beads.setMatrixAt(bead++, this.matrix.compose(this.point, LEVEL, this.scale));
      }
    }
    this.beads.count = bead;
    this.beads.instanceMatrix.needsUpdate = true;
  }

  private readBase(frames: Frames, i: number): void {
    const frame = frames.frame(i);
    this.base.fromArray(frame, frames.column("basePosition").offset);
    this.rotation.fromArray(frame, frames.column("baseRotation").offset);
  }

  private placeFoot(legs: RobotModel["legs"], frames: Frames, i: number, leg: number): void {
    const q = frames.column("jointPosition").offset + JOINTS_PER_LEG * leg;
    footPosition(this.foot, 0, legs, leg, frames.frame(i), q);
    this.point.fromArray(this.foot).applyQuaternion(this.rotation).add(this.base);
  }
}
