/** Loose boards on the ground for robots to step on and stumble over. */

import RAPIER from "@dimforge/rapier3d";
import { quat, vec } from "./physics-robot.js";
import { MAX_PLANKS, PLANK_MASS_KG, PLANK_SIZE_M } from "./planks.js";
import type { Vec3 } from "./types.js";

/** As the ground's: friction with feet is the robots' own. */
const FRICTION = 1;
/** Both what robots are and what they collide with (see physics-robot.ts), so that planks meet ground, robots and each other. */
const PLANK_GROUPS = (0x0003 << 16) | 0x0003;

export class Planks {
  private readonly bodies: RAPIER.RigidBody[] = [];
  private dropped = 0;

  constructor(private readonly world: RAPIER.World) {}

  get count(): number {
    return this.bodies.length;
  }

  /** Lets a level plank go at rest, its length along `yawRad` from the x axis. */
  drop(position: Vec3, yawRad: number): void {
    const slot = this.dropped++ % MAX_PLANKS;
    this.bodies[slot] ??= this.createPlank();
    const body = this.bodies[slot];
    body.setTranslation(vec(position), true);
    body.setRotation(quat([0, 0, Math.sin(yawRad / 2), Math.cos(yawRad / 2)]), true);
    body.setLinvel(vec([0, 0, 0]), true);
    body.setAngvel(vec([0, 0, 0]), true);
  }

  /** Whether a collider is closer than `distanceM` to any plank. */
  touch(collider: RAPIER.Collider, distanceM: number): boolean {
    let touches = false;
    for (const body of this.bodies) {
      this.world.contactPair(body.collider(0), collider, (manifold) => {
        for (let i = 0; i < manifold.numContacts(); i++) touches ||= manifold.contactDist(i) < distanceM;
      });
    }
    return touches;
  }

  /** Position (3, m) and rotation (x, y, z, w) of each plank. [count, 7] */
  poses(): Float32Array {
    return Float32Array.from(
      this.bodies.flatMap((body) => {
        const p = body.translation();
        const { x, y, z, w } = body.rotation();
        return [p.x, p.y, p.z, x, y, z, w];
      }),
    );
  }

  private createPlank(): RAPIER.RigidBody {
    const [length, width, thickness] = PLANK_SIZE_M;
    const body = this.world.createRigidBody(RAPIER.RigidBodyDesc.dynamic());
    const shape = RAPIER.ColliderDesc.cuboid(length / 2, width / 2, thickness / 2)
      .setMass(PLANK_MASS_KG)
      .setFriction(FRICTION)
      .setCollisionGroups(PLANK_GROUPS);
    this.world.createCollider(shape, body);
    return body;
  }
}
