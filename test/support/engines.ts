/** Rapier and MuJoCo as engines that run the workloads. */

import type { PhysicsWorld } from "../../sim/physics.js";
import type { MujocoRobot } from "./mujoco.js";
import type { Engine } from "./workloads.js";

/** The first robot of a world. */
export function rapierEngine(world: PhysicsWorld): Engine {
  return {
    setPose: (position, rotation, q12) => world.resetRobot(0, position, rotation, q12, [0, 0, 0]),
    setTargets: (q12) => world.setTargets(q12),
    advance(durationS) {
      world.step(Math.round(durationS / world.options.timestepS));
      world.read();
    },
    readJointAngles: (out12) => out12.set(world.state.jointPosition),
    baseHeightM: () => world.state.basePosition[2],
  };
}

/** @param timestepS what the robot was created with */
export function mujocoEngine(robot: MujocoRobot, timestepS: number): Engine {
  const position = new Float32Array(3);
  const rotation = new Float32Array(4);
  return {
    setPose: (basePosition, baseRotation, q12) => robot.setPose(basePosition, baseRotation, q12),
    setTargets: (q12) => robot.setTargets(q12),
    advance: (durationS) => robot.step(Math.round(durationS / timestepS)),
    readJointAngles: (out12) => robot.readJointAngles(out12),
    baseHeightM() {
      robot.readBase(position, rotation);
      return position[2];
    },
  };
}
