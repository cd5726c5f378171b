/** How far simulated joints stray from a MuJoCo simulation in small steps: what speed must not be bought with. */

import { type PhysicsOptions, PhysicsWorld } from "../../../sim/physics/world.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { mujocoRobot } from "./mujoco.js";
import { FLAT } from "./physics.js";
import { record, rmsDifference, type Trajectory, WORKLOADS, type Workload } from "./workloads.js";

/** Root mean square of the joint angles' difference to the reference, rad, for each motion. */
export type RmsTable = Readonly<Record<MotionName, number>>;

const MOTIONS = ["stand", "step", "sine", "drop", "squat"] as const;
export type MotionName = (typeof MOTIONS)[number];

const REFERENCE_TIMESTEP_S = 0.001;
/** What an engine may stray, rad. */
export const MAX_RMS_RAD = 0.02;
/** MuJoCo's timesteps to try, longest first: each divides the control step. */
const MUJOCO_TIMESTEPS_S = [0.01, 0.005, 0.004, 0.002];

export interface Fidelity {
  /** Rapier as we train. */
  readonly rapierRms: RmsTable;
  /** MuJoCo's longest timestep that stays within MAX_RMS_RAD, and what it does there. */
  readonly mujocoTimestepS: number;
  readonly mujocoRms: RmsTable;
}

export async function measureFidelity(model: RobotModel, physics: PhysicsOptions): Promise<Fidelity> {
  const reference = await mujocoMotions(model, physics, REFERENCE_TIMESTEP_S);
  const rapierRms = rmsTable(await allMotions(model, (motion) => rapierMotion(model, physics, motion)), reference);
  for (const mujocoTimestepS of MUJOCO_TIMESTEPS_S) {
    const mujocoRms = rmsTable(await mujocoMotions(model, physics, mujocoTimestepS), reference);
    if (Math.max(...Object.values(mujocoRms)) <= MAX_RMS_RAD) return { rapierRms, mujocoTimestepS, mujocoRms };
  }
  return { rapierRms, mujocoTimestepS: REFERENCE_TIMESTEP_S, mujocoRms: rmsTable(reference, reference) };
}

type Motions = ReadonlyMap<MotionName, Trajectory>;

async function allMotions(
  model: RobotModel,
  run: (motion: Workload) => Trajectory | Promise<Trajectory>,
): Promise<Motions> {
  const motions = new Map<MotionName, Trajectory>();
  for (const name of MOTIONS) motions.set(name, await run(WORKLOADS[name](model)));
  return motions;
}

function mujocoMotions(model: RobotModel, { friction }: PhysicsOptions, timestepS: number): Promise<Motions> {
  return allMotions(model, async (motion) => {
    const robot = await mujocoRobot(model, timestepS, friction, motion.fixedBase);
    const trajectory = record(robot, model, motion);
    robot.free();
    return trajectory;
  });
}

function rapierMotion(model: RobotModel, physics: PhysicsOptions, motion: Workload): Trajectory {
  const world = new PhysicsWorld(model, 1, FLAT, { ...physics, fixedBase: motion.fixedBase });
  const trajectory = record(world, model, motion);
  world.free();
  return trajectory;
}

function rmsTable(motions: Motions, reference: Motions): RmsTable {
  const rms = (name: MotionName) => rmsDifference(motions.get(name)!.jointRad, reference.get(name)!.jointRad);
  return Object.fromEntries(MOTIONS.map((name) => [name, rms(name)])) as Record<MotionName, number>;
}
