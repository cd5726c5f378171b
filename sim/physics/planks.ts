/** Loose boards on the ground for robots to step on and stumble over. */

import RAPIER from "@dimforge/rapier3d";
import type { Vec3 } from "../math.js";
import { MAX_PLANKS, PLANK_MASS_KG, PLANK_SIZE_M, type Plank } from "../terrain/planks.js";
import { quat, vec } from "./bodies.js";

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

  /** Lays a plank down, at rest. */
  add({ sizeM: [length, width, thickness], massKg, position, yawRad }: Plank): void {
    const body = this.world.createRigidBody(RAPIER.RigidBodyDesc.dynamic());
    const shape = RAPIER.ColliderDesc.cuboid(length / 2, width / 2, thickness / 2)
      .setMass(massKg)
      .setFriction(FRICTION)
      .setCollisionGroups(PLANK_GROUPS);
    this.world.createCollider(shape, body);
    this.bodies.push(body);
    place(body, position, yawRad);
  }

  /** Lets a level plank go at rest, its length along `yawRad` from the x axis. */
  drop(position: Vec3, yawRad: number): void {
    const slot = this.dropped++ % MAX_PLANKS;
    if (slot < this.count) place(this.bodies[slot], position, yawRad);
    else this.add({ sizeM: PLANK_SIZE_M, massKg: PLANK_MASS_KG, position, yawRad });
  }

  /**
   * Whether a robot's collider is closer than `distanceM` to any plank. Measured, as the distances that the engine keeps are those
   * of when a pair met, until it has moved by centimetres.
   */
  touch(collider: RAPIER.Collider, distanceM: number): boolean {
    if (this.count === 0) return false;
    let touches = false;
    this.world.contactPairsWith(collider, (other) => {
      if (other.parent() === null) return; // The ground: all others that robots meet are planks.
      touches ||= other.contactCollider(collider, distanceM) !== null;
    });
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
}

function place(body: RAPIER.RigidBody, position: Vec3, yawRad: number): void {
  body.setTranslation(vec(position), true);
  body.setRotation(quat([0, 0, Math.sin(yawRad / 2), Math.cos(yawRad / 2)]), true);
  body.setLinvel(vec([0, 0, 0]), true);
  body.setAngvel(vec([0, 0, 0]), true);
}
