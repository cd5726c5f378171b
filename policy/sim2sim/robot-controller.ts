/** Controllers as a robot runs them, whatever they are written in. */

import { gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { SensorReadings } from "../../sim/sensors.js";
import { createRobotState } from "../../sim/state.js";
import type { RobotModel } from "../../sim/types.js";
import type { PolicyBundle } from "../bundle.js";
import { Controller } from "../controller.js";
import type { Instruction } from "../scenario.js";
import { type StudentBundle, StudentNetwork } from "../student.js";
import { StudentHistory } from "../student-history.js";

export interface RobotController {
  /** Forgets the past: the robot stands at rest. */
  reset(readings: SensorReadings): Promise<void>;
  /** A policy step. Returns joint targets, rad, leg order, valid until the next one; null where it gives up. [12] */
  step(readings: SensorReadings, told: Instruction): Promise<Float32Array | null>;
}

const STILL: Instruction = { gait: "trot", vx: 0, yawRate: 0 };

/** The bundle itself, in TypeScript. */
export class BundleController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly controller: Controller;

  constructor(model: RobotModel, bundle: PolicyBundle) {
    this.controller = new Controller(model, bundle, this.readings);
  }

  async reset(readings: SensorReadings): Promise<void> {
    this.tell(readings, STILL);
    this.controller.reset(0);
  }

  async step(readings: SensorReadings, told: Instruction): Promise<Float32Array> {
    this.tell(readings, told);
    this.controller.sense();
    this.controller.act();
    return this.controller.control.jointTarget;
  }

  private tell(readings: SensorReadings, { gait, vx, yawRate }: Instruction): void {
    copyReadings(this.readings, readings);
    const { control } = this.controller;
    control.gaitCommand[0] = gaitIndex(gait);
    control.command.set([vx, 0, yawRate]);
  }
}

/** A student, as controllers without a gait memory run it. */
export class StudentController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly command = new Float32Array(3);
  private readonly action = new Float32Array(NUM_JOINTS);
  private readonly targets = new Float32Array(NUM_JOINTS);
  private readonly history: StudentHistory;
  private readonly network: StudentNetwork;

  constructor(
    private readonly model: RobotModel,
    private readonly student: StudentBundle,
  ) {
    const { readings, command, action } = this;
    this.history = new StudentHistory(model, { readings, command, lastAction: action }, student.historyLength, 1);
    this.network = new StudentNetwork(student, model);
  }

  async reset(readings: SensorReadings): Promise<void> {
    this.tell(readings, STILL);
    this.action.fill(0);
    this.history.reset(0);
  }

  async step(readings: SensorReadings, told: Instruction): Promise<Float32Array> {
    const { model, student, action, targets } = this;
    this.tell(readings, told);
    this.history.push(0);
    this.network.act(action, this.history.inputs);
    for (let j = 0; j < NUM_JOINTS; j++) targets[j] = model.qDefaultRad[j] + student.actionScaleRad * action[j];
    return targets;
  }

  private tell(readings: SensorReadings, { vx, yawRate }: Instruction): void {
    copyReadings(this.readings, readings);
    this.command.set([vx, 0, yawRate]);
  }
}

const SENSED = [
  "baseAngularVelocity",
  "deltaVelocity",
  "projectedGravity",
  "jointPosition",
  "jointVelocity",
  "jointTorque",
  "footContact",
] as const satisfies readonly (keyof SensorReadings)[];

function copyReadings(to: SensorReadings, from: SensorReadings): void {
  for (const name of SENSED) to[name].set(from[name]);
}
