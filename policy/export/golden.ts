/** Golden vectors: a recorded walk, step by step, that any port of the controller must reproduce. */

import { gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { Sensors } from "../../sim/control/sensors.js";
import type { Vec3 } from "../../sim/math.js";
import { IDENTITY } from "../../sim/math.js";
import { PhysicsWorld } from "../../sim/physics/world.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import { FALL_COS_TILT } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
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
/** Gentle bumps: feet touch down early and late. */
const TERRAIN = { kind: "rough", level: 0.5, seed: SEED } as const;

/**
 * 200 steps of the policy in Rapier as CSV and JSON, through its gaits and a few commands, with the sensor
 * errors that it was trained with; fewer where it falls. The first step starts the controller, so it holds what `reset` makes.
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
  const { control, physics: physicsConfig, sensors: errors } = bundle.env;
  const terrain = createTerrain(TERRAIN);
  const physics = new PhysicsWorld(model, 1, terrain, physicsConfig);
  placeRobot(physics, new StartPose(model, terrain));
  const sensors = new Sensors(physics.state, errors, 1, control.stepS, new Rng(deriveSeed(SEED)));
  sensors.reset(0);
  const { readings } = sensors;
  const controller = new Controller(model, bundle, readings);
  const motorTarget = new Float32Array(NUM_JOINTS);
  const rows: GoldenRow[] = [];
  for (let step = 0; step < STEPS && readings.projectedGravity[2] <= -FALL_COS_TILT; step++) {
    const block = Math.floor(step / COMMAND_STEPS);
    controller.control.command.set(COMMANDS[block % COMMANDS.length]);
    const gait = gaitOf(block, bundle);
    controller.step(gait, step === 0);
    rows.push(goldenRow(columns, { readings, controller, toldGait: Uint8Array.of(gait ?? SELECTED_GAIT) }));
    const { jointTarget } = controller.control;
    for (let j = 0; j < NUM_JOINTS; j++) motorTarget[j] = jointTarget[j] - sensors.jointOffset[j];
    physics.setTargets(motorTarget);
    physics.step(Math.round(control.stepS / physicsConfig.timestepS));
    physics.read();
    sensors.read(0);
  }
  physics.free();
  return rows;
}

function placeRobot(physics: PhysicsWorld, startPose: StartPose): void {
  const joints = new Float32Array(NUM_JOINTS);
  const z = startPose.write(joints, 0, 0, 0, 0);
  physics.resetRobot(0, [0, 0, z], IDENTITY, joints, [0, 0, 0]);
  physics.readRobot(0);
  physics.clearContacts(0);
}

/** To be told with a command; null where it is left to the gait selection policy. */
function gaitOf(block: number, { env, selector }: PolicyBundle): number | null {
  const { gaits } = env.command;
  return selector && block % 2 === 0 ? null : gaitIndex(gaits[block % gaits.length]);
}
