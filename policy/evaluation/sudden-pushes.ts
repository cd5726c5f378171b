/** Sudden pushes on trunks, from random directions; tells them as episodes record them. */

import type { VecEnv } from "../../sim/env.js";
import { episodeColumn } from "../../sim/episode-log.js";
import { Rng } from "../../sim/rng.js";

const { size: SIZE } = episodeColumn("push");

export class SuddenPushes {
  /** Those since the last call of `clear`, as the column "push" has them. [N, 6] */
  readonly recent: Float32Array;
  private readonly rng: Rng;

  constructor(
    private readonly env: VecEnv,
    numRobots: number,
    seed: number,
  ) {
    this.recent = new Float32Array(SIZE * numRobots);
    this.rng = new Rng(seed);
  }

  clear(): void {
    this.recent.fill(0);
  }

  /** Pushes a robot horizontally at the middle of its trunk, so that its velocity changes by this, m/s. */
  push(robot: number, velocityChangeMPerS: number): void {
    const { physics, model } = this.env;
    const impulse = model.massKg * velocityChangeMPerS;
    const angle = this.rng.uniform(-Math.PI, Math.PI);
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    physics.pushTrunk(robot, [0, 0, 0], [impulse * x, impulse * y, 0]);
    this.recent.set([0, 0, 0, velocityChangeMPerS * x, velocityChangeMPerS * y, 0], SIZE * robot);
  }
}
