/** Speed of the physics alone, in one thread: the same robots trot by the same motor targets in Rapier and in MuJoCo. */

import { NUM_JOINTS } from "../../../gaits/types.js";
import { IDENTITY, type Vec3 } from "../../../sim/math.js";
import type { Pose } from "../../../sim/physics/engine.js";
import { type PhysicsOptions, PhysicsWorld } from "../../../sim/physics/world.js";
import { Rng } from "../../../sim/rng.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import type { MujocoRobot } from "../../sim2sim/mujoco-robot.js";
import { CONTROL_STEP_S, trot } from "./workloads.js";

export const FLAT = createTerrain({ kind: "flat", level: 0, seed: 0 });
/** Robots start anywhere in ± this, as when training: side by side they would burden the engine's search for contacts. */
const START_SQUARE_M = 4;

/** A walk of many robots, each at another point of the stride. */
export class TrotWorkload {
  readonly steps: number;
  /** Motor targets of each control step, rad. [T][N, 12] */
  private readonly targets: readonly Float32Array[];
  private readonly starts: readonly Vec3[];

  constructor(
    private readonly model: RobotModel,
    private readonly numRobots: number,
  ) {
    const rng = new Rng(0);
    const somewhere = () => rng.uniform(-START_SQUARE_M, START_SQUARE_M);
    const robots = Array.from({ length: numRobots }, (_, robot) => trot(model, robot / numRobots));
    this.steps = Math.round(robots[0].durationS / CONTROL_STEP_S);
    this.starts = robots.map(({ startHeightM }) => [somewhere(), somewhere(), startHeightM]);
    this.targets = Array.from({ length: this.steps }, (_, t) => {
      const all = new Float32Array(numRobots * NUM_JOINTS);
      robots.forEach((workload, robot) => {
        workload.target(all.subarray(robot * NUM_JOINTS, (robot + 1) * NUM_JOINTS), t * CONTROL_STEP_S);
      });
      return all;
    });
  }

  /** All robots in one world, as when training. Returns µs a robot and control step. */
  timeRapier(options: PhysicsOptions): number {
    const world = new PhysicsWorld(this.model, this.numRobots, FLAT, options);
    for (let robot = 0; robot < this.numRobots; robot++) world.place(robot, this.startOf(robot));
    let ms = 0;
    for (const targets of this.targets) {
      const start = performance.now();
      world.setTargets(targets);
      world.advance(CONTROL_STEP_S);
      ms += performance.now() - start;
      world.read();
    }
    world.free();
    return (1000 * ms) / (this.steps * this.numRobots);
  }

  /**
   * One robot after the other, since robots in MuJoCo share no world. Returns µs a robot and control step.
   * @param robot what they all are simulated by, in turns @param count of them, spread evenly
   */
  timeMujoco(robot: MujocoRobot, count: number): number {
    let ms = 0;
    for (let i = 0; i < count; i++) {
      const who = Math.floor((i * this.numRobots) / count);
      robot.place(0, this.startOf(who));
      for (const targets of this.targets) {
        const own = targets.subarray(who * NUM_JOINTS, (who + 1) * NUM_JOINTS);
        const start = performance.now();
        robot.setTargets(own);
        robot.advance(CONTROL_STEP_S);
        ms += performance.now() - start;
      }
    }
    return (1000 * ms) / (this.steps * count);
  }

  private startOf(robot: number): Pose {
    return { position: this.starts[robot], rotation: IDENTITY, joints: this.model.qDefaultRad };
  }
}
