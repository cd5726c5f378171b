import { NUM_LEGS } from "../../gaits/types.js";
import type { RobotModel } from "../robot/types.js";
import { frictionShareAt, type Terrain } from "../terrain/height-field.js";
import { type FootPosition, type RobotBodies, readFootPosition } from "./bodies.js";

/** Keeps the friction of each foot at the robot's own times what the ground leaves of it where the foot is. */
export class FootFriction {
  /** Of each robot on ordinary ground. [N] */
  private readonly own: Float32Array;
  /** What the ground leaves of it, as set last. [N, 4] */
  private readonly share: Float32Array;
  private readonly foot: FootPosition = { x: 0, y: 0, z: 0 };

  constructor(
    private readonly terrain: Terrain,
    private readonly model: RobotModel,
    private readonly robots: readonly RobotBodies[],
    friction: number,
  ) {
    this.own = new Float32Array(robots.length).fill(friction);
    this.share = new Float32Array(robots.length * NUM_LEGS).fill(1);
  }

  /** Friction coefficient between this robot and ordinary ground. */
  set(robot: number, friction: number): void {
    const { shell } = this.robots[robot];
    this.own[robot] = friction;
    for (const collider of shell) collider.setFriction(friction);
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      this.share[robot * NUM_LEGS + leg] = Number.NaN;
      this.updateFoot(robot, leg);
    }
  }

  /** Looks where one robot's feet are now. Nothing to do on ground that is alike everywhere. */
  update(robot: number): void {
    if (this.terrain.frictionShare.length === 0) return;
    for (let leg = 0; leg < NUM_LEGS; leg++) this.updateFoot(robot, leg);
  }

  private updateFoot(robot: number, leg: number): void {
    const { bodies, feet } = this.robots[robot];
    readFootPosition(this.foot, bodies, this.model.feet[leg]);
    const share = frictionShareAt(this.terrain, this.foot.x, this.foot.y);
    const i = robot * NUM_LEGS + leg;
    if (share === this.share[i]) return;
    this.share[i] = share;
    feet[leg].setFriction(this.own[robot] * share);
  }
}
