/** MuJoCo where it is installed: an installed Gaitway comes without it. */

import { InputError } from "../../../sim/errors.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { MUJOCO_SETTINGS } from "../../sim2sim/mjcf.js";
import { loadMujoco, MujocoRobot } from "../../sim2sim/mujoco-robot.js";

export const MUJOCO_MISSING = "No comparison with MuJoCo: `npm install --save-dev mujoco-js` brings it.";

export async function hasMujoco(): Promise<boolean> {
  try {
    await loadMujoco();
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** A robot on flat, hard ground. */
export function mujocoRobot(
  model: RobotModel,
  timestepS: number,
  friction: number,
  fixedBase = false,
): Promise<MujocoRobot> {
  return MujocoRobot.create(model, { setting: { ...MUJOCO_SETTINGS.rigid, timestepS }, friction, fixedBase });
}
