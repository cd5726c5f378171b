/** MuJoCo where it is installed. It is a development dependency: an installed Gaitway comes without it. */

export type MujocoModule = typeof import("../support/mujoco.js");

export const MUJOCO_MISSING = "No comparison with MuJoCo: `npm install --save-dev mujoco-js` brings it.";

/** The module that simulates in MuJoCo, or undefined where mujoco-js is not installed. */
export async function importMujoco(): Promise<MujocoModule | undefined> {
  try {
    return await import("../support/mujoco.js");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
