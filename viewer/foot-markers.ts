/** Where the gait memory wants the feet: one translucent sphere a leg. Belongs into the robot's base frame. */

import { Group, Mesh, MeshStandardMaterial, SphereGeometry } from "three";
import { NUM_LEGS } from "../gaits/types.js";
import type { ReplayPose } from "./replay.js";
import type { Theme } from "./theme.js";

/** A little larger than the foot, so that it shows around it, m. */
const RADIUS_M = 0.028;

export class FootMarkers {
  readonly root = new Group();
  private readonly materials: readonly MeshStandardMaterial[];

  constructor() {
    const sphere = new SphereGeometry(RADIUS_M, 24, 16);
    this.materials = Array.from(
      { length: NUM_LEGS },
      () => new MeshStandardMaterial({ transparent: true, opacity: 0.55, depthWrite: false, roughness: 0.4 }),
    );
    for (const material of this.materials) this.root.add(new Mesh(sphere, material));
  }

  setTheme(theme: Theme): void {
    this.materials.forEach((material, leg) => {
      material.color.set(theme.legs[leg]);
      material.emissive.set(theme.legs[leg]).multiplyScalar(0.35);
    });
  }

  apply(pose: ReplayPose): void {
    this.root.children.forEach((foot, leg) => {
      foot.position.fromArray(pose.footTarget, 3 * leg);
    });
  }
}
