import {
  Color,
  ConeGeometry,
  CylinderGeometry,
  DynamicDrawUsage,
  Group,
  InstancedMesh,
  Matrix4,
  Quaternion,
  Vector3,
} from "three";
import { glowingMaterial } from "./glowing-material.js";

const SHAFT_RADIUS_M = 0.008;
const HEAD_RADIUS_M = 0.022;
const HEAD_LENGTH_M = 0.05;
/** Shorter ones say nothing, m. */
const MIN_LENGTH_M = 0.04;

// Both stand on the origin and point along y.
const SHAFT = new CylinderGeometry(SHAFT_RADIUS_M, SHAFT_RADIUS_M, 1, 12).translate(0, 0.5, 0);
const HEAD = new ConeGeometry(HEAD_RADIUS_M, HEAD_LENGTH_M, 16).translate(0, HEAD_LENGTH_M / 2, 0);
const ALONG = new Vector3(0, 1, 0);
const NOTHING = new Matrix4().makeScale(0, 0, 0);

/** Solid arrows, some of which may be hidden. */
export class Arrows {
  readonly root = new Group();
  private readonly parts: readonly InstancedMesh[];
  private readonly shown: boolean[];
  private readonly direction = new Vector3();
  private readonly place = new Vector3();
  private readonly scale = new Vector3();
  private readonly rotation = new Quaternion();
  private readonly matrix = new Matrix4();

  /** All are hidden. */
  constructor(count: number) {
    this.shown = Array.from({ length: count }, () => false);
    const material = glowingMaterial();
    this.parts = [SHAFT, HEAD].map((geometry) => new InstancedMesh(geometry, material, count));
    for (const part of this.parts) {
      part.instanceMatrix.setUsage(DynamicDrawUsage);
      part.frustumCulled = false; // they are never where the geometry's own bounds are
    }
    this.root.add(...this.parts);
    for (let i = 0; i < count; i++) this.hide(i);
  }

  setColor(i: number, color: string): void {
    for (const part of this.parts) {
      part.setColorAt(i, new Color(color));
      part.instanceColor!.needsUpdate = true;
    }
  }

  /** Points from `from` along `vector`, m; hidden where that is next to nothing. */
  set(i: number, from: Vector3, vector: Vector3): void {
    const length = vector.length();
    if (length <= MIN_LENGTH_M) {
      this.hide(i);
      return;
    }
    const headLength = Math.min(HEAD_LENGTH_M, length / 2);
    const { direction, place, scale, rotation, matrix } = this;
    rotation.setFromUnitVectors(ALONG, direction.copy(vector).divideScalar(length));
    const shaft = matrix.compose(from, rotation, scale.set(1, length - headLength, 1));
    this.put(0, i, shaft);
    place.copy(from).addScaledVector(direction, length - headLength);
    this.put(1, i, matrix.compose(place, rotation, scale.setScalar(headLength / HEAD_LENGTH_M)));
    this.setShown(i, true);
  }

  hide(i: number): void {
    this.put(0, i, NOTHING);
    this.put(1, i, NOTHING);
    this.setShown(i, false);
  }

  private put(part: number, i: number, matrix: Matrix4): void {
    this.parts[part].setMatrixAt(i, matrix);
    this.parts[part].instanceMatrix.needsUpdate = true;
  }

  private setShown(i: number, shown: boolean): void {
    this.shown[i] = shown;
    this.root.visible = this.shown.some(Boolean);
  }
}
