import { LocomotionControl } from "../../sim/locomotion-control.js";
import { actorWriter, OBSERVATION_SPEC, type ObservationWriter } from "../../sim/observation.js";
import type { SensorReadings } from "../../sim/sensors.js";
import { createRobotState } from "../../sim/state.js";
import type { RobotModel } from "../../sim/types.js";
import type { PolicyBundle } from "../bundle.js";
import type { NetworkRunner } from "../export/onnx-evaluator.js";
import type { Instruction } from "../scenario.js";
import { copyReadings, type RobotController, tell } from "./robot-controller.js";

/** Exported networks, run by whatever runs them, with the rest of the controller as `Controller` has it. */
export class NetworkController implements RobotController {
  private readonly readings = createRobotState(1);
  private readonly observation = new Float32Array(OBSERVATION_SPEC.actorSize);
  private readonly control: LocomotionControl;
  private readonly writer: ObservationWriter;
  private isNew = true;

  /** @param estimator null where the bundle has none */
  constructor(
    model: RobotModel,
    { env }: PolicyBundle,
    private readonly policy: NetworkRunner,
    private readonly estimator: NetworkRunner | null,
  ) {
    this.control = new LocomotionControl(model, env.control, 1);
    this.writer = actorWriter({ readings: this.readings, control: this.control });
  }

  reset(): void {
    this.isNew = true;
  }

  async step(readings: SensorReadings, told: Instruction): Promise<Float32Array> {
    const { control, observation } = this;
    copyReadings(this.readings, readings);
    tell(control, told);
    if (this.isNew) control.reset(0, 0, this.readings);
    else await this.sense();
    this.isNew = false;
    this.writer.write(observation, 0, 0);
    control.act(0, await this.policy(observation), 0);
    return control.jointTarget;
  }

  private async sense(): Promise<void> {
    const { control, readings } = this;
    control.sense(0, readings);
    const { estimate } = control;
    if (this.estimator) estimate.outputs.set(await this.estimator(estimate.inputs));
    control.advance(0, readings);
  }
}
