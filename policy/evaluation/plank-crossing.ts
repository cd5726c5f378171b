/** Trials that lead across loose planks to a goal ahead, steered as by somebody who walks behind. */

import type { Planks } from "../../sim/physics/planks.js";
import type { RobotState } from "../../sim/robot/state.js";
import type { Start } from "../../sim/task/start-pose.js";
import { type PlankLane, plankLanes } from "./plank-lanes.js";
import { wilsonInterval } from "./statistics/wilson.js";

/** Robots are headed for the point of their lane's middle that is so far ahead of them, m, ... */
const LOOKAHEAD_M = 1;
/** ... by a yaw rate of so much of the angle that they are off, 1/s, and at most so much, rad/s. */
const STEERING_PER_S = 1;
const MAX_YAW_RATE_RAD_PER_S = 0.5;

export interface CrossingScore {
  /** Trials whose robot got to the goal without a fall. */
  readonly reached: number;
  /** Wilson 95 % interval of their share. */
  readonly reachedInterval: readonly [number, number];
  /** Mean time from the start to the goal, s. NaN where nobody got there. */
  readonly timeToGoalS: number;
}

/** Lays the planks, steers the robots, and watches who gets to the goal, and when. */
export class Crossing {
  readonly starts: readonly Start[];
  private readonly lanes: readonly PlankLane[];
  /** Time at which each robot got there, s; NaN until then. [N] */
  private readonly timeS: Float64Array;

  /** @param goalM how far ahead of its start a robot's trunk is to get */
  constructor(
    private readonly goalM: number,
    trials: number,
    seed: number,
  ) {
    this.lanes = plankLanes(trials, seed);
    this.starts = this.lanes.map(({ start }) => start);
    this.timeS = new Float64Array(trials).fill(Number.NaN);
  }

  layPlanks(planks: Planks): void {
    for (const lane of this.lanes) {
      for (const plank of lane.planks) planks.add(plank);
    }
  }

  hasReached(robot: number): boolean {
    return !Number.isNaN(this.timeS[robot]);
  }

  /** Yaw rate that leads a robot along its lane, rad/s. */
  yawRate(robot: number, { basePosition, baseRotation }: RobotState): number {
    const [x, y, z, w] = baseRotation.subarray(4 * robot, 4 * robot + 4);
    const heading = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z));
    const asideM = basePosition[3 * robot + 1] - this.starts[robot].y;
    const rate = -STEERING_PER_S * (heading + Math.atan2(asideM, LOOKAHEAD_M));
    return Math.min(Math.max(rate, -MAX_YAW_RATE_RAD_PER_S), MAX_YAW_RATE_RAD_PER_S);
  }

  /** Adds a step of a robot that has neither fallen nor reached the goal. */
  add(robot: number, timeS: number, { basePosition }: RobotState): void {
    if (basePosition[3 * robot] - this.starts[robot].x >= this.goalM) this.timeS[robot] = timeS;
  }

  result(): CrossingScore {
    const times = this.timeS.filter((time) => !Number.isNaN(time));
    return {
      reached: times.length,
      reachedInterval: wilsonInterval(times.length, this.timeS.length),
      timeToGoalS: times.reduce((sum, time) => sum + time, 0) / times.length,
    };
  }
}
