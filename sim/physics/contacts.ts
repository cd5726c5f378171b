import RAPIER from "@dimforge/rapier3d";
import { NUM_LEGS } from "../../gaits/types.js";
import { type RobotState, SHELL_NEAR_M } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";
import { distanceToGround, type Terrain } from "../terrain/height-field.js";
import { type FootPosition, type RobotBodies, readFootPosition } from "./bodies.js";
import type { Planks } from "./planks.js";

/** Shapes closer than this touch. Less than by how much feet that carry the robot sink in and out. */
const CONTACT_DISTANCE_M = 0.002;

/** Anything but a foot. */
const SHELL = -1;

const position: FootPosition = { x: 0, y: 0, z: 0 };

/**
 * Tells which feet touch the ground or a plank, and which robots touch the ground with anything else.
 *
 * The engine's events tell what is close enough to the ground to be solved for, a policy step's motion ahead of touchdown. Of
 * those, feet touch by their distance to the ground's triangle under them; the engine knows it, too, but asking costs more
 * and makes garbage, so it is asked for the rest alone, which is seldom close. Of a wall beside it, a foot that touches nothing
 * else goes unnoticed: on stairs, in one step of a hundred.
 */
export class ContactTracker {
  /** To be passed to every step of the world. */
  readonly events = new RAPIER.EventQueue(false);
  private readonly owner = new Map<number, { robot: number; leg: number }>();
  /** Feet that are close to the ground. [N, 4] */
  private readonly closeFeet: Uint8Array;
  /** Number of a robot's other shapes that are. [N] */
  private readonly closeShell: Uint8Array;

  constructor(
    private readonly world: RAPIER.World,
    private readonly ground: RAPIER.Collider,
    private readonly terrain: Terrain,
    private readonly model: RobotModel,
    private readonly robots: readonly RobotBodies[],
    private readonly planks: Planks,
  ) {
    this.closeFeet = new Uint8Array(robots.length * NUM_LEGS);
    this.closeShell = new Uint8Array(robots.length);
    robots.forEach(({ feet, shell }, robot) => {
      feet.forEach((collider, leg) => {
        this.owner.set(collider.handle, { robot, leg });
      });
      for (const collider of shell) this.owner.set(collider.handle, { robot, leg: SHELL });
      for (const collider of [...feet, ...shell]) collider.setActiveEvents(RAPIER.ActiveEvents.COLLISION_EVENTS);
    });
  }

  /** Overwrites footContact and shellContact of all robots. */
  read(state: RobotState): void {
    this.events.drainCollisionEvents(this.onEvent);
    for (let robot = 0; robot < this.robots.length; robot++) {
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        const i = robot * NUM_LEGS + leg;
        state.footContact[i] = this.footTouches(robot, leg) ? 1 : 0;
      }
      state.shellGapM[robot] = this.closeShell[robot] > 0 ? this.shellGapM(robot) : SHELL_NEAR_M;
      state.shellContact[robot] = state.shellGapM[robot] < CONTACT_DISTANCE_M ? 1 : 0;
    }
  }

  free(): void {
    this.events.free();
  }

  private footTouches(robot: number, leg: number): boolean {
    if (this.closeFeet[robot * NUM_LEGS + leg] === 1 && this.footTouchesGround(robot, leg)) return true;
    return this.planks.touch(this.robots[robot].feet[leg], CONTACT_DISTANCE_M);
  }

  private footTouchesGround(robot: number, leg: number): boolean {
    const foot = this.model.feet[leg];
    readFootPosition(position, this.robots[robot].bodies, foot);
    return distanceToGround(this.terrain, position.x, position.y, position.z) - foot.radiusM < CONTACT_DISTANCE_M;
  }

  private shellGapM(robot: number): number {
    let gap = SHELL_NEAR_M;
    for (const collider of this.robots[robot].shell) {
      this.world.contactPair(collider, this.ground, (manifold) => {
        for (let i = 0; i < manifold.numContacts(); i++) gap = Math.min(gap, manifold.contactDist(i));
      });
    }
    return gap;
  }

  private readonly onEvent = (a: number, b: number, started: boolean): void => {
    if (a !== this.ground.handle && b !== this.ground.handle) return; // with a plank
    const { robot, leg } = this.owner.get(a) ?? this.owner.get(b)!;
    if (leg === SHELL) this.closeShell[robot] += started ? 1 : -1;
    else this.closeFeet[robot * NUM_LEGS + leg] = started ? 1 : 0;
  };
}
