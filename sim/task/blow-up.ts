/**
 * Tells robots whose simulation has broken down from those that merely fell, before they spoil what is learned.
 * A sum over all robots, such as a normaliser's or a gradient, takes but one NaN to be lost.
 */

import { NUM_JOINTS } from "../../gaits/types.js";
import type { LocomotionControl } from "../control/locomotion-control.js";
import type { PhysicsWorld } from "../physics/world.js";
import { SELECTION_SPEC } from "./gait-selection.js";
import type { ObservationSpec } from "./observation-layout.js";

/**
 * Arrays of the physics state that are looked at, with their widths and the largest sizes of their numbers, in m, rad, m/s and
 * rad/s. An A1 makes 2 m/s, 10 rad/s and 30 rad/s in its joints at the most, falls included.
 */
const STATE_ARRAYS = [
  { name: "basePosition", width: 3, max: 500 },
  { name: "baseVelocity", width: 3, max: 20 },
  { name: "baseAngularVelocity", width: 3, max: 100 },
  { name: "jointPosition", width: NUM_JOINTS, max: 7 },
  { name: "jointVelocity", width: NUM_JOINTS, max: 150 },
] as const;

/** rad */
const MAX_TARGET = 7;
/** Of observations, scaled, and of weighted reward terms. */
const MAX_VALUE = 1e6;

const ACTION = 0;
const BODY = 1;
const STATE = 2;
const OBSERVATION = STATE + STATE_ARRAYS.length;

/** Looks at one robot after another; keeps what it found first. */
export class BlowUpWatch {
  /** The first one since the last `clear`; `place` is an index of `places`. */
  first: { readonly robot: number; readonly place: number } | undefined;

  /** What can break down, for reports. */
  readonly places: readonly string[];
  private readonly firstReward: number;
  private readonly firstSelection: number;

  /** @param rewardNames of the terms that `inReward` looks at */
  constructor(
    private readonly physics: PhysicsWorld,
    private readonly control: LocomotionControl,
    private readonly spec: ObservationSpec,
    rewardNames: readonly string[],
  ) {
    this.firstReward = OBSERVATION + spec.slices.length;
    this.firstSelection = this.firstReward + rewardNames.length;
    this.places = [
      "action",
      "physics body",
      ...STATE_ARRAYS.map(({ name }) => `physics ${name}`),
      ...spec.slices.map(({ name }) => `observation ${name}`),
      ...rewardNames.map((name) => `reward ${name}`),
      ...SELECTION_SPEC.slices.map(({ name }) => `gait selection observation ${name}`),
    ];
  }

  clear(): void {
    this.first = undefined;
  }

  /** Whether the robot's motor targets, bodies or motion are not those of a robot. */
  inState(robot: number): boolean {
    const { physics, control } = this;
    if (!areWithin(control.jointTarget, robot, NUM_JOINTS, MAX_TARGET)) return this.note(robot, ACTION);
    if (!physics.isIntact(robot)) return this.note(robot, BODY);
    for (let i = 0; i < STATE_ARRAYS.length; i++) {
      const { name, width, max } = STATE_ARRAYS[i];
      if (!areWithin(physics.state[name], robot, width, max)) return this.note(robot, STATE + i);
    }
    return false;
  }

  /** Whether the robot's row has a number that is not finite, or far too large. `rows` [N, observation size] */
  inObservation(rows: Float32Array, robot: number): boolean {
    return this.inRows(rows, robot, this.spec, OBSERVATION);
  }

  /** The same of what a policy that selects gaits is told. `rows` [N, size of SELECTION_SPEC] */
  inSelection(rows: Float32Array, robot: number): boolean {
    return this.inRows(rows, robot, SELECTION_SPEC, this.firstSelection);
  }

  /** The same of the robot's weighted reward terms, in their order. */
  inReward(terms: Float64Array, robot: number): boolean {
    for (let i = 0; i < terms.length; i++) {
      if (!(Math.abs(terms[i]) <= MAX_VALUE)) return this.note(robot, this.firstReward + i);
    }
    return false;
  }

  /** @param firstPlace of the spec's slices among `places` */
  private inRows(rows: Float32Array, robot: number, { size, slices }: ObservationSpec, firstPlace: number): boolean {
    if (areWithin(rows, robot, size, MAX_VALUE)) return false;
    const row = rows.subarray(robot * size, (robot + 1) * size);
    const bad = row.findIndex((value) => !(Math.abs(value) <= MAX_VALUE));
    const slice = slices.findIndex(({ offset, size: width }) => bad < offset + width);
    return this.note(robot, firstPlace + slice);
  }

  private note(robot: number, place: number): true {
    this.first ??= { robot, place };
    return true;
  }
}

/** Whether all of a robot's numbers are finite, and of no larger size than `max`. [N, width] */
function areWithin(values: Float32Array, robot: number, width: number, max: number): boolean {
  for (let i = robot * width; i < (robot + 1) * width; i++) {
    // Not the same as > max: NaN compares false.
    if (!(Math.abs(values[i]) <= max)) return false;
  }
  return true;
}
