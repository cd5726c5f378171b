import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import type { ActionSpace } from "../config/task.js";

/** What one worker's robots lived through in one iteration, time-major: element k = t · numEnvs + env. */
export class Rollout {
  /** Normalised observations; one row of robots more than steps. [T + 1, N, obsSize] */
  readonly obs: Float32Array;
  /** [T, N, A] */
  readonly action: Float32Array;
  /** Of the network that drew the action: means, or logits of a choice. [T, N, numOutputs] */
  readonly output: Float32Array;
  /** 1 where the robot could not follow a choice. [T, N] */
  readonly locked: Uint8Array;
  /**
   * What a rule would have chosen: the weight in the policy's loss of the cross entropy to that choice, in the choice's place, and 0
   * in the others. Empty where actions are not choices. [T, N, numOutputs]
   */
  readonly advice: Float32Array;
  readonly logProb: Float32Array;
  /** [T + 1, N] */
  readonly value: Float32Array;
  readonly reward: Float32Array;
  /** 1 where the episode ended in that step, by a fall or by time. [T, N] */
  readonly done: Uint8Array;
  readonly advantage: Float32Array;
  readonly returns: Float32Array;
  /** What the state estimator saw, and what it should have said; empty where none is learned. [T, N, ..] */
  readonly estimatorInputs: Float32Array;
  readonly estimatorTargets: Float32Array;

  readonly numActions: number;
  readonly numOutputs: number;

  constructor(
    readonly horizon: number,
    readonly numEnvs: number,
    readonly obsSize: number,
    { numActions, numOutputs, distribution }: ActionSpace,
    readonly learnsEstimator = false,
  ) {
    this.numActions = numActions;
    this.numOutputs = numOutputs;
    const samples = horizon * numEnvs;
    this.obs = new Float32Array((samples + numEnvs) * obsSize);
    this.action = new Float32Array(samples * numActions);
    this.output = new Float32Array(samples * numOutputs);
    this.locked = new Uint8Array(samples);
    this.advice = new Float32Array(distribution === "gaussian" ? 0 : samples * numOutputs);
    this.logProb = new Float32Array(samples);
    this.value = new Float32Array(samples + numEnvs);
    this.reward = new Float32Array(samples);
    this.done = new Uint8Array(samples);
    this.advantage = new Float32Array(samples);
    this.returns = new Float32Array(samples);
    this.estimatorInputs = new Float32Array(learnsEstimator ? samples * ESTIMATOR_INPUTS : 0);
    this.estimatorTargets = new Float32Array(learnsEstimator ? samples * ESTIMATOR_OUTPUTS : 0);
  }

  get samples(): number {
    return this.horizon * this.numEnvs;
  }

  /** @param choices of a rule at step `t`. [N] */
  advise(t: number, choices: Uint8Array, weight: number): void {
    const { advice, numEnvs, numOutputs } = this;
    const first = t * numEnvs * numOutputs;
    advice.fill(0, first, first + numEnvs * numOutputs);
    for (let robot = 0; robot < numEnvs; robot++) advice[first + robot * numOutputs + choices[robot]] = weight;
  }
}
