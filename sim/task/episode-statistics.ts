import { GAITS } from "../../gaits/library.js";
import { NUM_LEGS } from "../../gaits/types.js";
import type { LocomotionControl } from "../control/locomotion-control.js";
import type { RobotState } from "../robot/state.js";

/** Places in `sums`; the reward terms follow. */
const STEPS = 0;
const FALLS = 1;
const EPISODES = 2;
const ERROR_X = 3;
const ERROR_Y = 4;
const ERROR_YAW = 5;
const OFF_SCHEDULE = 6;
const BLOW_UPS = 7;
const TERMS = 8;
/** Of each gait, behind the reward terms: steps, falls, error sums, and how well the velocity command is followed. */
const GAIT_STEPS = 0;
const GAIT_FALLS = 1;
const GAIT_ERROR_X = 2;
const GAIT_ERROR_YAW = 3;
const GAIT_SCORE = 4;
const GAIT_COLUMNS = 5;

/** Width of the kernel exp(-(error of v_x and v_y)^2 / width) that scores a gait, (m/s)^2. */
const SCORE_WIDTH = 0.1;

/** Sums over all robots and steps since the last `clear`, for the progress line and the metrics. */
export class EpisodeStatistics {
  /** Counts, error sums and weighted reward terms in one vector, so that workers can add theirs up. */
  readonly sums: Float64Array;

  private readonly gaits: number;

  constructor(private readonly rewardNames: readonly string[]) {
    this.gaits = TERMS + rewardNames.length;
    this.sums = new Float64Array(this.gaits + GAITS.length * GAIT_COLUMNS);
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
    const errorX = Math.abs(command[c] - state.baseVelocity[c]);
    const errorY = Math.abs(command[c + 1] - state.baseVelocity[c + 1]);
    const errorYaw = Math.abs(command[c + 2] - state.baseAngularVelocity[c + 2]);
    sums[ERROR_X] += errorX;
    sums[ERROR_Y] += errorY;
    sums[ERROR_YAW] += errorYaw;
    const row = this.gaits + GAIT_COLUMNS * control.gait.reference.gaitIndex[robot];
    sums[row + GAIT_STEPS] += 1;
    sums[row + GAIT_FALLS] += fell ? 1 : 0;
    sums[row + GAIT_ERROR_X] += errorX;
    sums[row + GAIT_ERROR_YAW] += errorYaw;
    sums[row + GAIT_SCORE] += Math.exp(-(errorX * errorX + errorY * errorY) / SCORE_WIDTH);
    for (let leg = NUM_LEGS * robot; leg < NUM_LEGS * (robot + 1); leg++) {
      sums[OFF_SCHEDULE] += contact[leg] === state.footContact[leg] ? 0 : 1;
    }
  }

  /** Adds a robot's weighted reward terms, in the order of `rewardNames`. */
  addRewards(terms: ArrayLike<number>): void {
    for (let i = 0; i < terms.length; i++) this.sums[TERMS + i] += terms[i];
  }

  /** Counts a robot whose simulation broke down; its step is in none of the means. */
  addBlowUp(): void {
    this.sums[BLOW_UPS] += 1;
  }

  /** Counts, and means per robot and step. */
  summary(): Record<string, number> {
    const { sums, rewardNames } = this;
    const perStep = (i: number) => sums[i] / Math.max(1, sums[STEPS]);
    const terms = rewardNames.map((name, i) => [`reward/${name}`, perStep(TERMS + i)] as const);
    return {
      falls: sums[FALLS],
      episodes: sums[EPISODES],
      blowUps: sums[BLOW_UPS],
      reward: terms.reduce((sum, [, value]) => sum + value, 0),
      velocityErrorX: perStep(ERROR_X),
      velocityErrorY: perStep(ERROR_Y),
      yawRateError: perStep(ERROR_YAW),
      contactErrorPercent: (100 * perStep(OFF_SCHEDULE)) / NUM_LEGS,
      ...Object.fromEntries(terms),
      ...this.gaitSummary(),
    };
  }

  /** Robot steps in a gait (index in `GAITS`), and the mean score of how well it followed velocity commands, 0..1. */
  gaitScore(gait: number): { steps: number; score: number } {
    const row = this.gaits + GAIT_COLUMNS * gait;
    const steps = this.sums[row + GAIT_STEPS];
    return { steps, score: this.sums[row + GAIT_SCORE] / Math.max(1, steps) };
  }

  /** Means of each gait that robots were in. */
  private gaitSummary(): Record<string, number> {
    const { sums } = this;
    const entries = GAITS.flatMap(({ id }, gait): [string, number][] => {
      const row = this.gaits + GAIT_COLUMNS * gait;
      const steps = sums[row + GAIT_STEPS];
      if (steps === 0) return [];
      return [
        [`gait/${id}/share`, steps / sums[STEPS]],
        [`gait/${id}/velocityErrorX`, sums[row + GAIT_ERROR_X] / steps],
        [`gait/${id}/yawRateError`, sums[row + GAIT_ERROR_YAW] / steps],
        [`gait/${id}/falls`, sums[row + GAIT_FALLS]],
      ];
    });
    return Object.fromEntries(entries);
  }

  clear(): void {
    this.sums.fill(0);
  }
}
