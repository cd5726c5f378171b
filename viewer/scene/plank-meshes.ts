/** The planks that lie about. */

import { BoxGeometry, Group, Mesh, MeshStandardMaterial } from "three";
import { PLANK_SIZE_M } from "../../sim/terrain/planks.js";

const SHAPE = new BoxGeometry(...PLANK_SIZE_M);
const FLOATS = 7;

export class PlankMeshes {
  readonly root = new Group();
  private readonly wood = new MeshStandardMaterial({ color: 0xb98a56, roughness: 0.8 });

  /** @param poses position (m) and rotation (x, y, z, w) of each plank [count, 7] */
  apply(poses: Float32Array): void {
    const count = poses.length / FLOATS;
    while (this.root.children.length < count) this.addPlank();
    this.root.children.forEach((plank, i) => {
      plank.visible = i < count;
      if (!plank.visible) return;
      plank.position.fromArray(poses, FLOATS * i);
      plank.quaternion.fromArray(poses, FLOATS * i + 3);
    });
  }

  private addPlank(): void {
    const plank = new Mesh(SHAPE, this.wood);
    plank.castShadow = true;
    plank.receiveShadow = true;
    this.root.add(plank);
  }
}
