import { describe, expect, it } from "vitest";
import { CommandSampler } from "../../sim/commands.js";
import { Rng } from "../../sim/rng.js";
import { envConfig } from "../support/envs.js";

const SAMPLES = 4000;
const RANGES = { vxMPerS: [-0.5, 1.5], vyMPerS: [0.2, 0.6], yawRateRadPerS: [-2, -1] } as const;
const NO_SHARES = { standShare: 0, straightShare: 0, noYawShare: 0 };

function draw(shares: Partial<typeof NO_SHARES>): number[][] {
  const { command } = envConfig({ command: { ...RANGES, ...shares } });
  const sampler = new CommandSampler(command);
  const rng = new Rng(5);
  const out = new Float32Array(6);
  const commands = Array.from({ length: SAMPLES }, () => {
    sampler.sample(out, 1, rng);
    return [...out.subarray(3)];
  });
  expect([...out.subarray(0, 3)]).toEqual([0, 0, 0]); // the first robot's
  return commands;
}

/** Share of commands that a condition holds for. */
function shareOf(commands: readonly number[][], condition: (command: number[]) => boolean): number {
  return commands.filter(condition).length / commands.length;
}

describe("commands", () => {
  it("fill their ranges evenly", () => {
    const commands = draw(NO_SHARES);
    Object.values(RANGES).forEach(([low, high], k) => {
      const values = commands.map((command) => command[k]);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low - 1e-6);
      expect(Math.max(...values)).toBeLessThanOrEqual(high + 1e-6);
      // Each tenth of the range has 400 ± 19 of 4000.
      for (let tenth = 0; tenth < 10; tenth++) {
        const from = low + ((high - low) * tenth) / 10;
        const count = values.filter((value) => value >= from && value < from + (high - low) / 10).length;
        expect(Math.abs(count - 400)).toBeLessThan(5 * 19);
      }
    });
  });

  it("draw their parts independently of each other", () => {
    const commands = draw(NO_SHARES);
    const share = shareOf(commands, ([vx, vy]) => vx > 0.5 && vy > 0.4);
    // A quarter ± √(.25 · .75 / 4000) = 0.007.
    expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
  });

  it("stand still in their share, in all three parts", () => {
    const commands = draw({ ...NO_SHARES, standShare: 0.3 });
    const standing = shareOf(commands, (command) => command.every((part) => part === 0));
    // ± √(.3 · .7 / 4000) = 0.007
    expect(Math.abs(standing - 0.3)).toBeLessThan(0.03);
    // With ranges that leave zero out, no part is zero alone.
    expect(shareOf(commands, ([, vy, yaw]) => (vy === 0) !== (yaw === 0))).toBe(0);
  });

  it("go straight ahead, and without turning, in their shares, each for itself", () => {
    const commands = draw({ ...NO_SHARES, straightShare: 0.4, noYawShare: 0.25 });
    expect(Math.abs(shareOf(commands, ([, vy]) => vy === 0) - 0.4)).toBeLessThan(0.04);
    expect(Math.abs(shareOf(commands, ([, , yaw]) => yaw === 0) - 0.25)).toBeLessThan(0.04);
    // Both at once: .4 · .25 = 0.1.
    expect(Math.abs(shareOf(commands, ([, vy, yaw]) => vy === 0 && yaw === 0) - 0.1)).toBeLessThan(0.03);
    expect(shareOf(commands, ([vx]) => vx === 0)).toBe(0);
  });

  it("always stand with a share of 1", () => {
    expect(shareOf(draw({ ...NO_SHARES, standShare: 1 }), (command) => command.every((part) => part === 0))).toBe(1);
  });
});
