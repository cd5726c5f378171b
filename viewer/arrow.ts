import { ConeGeometry, CylinderGeometry, Group, Mesh, MeshStandardMaterial, Vector3 } from "three";

const SHAFT_RADIUS_M = 0.008;
const HEAD_RADIUS_M = 0.022;
const HEAD_LENGTH_M = 0.05;
/** Shorter ones say nothing, m. */
const MIN_LENGTH_M = 0.04;

// Both stand on the origin and point along y.
const SHAFT = new CylinderGeometry(SHAFT_RADIUS_M, SHAFT_RADIUS_M, 1, 12).translate(0, 0.5, 0);
const HEAD = new ConeGeometry(HEAD_RADIUS_M, HEAD_LENGTH_M, 16).translate(0, HEAD_LENGTH_M / 2, 0);
const ALONG = new Vector3(0, 1, 0);
const direction = new Vector3();

/** A solid arrow. */
export class Arrow {
  readonly root = new Group();
  private readonly material = new MeshStandardMaterial({ roughness: 0.5 });
  private readonly shaft = new Mesh(SHAFT, this.material);
  private readonly head = new Mesh(HEAD, this.material);

  constructor() {
    this.root.add(this.shaft, this.head);
    this.root.visible = false;
  }

  setColor(color: string): void {
    this.material.color.set(color);
    this.material.emissive.set(color).multiplyScalar(0.35);
  }

  /** Points from `from` along `vector`, m; hidden where that is next to nothing. */
  set(from: Vector3, vector: Vector3): void {
    const length = vector.length();
    this.root.visible = length > MIN_LENGTH_M;
    if (!this.root.visible) return;
    const headLength = Math.min(HEAD_LENGTH_M, length / 2);
    this.root.position.copy(from);
    this.root.quaternion.setFromUnitVectors(ALONG, direction.copy(vector).divideScalar(length));
    this.shaft.scale.set(1, length - headLength, 1);
    this.head.scale.setScalar(headLength / HEAD_LENGTH_M);
    this.head.position.y = length - headLength;
  }

  hide(): void {
    this.root.visible = false;
  }
}
