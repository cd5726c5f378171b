/** The way that a scenario's commands lead along, and where to start so that it stays on ground that ends. */

import type { Rng } from "../../sim/rng.js";
import type { Start } from "../../sim/task/start-pose.js";
import type { Scenario } from "./scenario.js";

/** Robots that go no farther stay on the ground, 19.4 m to each side, from wherever they start by themselves, within 4 m of its middle. */
const LONG_WAY_M = 12;
/** The middles of ways lie within this square around the ground's middle, ± m. */
const SPREAD_M = 3;
/** The way is made of steps of this length, s. */
const STEP_S = 0.02;

/** A point of a way, seen from its start: m ahead, and m to the left. */
type Point = readonly [number, number];

/** The way that the first trial's robot goes if it does as it is told, a point each 0.02 s. */
export function commandedWay({ tell, trialS }: Scenario): Point[] {
  const way: Point[] = [[0, 0]];
  let yaw = 0;
  for (let step = 0; step * STEP_S < trialS; step++) {
    const { vx, yawRate } = tell(0, step * STEP_S);
    const [x, y] = way[step];
    way.push([x + vx * Math.cos(yaw) * STEP_S, y + vx * Math.sin(yaw) * STEP_S]);
    yaw += yawRate * STEP_S;
  }
  return way;
}

/**
 * Starts of robots with a long way to go, the same for all trials, in all directions: the middle of each way is near the ground's.
 * Undefined where no robot gets `LONG_WAY_M` away.
 */
export function startsOfLongWays(scenario: Scenario, trials: number, rng: Rng): Start[] | undefined {
  const way = commandedWay(scenario);
  if (Math.max(...way.map(([x, y]) => Math.hypot(x, y))) < LONG_WAY_M) return undefined;
  const ahead = middle(way.map(([x]) => x));
  const left = middle(way.map(([, y]) => y));
  return Array.from({ length: trials }, () => {
    const yaw = rng.uniform(-Math.PI, Math.PI);
    const x = rng.uniform(-SPREAD_M, SPREAD_M) - Math.cos(yaw) * ahead + Math.sin(yaw) * left;
    const y = rng.uniform(-SPREAD_M, SPREAD_M) - Math.sin(yaw) * ahead - Math.cos(yaw) * left;
    return { x, y, yaw };
  });
}

function middle(values: readonly number[]): number {
  return (Math.min(...values) + Math.max(...values)) / 2;
}
