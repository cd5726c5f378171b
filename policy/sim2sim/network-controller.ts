import { gaitIndex } from "../../gaits/library.js";
import { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { SensorReadings } from "../../sim/control/sensors.js";
import { createRobotState } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { observationOf } from "../../sim/task/observation.js";
import type { ObservationWriter } from "../../sim/task/observation-layout.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import type { Instruction } from "../evaluation/scenario.js";
import type { NetworkRunner } from "../export/onnx/evaluator.js";
import { GaitSelector } from "../runtime/gait-choice.js";
import { copyReadings, type RobotController, tell, tellVelocity } from "./robot-controller.js";

/** What runs the networks of a bundle. */
export interface NetworkRunners {
  readonly policy: NetworkRunner;
  /** Null where the bundle has none. */
  readonly estimator: NetworkRunner | null;
  /** Null where gaits are told. */
  readonly selector: NetworkRunner | null;
}

const STAND = gaitIndex("stand");

/** Exported networks, run by whatever runs them, with the rest of the controller as `Controller` has it. */
export class NetworkController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly observation: Float32Array;
  private readonly control: LocomotionControl;
  private readonly writer: ObservationWriter;
  private readonly selector: GaitSelector | null;
  private isNew = true;

  constructor(
    model: RobotModel,
    { env, selector, observation: { slices }, task }: PolicyBundle,
    private readonly runners: NetworkRunners,
  ) {
    this.control = new LocomotionControl(model, env.control, 1);
    const observation = observationOf(slices, task);
    this.observation = new Float32Array(observation.spec.actorSize);
    this.writer = observation.actorWriter({ readings: this.readings, control: this.control });
    this.selector = runners.selector && selector && new GaitSelector(selector, this.control, this.readings);
  }

  reset(): void {
    this.isNew = true;
  }

  async step(readings: SensorReadings, told: Instruction): Promise<Float32Array> {
    const { control, observation, selector } = this;
    copyReadings(this.readings, readings);
    if (selector) tellVelocity(control, told);
    else tell(control, told);
    if (this.isNew) this.begin();
    else await this.sense();
    this.isNew = false;
    if (selector) await this.selectGait(selector);
    this.writer.write(observation, 0, 0);
    control.act(0, await this.runners.policy(observation), 0);
    return control.jointTarget;
  }

  private begin(): void {
    const { control, selector } = this;
    if (selector) {
      control.gaitCommand[0] = STAND;
      control.standsAtRest[0] = 0;
    }
    control.reset(0, 0, this.readings);
    selector?.reset(0);
  }

  private async sense(): Promise<void> {
    const { control, readings } = this;
    control.sense(0, readings);
    const { estimate } = control;
    if (this.runners.estimator) estimate.outputs.set(await this.runners.estimator(estimate.inputs));
    control.advance(0, readings);
  }

  private async selectGait(selector: GaitSelector): Promise<void> {
    if (!this.runners.selector || !selector.observe(0)) return;
    selector.logits.set(await this.runners.selector(selector.observation));
    selector.take(0);
  }
}
