import type { GaitMemory } from "../../../gaits/memory.js";

/** Advances one robot of a gait memory: velocities as commanded, then as measured, and the height of its base. */
export function stepGait(
  memory: GaitMemory,
  robot: number,
  vx: number,
  vy: number,
  yawRate: number,
  baseVx: number,
  baseVy: number,
  baseYawRate: number,
  baseHeightM: number,
): void {
  memory.step(robot, { vx, vy, yawRate, baseVx, baseVy, baseYawRate, baseHeightM });
}
