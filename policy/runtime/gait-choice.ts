/** Who says which gaits robots walk in. */

import { froudeNumber, GAITS, gaitIndex, SELECTABLE_GAITS } from "../../gaits/library.js";
import type { LocomotionControl } from "../../sim/control/locomotion-control.js";
import type { SensorReadings } from "../../sim/control/sensors.js";
import { SELECTION_OBSERVATION, SelectionState } from "../../sim/task/gait-selection.js";
import type { ObservationWriter } from "../../sim/task/observation-layout.js";
import type { GaitSelectorBundle } from "../bundle/bundle.js";
import { PolicyNetwork } from "./inference.js";

/**
 * Who says which gait a robot walks in: who tells its commands; the gait selection policy or, for a bundle without one, the speed;
 * the speed, by the Froude number; or nobody, as it is always one gait (its id).
 */
export type GaitSource = "told" | "policy" | "by-speed" | { readonly gait: string };

/** Those that controllers have by themselves, on whatever they run. */
export type ControllerGaitSource = Extract<GaitSource, "told" | "policy">;

/** Writes `control.gaitCommand`. */
export interface GaitChooser {
  /** Of each of `SELECTABLE_GAITS` at the last choice, 0 before the first; where a policy chooses. [N, SELECTABLE_GAITS] */
  readonly probabilities?: Float32Array;
  /** Forgets a robot's past, after its control's `reset`. */
  reset(robot: number): void;
  /** Once a policy step, when the robot's command is set and before it acts. */
  choose(robot: number): void;
}

/** The learned one: takes the likeliest gait every few policy steps, unless a transition runs. */
export class GaitSelector implements GaitChooser {
  readonly probabilities: Float32Array;
  /** What the last choice was made on. [SELECTION_SPEC.actorSize] */
  readonly observation: Float32Array;
  /** What the policy said of it, one number for each of its gaits. */
  readonly logits: Float32Array;
  private readonly network: PolicyNetwork;
  private readonly state: SelectionState;
  private readonly writer: ObservationWriter;
  /** Policy steps since the last choice. [N] */
  private readonly age: Int32Array;
  private readonly gaits: readonly number[];

  constructor(
    private readonly bundle: GaitSelectorBundle,
    private readonly control: LocomotionControl,
    readings: SensorReadings,
  ) {
    this.network = new PolicyNetwork(bundle);
    this.state = new SelectionState(control);
    this.writer = SELECTION_OBSERVATION.actorWriter({ control, readings, selection: this.state });
    this.observation = new Float32Array(this.network.inputs);
    this.logits = new Float32Array(this.network.outputs);
    this.probabilities = new Float32Array(control.numRobots * this.network.outputs);
    this.age = new Int32Array(control.numRobots);
    this.gaits = bundle.gaits.map(gaitIndex);
  }

  reset(robot: number): void {
    this.state.reset(robot);
    this.age[robot] = 0;
    this.probabilitiesOf(robot).fill(0);
  }

  choose(robot: number): void {
    if (!this.observe(robot)) return;
    this.network.act(this.logits, 0, this.observation, 0);
    this.take(robot);
  }

  /** Once a policy step, for who runs the network elsewhere. Returns whether to choose now, on `observation`. */
  observe(robot: number): boolean {
    const { state, control, age } = this;
    state.advance(robot);
    const isDue = age[robot] === 0;
    age[robot] = (age[robot] + 1) % this.bundle.decisionSteps;
    if (!isDue || control.gait.reference.transition[robot] === 1) return false;
    this.writer.write(this.observation, 0, robot);
    return true;
  }

  /** Takes the likeliest gait by `logits`. */
  take(robot: number): void {
    const { logits, gaits, control } = this;
    softmax(this.probabilitiesOf(robot), logits);
    control.gaitCommand[robot] = gaits[logits.indexOf(Math.max(...logits))];
  }

  private probabilitiesOf(robot: number): Float32Array {
    return this.probabilities.subarray(robot * this.network.outputs, (robot + 1) * this.network.outputs);
  }
}

/** exp(logits) / sum of exp(logits), from their largest down so that none overflows. */
function softmax(out: Float32Array, logits: Float32Array): void {
  const largest = Math.max(...logits);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  for (let i = 0; i < logits.length; i++) out[i] = Math.exp(logits[i] - largest) / sum;
}

/** Slowest first. */
const BY_SPEED = SELECTABLE_GAITS.flatMap((gait) => {
  const range = GAITS[gait].froudeRange;
  return range === null ? [] : [{ gait, below: range[1] }];
}).sort((a, b) => a.below - b.below);

/**
 * The gait memory's automatic mode without learning: of the gaits that can be selected, the one that the command's Froude number
 * asks for.
 */
export class FroudeRule implements GaitChooser {
  private readonly hipRadiusM: number;
  private readonly legLengthM: number;

  constructor(private readonly control: LocomotionControl) {
    const { hipOffsetM, abductionOffsetM, thighLengthM, calfLengthM } = control.model.legs;
    this.hipRadiusM = Math.hypot(hipOffsetM[0], hipOffsetM[1] + abductionOffsetM[0]);
    this.legLengthM = thighLengthM + calfLengthM;
  }

  reset(): void {}

  choose(robot: number): void {
    this.control.gaitCommand[robot] = this.gaitOf(robot);
  }

  /** Index in GAITS. */
  gaitOf(robot: number): number {
    const { command } = this.control;
    const c = 3 * robot;
    const froude = froudeNumber(command[c], command[c + 2], this.hipRadiusM, this.legLengthM);
    return (BY_SPEED.find(({ below }) => froude < below) ?? BY_SPEED[BY_SPEED.length - 1]).gait;
  }
}

/** Always the same one. */
export class FixedGait implements GaitChooser {
  private readonly gait: number;

  /** @param id of a gait; throws RangeError if there is none of that name */
  constructor(
    private readonly control: LocomotionControl,
    id: string,
  ) {
    this.gait = gaitIndex(id);
  }

  reset(): void {}

  choose(robot: number): void {
    this.control.gaitCommand[robot] = this.gait;
  }
}

/**
 * The chooser of a source; null where gaits are told, so that there is nothing to choose.
 * @throws RangeError for a gait that there is not
 */
export function createChooser(
  source: GaitSource,
  control: LocomotionControl,
  readings: SensorReadings,
  selector: GaitSelectorBundle | null,
): GaitChooser | null {
  if (source === "told") return null;
  if (source === "policy" && selector) return new GaitSelector(selector, control, readings);
  if (source === "policy" || source === "by-speed") return new FroudeRule(control);
  return new FixedGait(control, source.gait);
}
