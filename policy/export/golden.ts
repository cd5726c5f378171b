/** Golden vectors: a recorded walk, step by step, that any port of the controller must reproduce. */

import { gaitIndex } from "../../gaits/library.js";
import type { Vec3 } from "../../sim/math.js";
import { PhysicsWorld } from "../../sim/physics/world.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import { FALL_COS_TILT } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { SimulatedRobots } from "../../sim/simulated-robots.js";
import { StartPose } from "../../sim/task/start-pose.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { Controller } from "../runtime/controller.js";
import {
  type GoldenColumn,
  type GoldenRow,
  goldenColumns,
  goldenCsv,
  goldenJson,
  goldenRow,
  SELECTED_GAIT,
} from "./golden-columns.js";

const STEPS = 200;
/** Steps between two commands. */
const COMMAND_STEPS = 25;
/** v_x m/s, v_y m/s, yaw rate rad/s. Each comes with the next of the gaits that the policy knows. */
const COMMANDS: readonly Vec3[] = [
  [0, 0, 0],
  [0.5, 0, 0],
  [0.5, 0, 0.4],
  [0.4, 0.1, 0],
  [0.5, 0, 0],
  [0, 0, 0.5],
  [-0.2, 0, 0],
  [0.4, 0, -0.4],
];
const SEED = 1;
/** Stream of the motors' delay, so that sensors err as they do without one. */
const STREAM_DELAY = 1;
/** Gentle bumps: feet touch down early and late. */
const TERRAIN = { kind: "rough", level: 0.5, seed: SEED } as const;

/**
 * 200 steps of the policy in Rapier as CSV and JSON, through its gaits and a few commands, with the sensor
 * errors and a delay of the motors as it was trained with; fewer where it falls. The first step starts the controller, so it holds what `reset` makes.
 * A gait selection policy, where there is one, selects the gaits of every other command, from the first on.
 *
 * @param model of the bundle's robot
 * @returns contents by file name
 * @throws Error before `loadPhysics` is through
 */
export function exportGolden(bundle: PolicyBundle, model: RobotModel): ReadonlyMap<string, string> {
  const columns = goldenColumns(bundle);
  const rows = recordWalk(bundle, model, columns);
  return new Map([
    ["golden.csv", goldenCsv(columns, rows)],
    ["golden.json", goldenJson(columns, rows, bundle.env.control.stepS)],
  ]);
}

function recordWalk(bundle: PolicyBundle, model: RobotModel, columns: readonly GoldenColumn[]): GoldenRow[] {
  const { env } = bundle;
  const terrain = createTerrain(TERRAIN);
  const physics = new PhysicsWorld(model, 1, terrain, env.physics);
  // One delay for the whole walk, drawn as for an episode of the training.
  const delayS = new Rng(deriveSeed(SEED, STREAM_DELAY)).uniform(...env.randomization.actionDelayS);
  const actionDelaySteps = Float32Array.of(delayS / env.control.stepS);
  const robot = new SimulatedRobots(physics, env, actionDelaySteps, new Rng(deriveSeed(SEED)));
  robot.place(0, new StartPose(model, terrain).at({ x: 0, y: 0, yaw: 0 }));
  const { readings } = robot.sensors;
  const controller = new Controller(model, bundle, readings);
  const rows: GoldenRow[] = [];
  for (let step = 0; step < STEPS && readings.projectedGravity[2] <= -FALL_COS_TILT; step++) {
    const block = Math.floor(step / COMMAND_STEPS);
    controller.control.command.set(COMMANDS[block % COMMANDS.length]);
    const gait = gaitOf(block, bundle);
    controller.step(gait, step === 0);
    rows.push(
      goldenRow(columns, { readings, controller, toldGait: Uint8Array.of(gait === "policy" ? SELECTED_GAIT : gait) }),
    );
    robot.step(controller.control.jointTarget);
  }
  physics.free();
  return rows;
}

/** To be told with a command; "policy" where it is left to the gait selection policy. */
function gaitOf(block: number, { env, selector }: PolicyBundle): number | "policy" {
  const { gaits } = env.command;
  return selector && block % 2 === 0 ? "policy" : gaitIndex(gaits[block % gaits.length]);
}
