/** What a policy that selects gaits is told: the 66 numbers of Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z. */

import { GAITS, gaitStabilityNumber, SELECTABLE_GAITS } from "../../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { LocomotionControl } from "../control/locomotion-control.js";
import { CRITIC_TERMS } from "./observation.js";
import { Observation, type ObservationSpec } from "./observation-layout.js";
import type { ActorSources, ObservationSources, ObservationTerm } from "./observation-term.js";

/** Time constant of the filter that makes accelerations of commands, s: a command that jumps is one of a finite acceleration. */
export const ACCELERATION_FILTER_S = 0.2;

/** What such a policy is told that nobody else needs, for N robots. */
export class SelectionState {
  /** Change of the velocity command, m/s² and rad/s², filtered. [N, 3] */
  readonly commandAcceleration: Float32Array;
  /** Index in SELECTABLE_GAITS of the gait that was selected last; 0 for one that is not among them. [N] */
  readonly lastChoice: Float32Array;
  /** Of the gait that runs, or towards which a transition runs. [N] */
  readonly stabilityNumber: Float32Array;
  /** Height of the reference feet, m. [N, 4] */
  readonly footHeight: Float32Array;
  private readonly filteredCommand: Float32Array;
  private readonly stabilityNumbers: readonly number[];

  constructor(private readonly control: LocomotionControl) {
    const { numRobots, model } = control;
    const { thighLengthM, calfLengthM } = model.legs;
    this.commandAcceleration = new Float32Array(3 * numRobots);
    this.lastChoice = new Float32Array(numRobots);
    this.stabilityNumber = new Float32Array(numRobots);
    this.footHeight = new Float32Array(NUM_LEGS * numRobots);
    this.filteredCommand = new Float32Array(3 * numRobots);
    this.stabilityNumbers = GAITS.map((gait) => gaitStabilityNumber(gait, thighLengthM + calfLengthM));
  }

  /** Starts one robot anew: its command has stood for ever. */
  reset(robot: number): void {
    const { control, filteredCommand, commandAcceleration } = this;
    for (let i = 3 * robot; i < 3 * robot + 3; i++) {
      filteredCommand[i] = control.command[i];
      commandAcceleration[i] = 0;
    }
    this.read(robot);
  }

  /** After each policy step of one robot. */
  advance(robot: number): void {
    const { control, filteredCommand, commandAcceleration } = this;
    for (let i = 3 * robot; i < 3 * robot + 3; i++) {
      commandAcceleration[i] = (control.command[i] - filteredCommand[i]) / ACCELERATION_FILTER_S;
      filteredCommand[i] += control.config.stepS * commandAcceleration[i];
    }
    this.read(robot);
  }

  private read(robot: number): void {
    const { gaitIndex, footTargetM } = this.control.gait.reference;
    this.lastChoice[robot] = Math.max(0, SELECTABLE_GAITS.indexOf(this.control.gaitCommand[robot]));
    this.stabilityNumber[robot] = this.stabilityNumbers[gaitIndex[robot]];
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++) this.footHeight[i] = footTargetM[3 * i + 2];
  }
}

/** Where the observation comes from. */
export interface SelectionSources extends ActorSources {
  readonly selection: SelectionState;
}

function term(
  name: string,
  size: number,
  unit: string,
  scale: number,
  values: (sources: SelectionSources) => Float32Array | Uint8Array,
): ObservationTerm<SelectionSources> {
  return { name, size, unit, scale, values, mirror: "same" };
}

const ACTOR_TERMS: readonly ObservationTerm<SelectionSources>[] = [
  term("scheduledContact", NUM_LEGS, "1", 1, (s) => s.control.gait.reference.contact),
  term("footContact", NUM_LEGS, "1", 1, (s) => s.readings.footContact),
  term("command", 3, "m/s, m/s, rad/s", 1, (s) => s.control.command),
  term("jointTorque", NUM_JOINTS, "N m", 0.1, (s) => s.readings.jointTorque),
  term("projectedGravity", 3, "1", 1, (s) => s.readings.projectedGravity),
  term("estimatedVelocity", 3, "m/s", 1, (s) => s.control.estimate.velocity),
  term("baseAngularVelocity", 3, "rad/s", 0.5, (s) => s.readings.baseAngularVelocity),
  term("lastGait", 1, "index", 0.25, (s) => s.selection.lastChoice),
  term("footHeight", NUM_LEGS, "m", 10, (s) => s.selection.footHeight),
  term("jointPosition", NUM_JOINTS, "rad", 1, (s) => s.readings.jointPosition),
  term("jointVelocity", NUM_JOINTS, "rad/s", 0.1, (s) => s.readings.jointVelocity),
  term("commandAcceleration", 3, "m/s^2, m/s^2, rad/s^2", 0.2, (s) => s.selection.commandAcceleration),
  term("stabilityNumber", 1, "1", 1, (s) => s.selection.stabilityNumber),
  term("transition", 1, "0 or 1", 1, (s) => s.control.gait.reference.transition),
];

/** Of policies that select gaits. */
export type SelectionObservation = Observation<SelectionSources, ObservationSources>;

export const SELECTION_OBSERVATION: SelectionObservation = new Observation(ACTOR_TERMS, CRITIC_TERMS);
export const SELECTION_SPEC: ObservationSpec = SELECTION_OBSERVATION.spec;
