import type RAPIER from "@dimforge/rapier3d";
import { NUM_LEGS } from "../gaits/types.js";
import type { RobotBodies } from "./physics-robot.js";
import type { RobotState } from "./state.js";

/** Anything but a foot. */
const SHELL = -1;
/** Closer than this is a contact: a foot that carries load sinks in by a millimetre or two, one that is let down stops at 0. */
const CONTACT_DISTANCE_M = 5e-4;

/**
 * Reads which feet touch the ground, and which robots touch it with anything else, from the distances that the engine's
 * narrow phase has found. (Contact impulses would tell how hard, but the engine does not report them for heightfields.)
 */
export class ContactReader {
  private readonly owner = new Map<number, { robot: number; leg: number }>();
  private state: RobotState | undefined;
  private touching = false;

  constructor(
    private readonly world: RAPIER.World,
    private readonly ground: RAPIER.Collider,
    robots: readonly RobotBodies[],
  ) {
    robots.forEach(({ feet, shell }, robot) => {
      feet.forEach((collider, leg) => {
        this.owner.set(collider.handle, { robot, leg });
      });
      for (const collider of shell) this.owner.set(collider.handle, { robot, leg: SHELL });
    });
  }

  /** Overwrites footContact and shellContact of all robots with those of the last timestep. */
  read(state: RobotState): void {
    state.footContact.fill(0);
    state.shellContact.fill(0);
    this.state = state;
    this.world.narrowPhase.contactPairsWith(this.ground.handle, this.readPair);
  }

  /** A pair in the contact graph is only a candidate: bounding boxes that overlap. */
  private readonly readPair = (handle: number): void => {
    const { robot, leg } = this.owner.get(handle)!;
    const state = this.state!;
    if (leg === SHELL && state.shellContact[robot]) return;
    this.touching = false;
    this.world.narrowPhase.contactPair(this.ground.handle, handle, this.world.bodies, this.readManifold);
    if (!this.touching) return;
    if (leg === SHELL) state.shellContact[robot] = 1;
    else state.footContact[robot * NUM_LEGS + leg] = 1;
  };

  private readonly readManifold = (manifold: RAPIER.TempContactManifold): void => {
    if (this.touching) return;
    for (let i = manifold.numContacts() - 1; i >= 0; i--) {
      if (manifold.contactDist(i) < CONTACT_DISTANCE_M) this.touching = true;
    }
  };
}
