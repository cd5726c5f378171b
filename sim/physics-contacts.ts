import RAPIER from "@dimforge/rapier3d";
import { NUM_LEGS } from "../gaits/types.js";
import type { RobotBodies } from "./physics-robot.js";
import type { RobotState } from "./state.js";

/** Anything but a foot. */
const SHELL = -1;

/**
 * Keeps track of which feet touch the ground, and which robots touch it with anything else, by the engine's own touchdown and
 * lift-off events. (Contact impulses would also tell how hard, but the engine does not report them for heightfields; asking
 * for every pair's distances costs up to half of the physics.)
 */
export class ContactTracker {
  /** To be passed to every step of the world. */
  readonly events = new RAPIER.EventQueue(false);
  private readonly owner = new Map<number, { robot: number; leg: number }>();
  /** [N, 4] */
  private readonly feet: Uint8Array;
  /** Number of a robot's other shapes that touch the ground. [N] */
  private readonly shell: Uint8Array;

  constructor(robots: readonly RobotBodies[]) {
    this.feet = new Uint8Array(robots.length * NUM_LEGS);
    this.shell = new Uint8Array(robots.length);
    robots.forEach(({ feet, shell }, robot) => {
      feet.forEach((collider, leg) => {
        this.owner.set(collider.handle, { robot, leg });
      });
      for (const collider of shell) this.owner.set(collider.handle, { robot, leg: SHELL });
    });
    for (const { feet, shell } of robots) {
      for (const collider of [...feet, ...shell]) collider.setActiveEvents(RAPIER.ActiveEvents.COLLISION_EVENTS);
    }
  }

  /** Overwrites footContact and shellContact of all robots with those of the last timestep. */
  read(state: RobotState): void {
    this.events.drainCollisionEvents(this.onEvent);
    state.footContact.set(this.feet);
    for (let robot = 0; robot < this.shell.length; robot++) state.shellContact[robot] = this.shell[robot] > 0 ? 1 : 0;
  }

  free(): void {
    this.events.free();
  }

  private readonly onEvent = (a: number, b: number, started: boolean): void => {
    const { robot, leg } = this.owner.get(a) ?? this.owner.get(b)!;
    if (leg === SHELL) this.shell[robot] += started ? 1 : -1;
    else this.feet[robot * NUM_LEGS + leg] = started ? 1 : 0;
  };
}
