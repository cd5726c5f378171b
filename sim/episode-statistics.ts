import { NUM_LEGS } from "../gaits/types.js";
import type { LocomotionControl } from "./locomotion-control.js";
import type { RobotState } from "./state.js";

/** Places in `sums`; the reward terms follow. */
const STEPS = 0;
const FALLS = 1;
const EPISODES = 2;
const ERROR_X = 3;
const ERROR_Y = 4;
const ERROR_YAW = 5;
const OFF_SCHEDULE = 6;
const TERMS = 7;

/** Sums over all robots and steps since the last `clear`, for the progress line and the metrics. */
export class EpisodeStatistics {
  /** Counts, error sums and weighted reward terms in one vector, so that workers can add theirs up. */
  readonly sums: Float64Array;

  constructor(private readonly rewardNames: readonly string[]) {
    this.sums = new Float64Array(TERMS + rewardNames.length);
  }

  /** Takes in one robot's step. */
  add(state: RobotState, control: LocomotionControl, robot: number, fell: boolean, ended: boolean): void {
    const { sums } = this;
    const c = 3 * robot;
    const { command } = control;
    const { contact } = control.gait.reference;
    sums[STEPS] += 1;
    sums[FALLS] += fell ? 1 : 0;
    sums[EPISODES] += ended ? 1 : 0;
    sums[ERROR_X] += Math.abs(command[c] - state.baseVelocity[c]);
    sums[ERROR_Y] += Math.abs(command[c + 1] - state.baseVelocity[c + 1]);
    sums[ERROR_YAW] += Math.abs(command[c + 2] - state.baseAngularVelocity[c + 2]);
    for (let leg = NUM_LEGS * robot; leg < NUM_LEGS * (robot + 1); leg++) {
      sums[OFF_SCHEDULE] += contact[leg] === state.footContact[leg] ? 0 : 1;
    }
  }

  /** Adds one weighted reward term, by its index in `rewardNames`. */
  addReward(term: number, value: number): void {
    this.sums[TERMS + term] += value;
  }

  /** Counts, and means per robot and step. */
  summary(): Record<string, number> {
    const { sums, rewardNames } = this;
    const perStep = (i: number) => sums[i] / Math.max(1, sums[STEPS]);
    const terms = rewardNames.map((name, i) => [`reward/${name}`, perStep(TERMS + i)] as const);
    return {
      falls: sums[FALLS],
      episodes: sums[EPISODES],
      reward: terms.reduce((sum, [, value]) => sum + value, 0),
      velocityErrorX: perStep(ERROR_X),
      velocityErrorY: perStep(ERROR_Y),
      yawRateError: perStep(ERROR_YAW),
      contactErrorPercent: (100 * perStep(OFF_SCHEDULE)) / NUM_LEGS,
      ...Object.fromEntries(terms),
    };
  }

  clear(): void {
    this.sums.fill(0);
  }
}
