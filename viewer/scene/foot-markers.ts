/** Where the gait memory wants the feet: one translucent sphere a leg. Belongs into the robot's base frame. */

import { Color, DynamicDrawUsage, Group, InstancedMesh, Matrix4, SphereGeometry } from "three";
import { NUM_LEGS } from "../../gaits/types.js";
import type { Theme } from "../page/theme.js";
import { glowingMaterial } from "./glowing-material.js";
import type { ReplayPose } from "./pose.js";

/** A little larger than the foot, so that it shows around it, m. */
const RADIUS_M = 0.028;
const MATERIAL = glowingMaterial({ opacity: 0.55, depthWrite: false, roughness: 0.4 });

export class FootMarkers {
  readonly root = new Group();
  private readonly feet = new InstancedMesh(new SphereGeometry(RADIUS_M, 24, 16), MATERIAL, NUM_LEGS);
  private readonly place = new Matrix4();

  constructor() {
    this.feet.instanceMatrix.setUsage(DynamicDrawUsage);
    this.feet.frustumCulled = false; // they are never where the geometry's own bounds are
    this.root.add(this.feet);
  }

  setTheme(theme: Theme): void {
    const color = new Color();
    for (let leg = 0; leg < NUM_LEGS; leg++) this.feet.setColorAt(leg, color.set(theme.legs[leg]));
    this.feet.instanceColor!.needsUpdate = true;
  }

  apply({ footTarget }: ReplayPose): void {
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const [x, y, z] = footTarget.subarray(3 * leg);
      this.feet.setMatrixAt(leg, this.place.makeTranslation(x, y, z));
    }
    this.feet.instanceMatrix.needsUpdate = true;
  }
}
