/** Controllers as a robot runs them, whatever they are written in. */

import { gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { SensorReadings } from "../../sim/control/sensors.js";
import { createRobotState } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import type { Instruction } from "../evaluation/scenario.js";
import type { NetworkRunner } from "../export/onnx/evaluator.js";
import { Controller } from "../runtime/controller.js";
import type { ControllerGaitSource } from "../runtime/gait-choice.js";
import { type StudentBundle, StudentNetwork } from "../student/bundle.js";
import { StudentHistory } from "../student/history.js";

export interface RobotController {
  /** Forgets the past: the next step is the first one of a robot that stands at rest. */
  reset(): void;
  /** A policy step. Returns joint targets, rad, leg order, valid until the next one; null where it gives up. [12] */
  step(readings: SensorReadings, told: Instruction): Promise<Float32Array | null>;
}

/** The bundle itself, in TypeScript. */
export class BundleController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly controller: Controller;
  private isNew = true;

  /** @param gaitSource who says gaits: who instructs it, or its gait selection policy */
  constructor(
    model: RobotModel,
    bundle: PolicyBundle,
    private readonly gaitSource: ControllerGaitSource = "told",
  ) {
    this.controller = new Controller(model, bundle, this.readings);
  }

  reset(): void {
    this.isNew = true;
  }

  async step(readings: SensorReadings, told: Instruction): Promise<Float32Array> {
    const { controller } = this;
    copyReadings(this.readings, readings);
    tellVelocity(controller.control, told);
    controller.step(this.gaitSource === "policy" ? "policy" : gaitIndex(told.gait), this.isNew);
    this.isNew = false;
    return controller.control.jointTarget;
  }
}

/** What runs a student bundle's network. */
export function studentRunner(student: StudentBundle, model: RobotModel): NetworkRunner {
  const network = new StudentNetwork(student, model);
  const action = new Float32Array(NUM_JOINTS);
  return (input) => {
    network.act(action, input);
    return action;
  };
}

/** A student, as controllers without a gait memory run it. */
export class StudentController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly command = new Float32Array(3);
  private readonly action = new Float32Array(NUM_JOINTS);
  private readonly targets = new Float32Array(NUM_JOINTS);
  private readonly history: StudentHistory;
  private isNew = true;

  /** @param run the network, which keeps its actions within the joint limits */
  constructor(
    private readonly model: RobotModel,
    private readonly student: Pick<StudentBundle, "historyLength" | "actionScaleRad">,
    private readonly run: NetworkRunner,
  ) {
    const { readings, command, action } = this;
    this.history = new StudentHistory(model, { readings, command, lastAction: action }, student.historyLength, 1);
  }

  reset(): void {
    this.isNew = true;
  }

  async step(readings: SensorReadings, { vx, yawRate }: Instruction): Promise<Float32Array> {
    const { model, student, action, targets } = this;
    copyReadings(this.readings, readings);
    this.command.set([vx, 0, yawRate]);
    if (this.isNew) this.begin();
    else this.history.push(0);
    action.set(await this.run(this.history.inputs));
    for (let j = 0; j < NUM_JOINTS; j++) targets[j] = model.qDefaultRad[j] + student.actionScaleRad * action[j];
    return targets;
  }

  private begin(): void {
    this.action.fill(0);
    this.history.reset(0);
    this.isNew = false;
  }
}

export function tell(control: LocomotionControl, told: Instruction): void {
  control.gaitCommand[0] = gaitIndex(told.gait);
  tellVelocity(control, told);
}

export function tellVelocity({ command }: LocomotionControl, { vx, yawRate }: Instruction): void {
  command.set([vx, 0, yawRate]);
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

export function copyReadings(to: SensorReadings, from: SensorReadings): void {
  for (const name of SENSED) to[name].set(from[name]);
}
