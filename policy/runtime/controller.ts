/** All that runs on a robot: gait memory, state estimate, observation and policies, from its sensors to its joint targets. */

import { gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { SensorReadings } from "../../sim/control/sensors.js";
import type { Estimator } from "../../sim/control/state-estimate.js";
import type { ControllerKind } from "../../sim/episode-log.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { observationOf } from "../../sim/task/observation.js";
import type { ObservationWriter } from "../../sim/task/observation-layout.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { GaitSelector } from "./gait-choice.js";
import { createEstimator, PolicyNetwork } from "./inference.js";

const STAND = gaitIndex("stand");

/**
 * The controller of one robot. After `reset`, once every `control.config.stepS`: fill the readings that it was given, `sense`,
 * set `control.command`, `tellGait` or `selectGait`, `act`, and send `control.jointTarget` to the motors.
 */
export class Controller {
  readonly control: LocomotionControl;
  /** What the policy acts on next. [its actor's size] */
  readonly observation: Float32Array;
  /** What the policy said last; 0 where it was not asked. [12] */
  readonly action = new Float32Array(NUM_JOINTS);
  /** The gait selection policy, where the bundle has one. */
  readonly selector: GaitSelector | undefined;
  private readonly estimator: Estimator | undefined;
  private readonly network: PolicyNetwork;
  private readonly writer: ObservationWriter;
  /** @param readings of one robot; read in place */
  constructor(
    model: RobotModel,
    bundle: PolicyBundle,
    private readonly readings: SensorReadings,
  ) {
    this.control = new LocomotionControl(model, bundle.env.control, 1);
    this.estimator = createEstimator(bundle);
    this.network = new PolicyNetwork(bundle);
    const observation = observationOf(bundle.observation.slices, bundle.task);
    this.observation = new Float32Array(observation.spec.actorSize);
    this.writer = observation.actorWriter({ readings, control: this.control });
    if (bundle.selector) this.selector = new GaitSelector(bundle.selector, this.control, readings);
  }

  /** Forgets the past: at rest, in the commanded gait at a point of the stride (cycles, 0..1). */
  reset(strideCycle: number): void {
    this.control.reset(0, strideCycle, this.readings);
    this.selector?.reset(0);
    this.writer.write(this.observation, 0, 0);
  }

  /** Takes in the readings, and moves the gait memory on by a policy step. */
  sense(): void {
    const { control, readings } = this;
    control.sense(0, readings);
    this.estimator?.(control.estimate.outputs, control.estimate.inputs);
    control.advance(0, readings);
    this.writer.write(this.observation, 0, 0);
  }

  /** Of each of `SELECTABLE_GAITS` when the gait selection policy last chose, 0 while gaits are told. Undefined where there is none. */
  get gaitProbability(): Float32Array | undefined {
    return this.selector?.probabilities;
  }

  /** Walks in a gait (index in `GAITS`), and stands while the command is not to move. */
  tellGait(gait: number): void {
    this.control.gaitCommand[0] = gait;
    this.control.standsAtRest[0] = 1;
    this.selector?.probabilities.fill(0);
  }

  /** Leaves the gait, also when to stand, to the gait selection policy, where there is one. */
  selectGait(): void {
    if (!this.selector) return;
    this.control.standsAtRest[0] = 0;
    this.selector.choose(0);
  }

  /**
   * A whole policy step, with readings and command that are there before it.
   * @param gait index in `GAITS`; "policy" leaves it to the gait selection policy, from a stand on
   * @param isFirst begins anew, at the beginning of a stride
   */
  step(gait: number | "policy", isFirst: boolean): void {
    if (gait !== "policy") this.tellGait(gait);
    else if (isFirst) this.tellGait(STAND);
    if (isFirst) this.reset(0);
    else this.sense();
    if (gait === "policy") this.selectGait();
    this.act();
  }

  /** Writes `control.jointTarget`. @param kind whether the policy corrects the gait memory, or lets it walk alone */
  act(kind: ControllerKind = "policy"): void {
    this.action.fill(0);
    if (kind === "policy") this.network.act(this.action, 0, this.observation, 0);
    this.control.act(0, this.action, 0);
  }
}
