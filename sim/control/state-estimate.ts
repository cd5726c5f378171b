/** What a robot takes itself to do: velocity, height and contacts, from its sensors. */

import { NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { ControlConfig } from "../config-sections.js";
import type { RobotState } from "../robot/state.js";
import type { RobotModel } from "../robot/types.js";
import { LegOdometry } from "./odometry.js";
import type { SensorReadings } from "./sensors.js";

/** Policy steps of proprioception that the learned estimator sees. */
export const HISTORY_STEPS = 4;
/** What it sees of each, and at which scale. */
export const ESTIMATOR_FRAME = [
  { name: "projectedGravity", size: 3, scale: 2 },
  { name: "baseAngularVelocity", size: 3, scale: 0.5 },
  { name: "deltaVelocity", size: 3, scale: 3 },
  { name: "jointPosition", size: NUM_JOINTS, scale: 2 },
  { name: "jointVelocity", size: NUM_JOINTS, scale: 0.1 },
  { name: "jointTorque", size: NUM_JOINTS, scale: 0.1 },
  { name: "footContact", size: NUM_LEGS, scale: 1 },
] as const;
const FRAME_SIZE = ESTIMATOR_FRAME.reduce((sum, { size }) => sum + size, 0);
/** Besides: the odometry's velocity (3) and height, and the scheduled contacts (4). */
const EXTRA_SIZE = 3 + 1 + NUM_LEGS;

/** Width of the learned estimator's input. */
export const ESTIMATOR_INPUTS = HISTORY_STEPS * FRAME_SIZE + EXTRA_SIZE;
/** Width of its output: corrections of velocity (3) and height, and a logit of contact for each foot. */
export const ESTIMATOR_OUTPUTS = 3 + 1 + NUM_LEGS;
/** An output of 1 corrects the velocity by 1 / 4 m/s, or the height by 1 / 20 m. */
export const VELOCITY_SCALE = 4;
export const HEIGHT_SCALE = 20;
/** Brings heights to about the size of the other inputs. */
export const HEIGHT_INPUT_SCALE = 10;

/** A learned estimator: `outputs` [N, ESTIMATOR_OUTPUTS] of `inputs` [N, ESTIMATOR_INPUTS]. */
export type Estimator = (outputs: Float32Array, inputs: Float32Array) => void;

export class StateEstimate {
  /** Of the base in the base frame, m/s. [N, 3] */
  readonly velocity: Float32Array;
  /** Of the base above the ground, m. [N] */
  readonly height: Float32Array;
  /** [N, 4] */
  readonly contactProbability: Float32Array;
  readonly odometry: LegOdometry;
  /** The learned estimator's inputs, oldest frame first, and its outputs. [N, ..] */
  readonly inputs: Float32Array;
  readonly outputs: Float32Array;

  /** @param source as in the config */
  constructor(
    private readonly model: RobotModel,
    private readonly source: ControlConfig["estimator"],
    stepS: number,
    numRobots: number,
  ) {
    this.odometry = new LegOdometry(model.legs, model.nominalHeightM, stepS, numRobots);
    this.velocity = new Float32Array(numRobots * 3);
    this.height = new Float32Array(numRobots).fill(model.nominalHeightM);
    this.contactProbability = new Float32Array(numRobots * NUM_LEGS);
    const rows = source === "learned" ? numRobots : 0;
    this.inputs = new Float32Array(rows * ESTIMATOR_INPUTS);
    this.outputs = new Float32Array(rows * ESTIMATOR_OUTPUTS);
  }

  /** Forgets one robot's past: at rest at nominal height, as far as it knows. */
  reset(robot: number, readings: SensorReadings): void {
    this.odometry.reset(robot);
    this.velocity.fill(0, 3 * robot, 3 * robot + 3);
    this.height[robot] = this.model.nominalHeightM;
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++)
      this.contactProbability[i] = readings.footContact[i];
    if (this.source !== "learned") return;
    for (let step = 0; step < HISTORY_STEPS; step++) this.writeFrame(robot, step, readings);
  }

  /**
   * Takes in one robot's readings, once a policy step. A learned estimator must write `outputs` before `conclude`.
   * @param scheduledContact [N, 4]
   */
  sense(robot: number, readings: SensorReadings, scheduledContact: Uint8Array): void {
    if (this.source === "none") return;
    this.odometry.update(robot, readings, scheduledContact);
    if (this.source !== "learned") return;
    const { inputs, odometry } = this;
    const begin = robot * ESTIMATOR_INPUTS;
    inputs.copyWithin(begin, begin + FRAME_SIZE, begin + HISTORY_STEPS * FRAME_SIZE);
    this.writeFrame(robot, HISTORY_STEPS - 1, readings);
    let o = begin + HISTORY_STEPS * FRAME_SIZE;
    for (let k = 0; k < 3; k++) inputs[o++] = odometry.velocity[3 * robot + k];
    inputs[o++] = HEIGHT_INPUT_SCALE * (odometry.height[robot] - this.model.nominalHeightM);
    for (let leg = 0; leg < NUM_LEGS; leg++) inputs[o++] = scheduledContact[NUM_LEGS * robot + leg];
  }

  /** The estimate after `sense`. @param command what a robot without an estimator takes its velocity to be. [N, 3] */
  conclude(robot: number, readings: SensorReadings, command: Float32Array): void {
    const { source, odometry, velocity, height, contactProbability } = this;
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++) contactProbability[i] = readings.footContact[i];
    if (source === "none") {
      for (let i = 3 * robot; i < 3 * robot + 2; i++) velocity[i] = command[i];
      return;
    }
    for (let i = 3 * robot; i < 3 * robot + 3; i++) velocity[i] = odometry.velocity[i];
    height[robot] = odometry.height[robot];
    if (source === "learned") this.correct(robot);
  }

  /**
   * What a learned estimator's outputs should have been after `sense`, contacts as 0 and 1, to `out[robot * ESTIMATOR_OUTPUTS ...]`.
   * @param height of the bases above the ground, m. [N]
   */
  writeTargets(
    out: Float32Array,
    robot: number,
    { baseVelocity, footContact }: RobotState,
    height: Float32Array,
  ): void {
    const { odometry } = this;
    let o = robot * ESTIMATOR_OUTPUTS;
    for (let i = 3 * robot; i < 3 * robot + 3; i++)
      out[o++] = VELOCITY_SCALE * (baseVelocity[i] - odometry.velocity[i]);
    out[o++] = HEIGHT_SCALE * (height[robot] - odometry.height[robot]);
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++) out[o++] = footContact[i];
  }

  private correct(robot: number): void {
    const { outputs, velocity, height, contactProbability } = this;
    let o = robot * ESTIMATOR_OUTPUTS;
    for (let i = 3 * robot; i < 3 * robot + 3; i++) velocity[i] = velocity[i] + outputs[o++] / VELOCITY_SCALE;
    height[robot] = height[robot] + outputs[o++] / HEIGHT_SCALE;
    for (let i = NUM_LEGS * robot; i < NUM_LEGS * (robot + 1); i++) {
      contactProbability[i] = 1 / (1 + Math.exp(-outputs[o++]));
    }
  }

  private writeFrame(robot: number, step: number, readings: SensorReadings): void {
    const { inputs, model } = this;
    let o = robot * ESTIMATOR_INPUTS + step * FRAME_SIZE;
    for (const { name, size, scale } of ESTIMATOR_FRAME) {
      const values = readings[name];
      const origin = name === "jointPosition" ? model.qDefaultRad : undefined;
      for (let k = 0; k < size; k++) inputs[o++] = scale * (values[robot * size + k] - (origin ? origin[k] : 0));
    }
  }
}
