/** Rapier and MuJoCo as engines that run the workloads. */

import type { PhysicsWorld } from "../../../sim/physics/world.js";
import type { MujocoRobot } from "../../sim2sim/mujoco-robot.js";
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

export function mujocoEngine(robot: MujocoRobot): Engine {
  return {
    setPose: (basePosition, baseRotation, q12) => robot.setPose(basePosition, baseRotation, q12),
    setTargets: (q12) => robot.setTargets(q12),
    advance(durationS) {
      robot.advance(durationS);
      robot.read();
    },
    readJointAngles: (out12) => out12.set(robot.state.jointPosition),
    baseHeightM: () => robot.state.basePosition[2],
  };
}
