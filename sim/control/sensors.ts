/** What a robot's sensors read: the truth of the simulation, late, offset and noisy. */

import { NUM_LEGS } from "../../gaits/types.js";
import type { SensorConfig } from "../config-sections.js";
import type { Rng } from "../rng.js";
import { createRobotState, type RobotState } from "../robot/state.js";

/** The part of a robot's state that it can sense; of the same units and shapes. */
export type SensorReadings = Pick<
  RobotState,
  | "baseAngularVelocity"
  | "deltaVelocity"
  | "projectedGravity"
  | "jointPosition"
  | "jointVelocity"
  | "jointTorque"
  | "footContact"
>;

/** One sensed quantity. */
interface Channel {
  readonly size: number;
  readonly truth: Float32Array;
  readonly reading: Float32Array;
  /** The truth a policy step ago. */
  readonly last: Float32Array;
  /** Constant over an episode. */
  readonly bias: Float32Array;
  readonly biasLimit: number;
  /** Half-width of a uniform distribution. */
  readonly noise: number;
}

export class Sensors {
  /** The truth itself where every error is 0. */
  readonly readings: SensorReadings;
  /** What joint encoders are off by, rad: motors follow them. [N, 12] */
  readonly jointOffset: Float32Array;
  private readonly channels: readonly Channel[];
  private readonly lastContact: Uint8Array;
  /** Age of each robot's readings, in policy steps, 0..1. [N] */
  private readonly delaySteps: Float32Array;
  private readonly ideal: boolean;

  /** @param state the truth @param rng a stream of its own: a policy step draws some 40 numbers a robot */
  constructor(
    private readonly state: RobotState,
    private readonly config: SensorConfig,
    numRobots: number,
    private readonly stepS: number,
    private readonly rng: Rng,
  ) {
    const { delayS, ...errors } = config;
    this.ideal = delayS[1] === 0 && Object.values(errors).every((error) => error === 0);
    const readings = this.ideal ? state : createRobotState(numRobots);
    this.readings = readings;
    this.lastContact = new Uint8Array(numRobots * NUM_LEGS);
    this.delaySteps = new Float32Array(numRobots);
    const channel = (name: Exclude<keyof SensorReadings, "footContact">, noise: number, biasLimit: number): Channel => {
      const truth = state[name];
      const [last, bias] = [new Float32Array(truth.length), new Float32Array(truth.length)];
      return { size: truth.length / numRobots, truth, reading: readings[name], last, bias, biasLimit, noise };
    };
    this.channels = [
      channel("baseAngularVelocity", config.angularVelocityRadPerS, config.angularVelocityBiasRadPerS),
      channel("deltaVelocity", config.accelerationMPerS2 * stepS, config.accelerationBiasMPerS2 * stepS),
      channel("projectedGravity", config.projectedGravity, 0),
      channel("jointPosition", config.jointPositionRad, config.jointOffsetRad),
      channel("jointVelocity", config.jointVelocityRadPerS, 0),
      channel("jointTorque", 0, 0),
    ];
    this.jointOffset = this.channels[3].bias;
  }

  /** Draws one robot's delay and biases anew, and reads it; its past is what it is now. */
  reset(robot: number): void {
    if (this.ideal) return;
    this.delaySteps[robot] = this.rng.uniform(...this.config.delayS) / this.stepS;
    for (const { size, truth, last, bias, biasLimit } of this.channels) {
      for (let i = robot * size; i < (robot + 1) * size; i++) {
        last[i] = truth[i];
        if (biasLimit > 0) bias[i] = this.rng.uniform(-biasLimit, biasLimit);
      }
    }
    for (let i = robot * NUM_LEGS; i < (robot + 1) * NUM_LEGS; i++) this.lastContact[i] = this.state.footContact[i];
    this.read(robot);
  }

  /** Reads one robot; once a policy step. Delays within it are interpolated. */
  read(robot: number): void {
    if (this.ideal) return;
    const delay = this.delaySteps[robot];
    for (let c = 0; c < this.channels.length; c++) {
      const { size, truth, reading, last, bias, noise } = this.channels[c];
      for (let i = robot * size; i < (robot + 1) * size; i++) {
        const now = truth[i];
        const error = noise > 0 ? noise * (2 * this.rng.next() - 1) : 0;
        reading[i] = now + delay * (last[i] - now) + bias[i] + error;
        last[i] = now;
      }
    }
    this.readContacts(robot, delay > 0.5);
  }

  private readContacts(robot: number, late: boolean): void {
    const { footContact: truth } = this.state;
    const { footContact: reading } = this.readings;
    const { falseContactShare } = this.config;
    for (let i = robot * NUM_LEGS; i < (robot + 1) * NUM_LEGS; i++) {
      const now = truth[i];
      const sensed = late ? this.lastContact[i] : now;
      reading[i] = falseContactShare > 0 && this.rng.next() < falseContactShare ? 1 - sensed : sensed;
      this.lastContact[i] = now;
    }
  }
}
