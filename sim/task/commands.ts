import { GAITS } from "../../gaits/library.js";
import type { CommandConfig } from "../config-sections.js";
import type { Rng } from "../rng.js";

/** How far a curriculum has come. Gaits as in `GAITS`. */
export interface CurriculumState {
  /** Share of each gait's range of commands that is drawn from. */
  readonly commandShare: Float64Array;
  /** How often a gait comes up, relative to the others. */
  readonly gaitWeight: Float64Array;
}

/** The whole range of commands, all gaits alike. */
export function fullCurriculum(): CurriculumState {
  return { commandShare: new Float64Array(GAITS.length).fill(1), gaitWeight: new Float64Array(GAITS.length).fill(1) };
}

/** Writes a velocity command of a task's own to `out` [3]: v_x m/s, v_y m/s, yaw rate rad/s. `gait` is the id of the commanded one. */
export type VelocityCommand = (out: Float32Array, gait: string, rng: Rng) => void;

/** Draws gaits, and velocity commands (v_x m/s, v_y m/s, yaw rate rad/s) in the base frame that suit them. */
export class CommandSampler {
  private readonly gaits: readonly number[];

  constructor(
    private readonly config: CommandConfig,
    private readonly curriculum: CurriculumState,
    private readonly ownVelocity?: VelocityCommand | undefined,
  ) {
    this.gaits = config.gaits.map((id) => GAITS.findIndex((gait) => gait.id === id));
  }

  /** Draws a gait: its index in `GAITS`. */
  gait(rng: Rng): number {
    const { gaits, curriculum } = this;
    if (gaits.length === 1) return gaits[0];
    let rest = rng.next() * gaits.reduce((sum, gait) => sum + curriculum.gaitWeight[gait], 0);
    for (const gait of gaits) {
      rest -= curriculum.gaitWeight[gait];
      if (rest < 0) return gait;
    }
    return gaits[gaits.length - 1];
  }

  /** Writes a fresh velocity command for a robot in a gait to `out[3 * robot ...]`. */
  velocity(out: Float32Array, robot: number, gait: number, rng: Rng): void {
    if (this.ownVelocity) this.ownVelocity(out.subarray(3 * robot, 3 * robot + 3), GAITS[gait].id, rng);
    else this.draw(out, robot, gait, rng);
  }

  private draw(out: Float32Array, robot: number, gait: number, rng: Rng): void {
    const { vxMPerS, vyMPerS, yawRateRadPerS, standShare, fullSpeedShare, straightShare, noYawShare, gaitsChosen } =
      this.config;
    const [slowest, fastest] = gaitsChosen ? vxMPerS : GAITS[gait].speedsMPerS;
    const share = this.curriculum.commandShare[gait];
    const c = 3 * robot;
    const stand = rng.next() < standShare || fastest === 0;
    const straight = rng.next() < straightShare;
    const noYaw = rng.next() < noYawShare;
    const low = share * Math.max(vxMPerS[0], slowest);
    const high = share * Math.min(vxMPerS[1], fastest);
    // Drawn from beyond the range as well, and cut off there: the share that is at full speed.
    const beyond = low + Math.max(0, high - low) / (1 - fullSpeedShare);
    out[c] = stand ? 0 : Math.min(high, rng.uniform(Math.min(low, high), beyond));
    out[c + 1] = stand || straight ? 0 : share * rng.uniform(...vyMPerS);
    out[c + 2] = stand || noYaw ? 0 : share * rng.uniform(...yawRateRadPerS);
  }
}
