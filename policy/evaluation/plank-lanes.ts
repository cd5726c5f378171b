/** Lanes strewn with loose planks, one for each robot of a world. */

import { add } from "../../sim/math.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import type { Start } from "../../sim/task/start-pose.js";
import type { Plank } from "../../sim/terrain/planks.js";

/**
 * From lane to lane, along both axes, m. Planks end 18 m short of the next robot's start, and begin 24 m beyond that of the one
 * behind: nobody gets to another's planks within 20 s at less than 0.9 m/s.
 */
const PITCH_M = 24;

/** A plank's centre lies in each of these cells, ahead of a robot and as far to its left as to its right; they begin at `FROM_M`. */
const ROWS = 10;
const COLUMNS = 4;
const CELL_M = [0.45, 0.5] as const;
/** So far ahead, m, that the longest plank leaves 0.1 m to the front feet of robots of the A1's size. */
const FROM_M = 0.8;

/** Bounds of sizes, m: a cell's plank covers 0.14 of its 0.225 m² on average. */
const LENGTH_M = [0.4, 1] as const;
const WIDTH_M = [0.1, 0.3] as const;
const THICKNESS_M = [0.02, 0.04] as const;
/** Of air-dry spruce. */
const DENSITY_KG_PER_M3 = 450;
/** Air under each plank, m, from where it falls. */
const CLEARANCE_M = 0.002;

export interface PlankLane {
  /** Of its robot, which heads along the lane: the x axis. */
  readonly start: Start;
  /** In the world frame. */
  readonly planks: readonly Plank[];
}

/** Lanes for so many robots, in a square around the origin. The planks of each follow from the seed and the lane's number. */
export function plankLanes(count: number, seed: number): PlankLane[] {
  const perSide = Math.ceil(Math.sqrt(count));
  const place = (index: number) => (index - (perSide - 1) / 2) * PITCH_M;
  return Array.from({ length: count }, (_, lane) => {
    const x = place(lane % perSide);
    const y = place(Math.floor(lane / perSide));
    const planks = strewPlanks(new Rng(deriveSeed(seed, lane)));
    return {
      start: { x, y, yaw: 0 },
      planks: planks.map((plank) => ({ ...plank, position: add(plank.position, [x, y, 0]) })),
    };
  });
}

/** Planks ahead of a robot at the origin, in the order in which they are laid down: each level on those that it covers. */
function strewPlanks(rng: Rng): Plank[] {
  const cells = Array.from({ length: ROWS * COLUMNS }, (_, cell) => ({ cell, order: rng.next() }));
  cells.sort((a, b) => a.order - b.order);
  const laid: Plank[] = [];
  for (const { cell } of cells) {
    const plank = drawPlank(rng, Math.floor(cell / COLUMNS), cell % COLUMNS);
    const groundM = Math.max(0, ...laid.filter((other) => overlap(plank, other)).map(topM));
    laid.push({ ...plank, position: add(plank.position, [0, 0, groundM + CLEARANCE_M]) });
  }
  return laid;
}

/** Anywhere in a cell, on the ground. */
function drawPlank(rng: Rng, row: number, column: number): Plank {
  const sizeM = [rng.uniform(...LENGTH_M), rng.uniform(...WIDTH_M), rng.uniform(...THICKNESS_M)] as const;
  const x = FROM_M + (row + rng.next()) * CELL_M[0];
  const y = (column - COLUMNS / 2 + rng.next()) * CELL_M[1];
  return {
    sizeM,
    massKg: DENSITY_KG_PER_M3 * sizeM[0] * sizeM[1] * sizeM[2],
    position: [x, y, sizeM[2] / 2],
    yawRad: rng.uniform(-Math.PI, Math.PI),
  };
}

function topM({ position, sizeM }: Plank): number {
  return position[2] + sizeM[2] / 2;
}

/** Whether two level planks overlap, seen from above: then none of the directions of their edges sets them apart. */
export function overlap(a: Plank, b: Plank): boolean {
  const dx = b.position[0] - a.position[0];
  const dy = b.position[1] - a.position[1];
  return [a.yawRad, a.yawRad + Math.PI / 2, b.yawRad, b.yawRad + Math.PI / 2].every((angle) => {
    const distance = Math.abs(dx * Math.cos(angle) + dy * Math.sin(angle));
    return distance < halfExtent(a, angle) + halfExtent(b, angle);
  });
}

/** Of a plank, seen from above, along a direction (rad from the x axis), m. */
function halfExtent({ sizeM: [length, width], yawRad }: Plank, angle: number): number {
  return (length * Math.abs(Math.cos(yawRad - angle)) + width * Math.abs(Math.sin(yawRad - angle))) / 2;
}
