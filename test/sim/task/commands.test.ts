import { describe, expect, it } from "vitest";
import { gaitIndex } from "../../../gaits/library.js";
import { isStandstill } from "../../../sim/control/standstill.js";
import { Rng } from "../../../sim/rng.js";
import { CommandSampler, fullCurriculum } from "../../../sim/task/commands.js";
import { envConfig } from "../../support/envs.js";

const SAMPLES = 4000;
const RANGES = { vxMPerS: [-0.5, 1.5], vyMPerS: [0.2, 0.6], yawRateRadPerS: [-2, -1] } as const;
const NO_SHARES = { standShare: 0, fullSpeedShare: 0, straightShare: 0, noYawShare: 0 };

function draw(shares: Partial<typeof NO_SHARES>): number[][] {
  const { command } = envConfig({ command: { ...RANGES, ...shares } });
  const sampler = new CommandSampler(command, fullCurriculum());
  const rng = new Rng(5);
  const out = new Float32Array(6);
  const commands = Array.from({ length: SAMPLES }, () => {
    sampler.velocity(out, 1, gaitIndex("trot"), rng);
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

  it("are at full speed in their share, and spread evenly below", () => {
    const speeds = draw({ ...NO_SHARES, fullSpeedShare: 0.4 }).map(([vx]) => vx);
    // 4000 · .4 = 1600 ± 31 at 1.5 m/s; of the other 2400 each half of the range, 1 m/s wide, has 1200 ± 29.
    expect(Math.abs(speeds.filter((vx) => vx === 1.5).length - 1600)).toBeLessThan(4 * 31);
    expect(Math.abs(speeds.filter((vx) => vx < 0.5).length - 1200)).toBeLessThan(4 * 29);
    expect(Math.min(...speeds)).toBeGreaterThanOrEqual(-0.5);
  });

  it("always stand with a share of 1", () => {
    expect(shareOf(draw({ ...NO_SHARES, standShare: 1 }), (command) => command.every((part) => part === 0))).toBe(1);
  });
});

describe("gaits", () => {
  const config = envConfig({ command: { gaits: ["stand", "trot", "limp"], vxMPerS: [-2, 3] } }).command;
  const [STAND, TROT, LIMP] = ["stand", "trot", "limp"].map(gaitIndex);

  it("come up as often as their weights say", () => {
    const curriculum = fullCurriculum();
    curriculum.gaitWeight[TROT] = 0.5;
    const sampler = new CommandSampler(config, curriculum);
    const rng = new Rng(6);
    const gaits = Array.from({ length: 5000 }, () => sampler.gait(rng));
    // 2 of 5 stand, 1 trots, 2 limp; 5000 · 0.2 = 1000 ± 28.
    expect(Math.abs(gaits.filter((gait) => gait === TROT).length - 1000)).toBeLessThan(4 * 28);
    expect(new Set(gaits)).toEqual(new Set([STAND, TROT, LIMP]));
  });

  it("are asked for no more than they can do, and for a share of it early in the curriculum", () => {
    const fastest = (gait: number, share: number) => {
      const curriculum = fullCurriculum();
      curriculum.commandShare.fill(share);
      const sampler = new CommandSampler(config, curriculum);
      const rng = new Rng(7);
      const out = new Float32Array(3);
      const speeds = Array.from({ length: 2000 }, () => {
        sampler.velocity(out, 0, gait, rng);
        return out[0];
      });
      return [Math.min(...speeds), Math.max(...speeds)];
    };
    expect(fastest(TROT, 1)[0]).toBeCloseTo(-0.75, 1);
    expect(fastest(TROT, 1)[1]).toBeCloseTo(2, 1);
    expect(fastest(LIMP, 0.5)[1]).toBeCloseTo(0.3, 1);
    expect(fastest(STAND, 1)).toEqual([0, 0]);
  });
});

describe("a command to stand still", () => {
  it("has no velocity worth a step", () => {
    const row = Float32Array.of(9, 9, 9, 0, 0, 0, 0.019, -0.019, 0.019, 0, 0, 0.03, 0, -0.03, 0);
    expect([0, 3, 6, 9, 12].map((offset) => isStandstill(row, offset))).toEqual([false, true, true, false, false]);
  });
});

it("of a task's own are what its function writes, for the robot and gait that they are drawn for", () => {
  const { command } = envConfig({ command: RANGES });
  const own = new CommandSampler(command, fullCurriculum(), (out, gait, rng) => {
    out.set([gait === "amble" ? 0.5 : -1, 0, rng.integer(1)]);
  });
  const out = new Float32Array(6);
  own.velocity(out, 1, gaitIndex("amble"), new Rng(1));
  expect([...out]).toEqual([0, 0, 0, 0.5, 0, 0]);
});
