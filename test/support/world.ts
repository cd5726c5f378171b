/** Worlds of the A1 for tests of the physics, with figures of their own: tuning the product's defaults moves no test. */

import type { Quat, Vec3 } from "../../sim/math.js";
import type { PhysicsOptions } from "../../sim/physics/world.js";
import { PhysicsWorld } from "../../sim/physics/world.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import { a1Tuning, a1Urdf, modelOf } from "./a1.js";
import { type LinkPose, linkPoses, matrixOf } from "./link-poses.js";

/** The A1 with gains and pose that stay as they are. */
export const testTuning = {
  kp: 80,
  kd: 2,
  defaultPoseRad: { hip: 0, thigh: 0.75, calf: -1.5 },
  footLinks: a1Tuning.footLinks,
};
export const model = modelOf(a1Urdf, testTuning);

export const LEVEL: Quat = [0, 0, 0, 1];
export const AT_REST: Vec3 = [0, 0, 0];
export const FLAT: Terrain = createTerrain({ kind: "flat", level: 0, seed: 0 });
export const PHYSICS: PhysicsOptions = { timestepS: 0.005, solverIterations: 2, pgsIterations: 10, friction: 0.8 };

export function createWorld(numRobots = 1, options: Partial<PhysicsOptions> = {}, terrain = FLAT): PhysicsWorld {
  return new PhysicsWorld(model, numRobots, terrain, { ...PHYSICS, ...options });
}

/** Places a robot, at rest in its default pose unless told. `q` has its joint angles. [12] */
export function place(
  world: PhysicsWorld,
  robot: number,
  position: Vec3,
  rotation: Quat = LEVEL,
  q: ArrayLike<number> = model.qDefaultRad,
  velocity: Vec3 = AT_REST,
): void {
  world.place(robot, { position, rotation, joints: q }, velocity);
}

/** One robot's part of the state's array of [N, width]. */
export function rowOf<T extends Float32Array | Uint8Array>(values: T, robot: number, width: number): T {
  return values.slice(robot * width, (robot + 1) * width) as T;
}

/** Poses of one robot's links in the world, from what the state says of its base and joints. */
export function posesOf({ model, state }: PhysicsWorld, robot = 0): LinkPose[] {
  const [x, y, z] = rowOf(state.basePosition, robot, 3);
  const rotation = matrixOf(rowOf(state.baseRotation, robot, 4));
  return linkPoses(model, { position: [x, y, z], rotation }, rowOf(state.jointPosition, robot, 12));
}

/** Goes on for a while and reads the state. */
export function advance(world: PhysicsWorld, durationS: number): void {
  world.advance(durationS);
  world.read();
}
