/** What simulates robots. Rapier (world.ts) and MuJoCo (policy/sim2sim/mujoco-robot.ts) are engines. */

import type { Quat, Vec3 } from "../math.js";
import type { RobotState } from "../robot/state.js";

export interface Pose {
  /** Of the trunk's origin in the world frame, m. */
  readonly position: Vec3;
  /** Of the trunk in the world frame, (x, y, z, w). */
  readonly rotation: Quat;
  /** Joint angles, rad, leg order. [12] */
  readonly joints: ArrayLike<number>;
}

export interface Engine {
  readonly numRobots: number;
  /** As of the last `read`, and of the last `place` of a robot that was placed since. */
  readonly state: RobotState;
  /**
   * How motors get targets that come late, within a policy step. "held": their last ones are held until then, as an engine of
   * one robot can whose timesteps are short. "blended": they get the mean of the last and the new ones over the step, in one
   * whose timestep is the whole step, or whose many robots get theirs at different times.
   */
  readonly lateTargets: "held" | "blended";
  /**
   * Places one robot at rest, or with a velocity of the whole robot (world frame, m/s), its motors holding its joints, and reads
   * it; Rapier knows what it touches from the next `read` on.
   */
  place(robot: number, pose: Pose, velocity?: Vec3): void;
  /** Motor targets of all robots from now on, rad, leg order; those beyond the joint limits are clamped to them. [N, 12] */
  setTargets(q: Float32Array): void;
  /** Goes on by this time, to the closest timestep. */
  advance(durationS: number): void;
  /** Reads all robots into `state`, whose `deltaVelocity` is that since the last `read`: to be called once a policy step. */
  read(): void;
}
