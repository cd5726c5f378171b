import type { EnvConfig } from "./env-config.js";
import type { Rng } from "./rng.js";

/** Draws velocity commands (v_x m/s, v_y m/s, yaw rate rad/s) in the base frame. */
export class CommandSampler {
  constructor(private readonly config: EnvConfig["command"]) {}

  /** Writes a fresh command to `out[3 * robot ...]`. */
  sample(out: Float32Array, robot: number, rng: Rng): void {
    const { vxMPerS, vyMPerS, yawRateRadPerS, standShare, straightShare, noYawShare } = this.config;
    const c = 3 * robot;
    const stand = rng.next() < standShare;
    const straight = rng.next() < straightShare;
    const noYaw = rng.next() < noYawShare;
    out[c] = stand ? 0 : rng.uniform(...vxMPerS);
    out[c + 1] = stand || straight ? 0 : rng.uniform(...vyMPerS);
    out[c + 2] = stand || noYaw ? 0 : rng.uniform(...yawRateRadPerS);
  }
}
