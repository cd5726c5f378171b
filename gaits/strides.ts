import { NUM_LEGS } from "./types.js";

/** A foot that is off the ground for less than this bounces rather than swings, s. */
const SHORTEST_SWING_S = 0.05;

/** How regularly robots stepped. */
export interface StrideSummary {
  /** Strides that were measured, of all legs. */
  readonly strides: number;
  /** Over the mean time from touchdown to touchdown of the same foot, Hz; NaN without strides. */
  readonly frequencyHz: number;
  /** Standard deviation of that time as a share of its mean. */
  readonly variation: number;
}

/** Strides of N robots, told from when feet touch down. */
export class StrideStatistics {
  /** Steps since each foot's last touchdown, -1 before the first. [N, 4] */
  private readonly sinceTouchdown: Int32Array;
  /** Steps that each foot has been off the ground. [N, 4] */
  private readonly inAir: Int32Array;
  private readonly shortestSwing: number;
  private strides = 0;
  private sumS = 0;
  private squaresS2 = 0;

  constructor(
    numRobots: number,
    private readonly dtS: number,
  ) {
    this.sinceTouchdown = new Int32Array(numRobots * NUM_LEGS).fill(-1);
    this.inAir = new Int32Array(numRobots * NUM_LEGS);
    this.shortestSwing = Math.ceil(SHORTEST_SWING_S / dtS - 1e-9);
  }

  /** Adds one step of one robot. @param contact measured, 0 or 1. [N, 4] */
  add(robot: number, contact: Uint8Array): void {
    const { sinceTouchdown, inAir, dtS } = this;
    for (let foot = NUM_LEGS * robot; foot < NUM_LEGS * (robot + 1); foot++) {
      if (sinceTouchdown[foot] >= 0) sinceTouchdown[foot]++;
      if (contact[foot] === 0) {
        inAir[foot]++;
        continue;
      }
      if (inAir[foot] >= this.shortestSwing) {
        if (sinceTouchdown[foot] > 0) this.addStride(sinceTouchdown[foot] * dtS);
        sinceTouchdown[foot] = 0;
      }
      inAir[foot] = 0;
    }
  }

  /** The stride that one robot is in counts no more, as after a change of gait. */
  interrupt(robot: number): void {
    this.sinceTouchdown.fill(-1, NUM_LEGS * robot, NUM_LEGS * (robot + 1));
    this.inAir.fill(0, NUM_LEGS * robot, NUM_LEGS * (robot + 1));
  }

  /** Of all robots and legs together. */
  summary(): StrideSummary {
    const { strides } = this;
    const meanS = this.sumS / strides;
    const varianceS2 = Math.max(0, this.squaresS2 / strides - meanS * meanS);
    return { strides, frequencyHz: 1 / meanS, variation: Math.sqrt(varianceS2) / meanS };
  }

  private addStride(durationS: number): void {
    this.strides++;
    this.sumS += durationS;
    this.squaresS2 += durationS * durationS;
  }
}
