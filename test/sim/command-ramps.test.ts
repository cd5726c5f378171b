import { describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../gaits/types.js";
import { CommandRamps } from "../../sim/command-ramps.js";
import { loadPhysics } from "../../sim/physics.js";
import { createEnv } from "../support/envs.js";

describe("command ramps", () => {
  const command = new Float32Array(6);
  const draw = (vx: number, yawRate: number) => () => command.set([vx, 0, yawRate], 3);

  it("lead a robot's command evenly to the new one, and leave the others alone", () => {
    const ramps = new CommandRamps(2);
    command.set([9, 9, 9, 1, 0, -0.5]);
    ramps.lead(command, 1, draw(2, 0.5), 4);
    const seen = Array.from({ length: 4 }, () => {
      ramps.advance(command, 1);
      return [command[3], command[5]];
    });
    // From 1 to 2 m/s by 0.25 a step, from -0.5 to 0.5 rad/s as well.
    expect(seen).toEqual([
      [1.25, -0.25],
      [1.5, 0],
      [1.75, 0.25],
      [2, 0.5],
    ]);
    expect([...command.subarray(0, 3)]).toEqual([9, 9, 9]);
  });

  it("of no steps jump, and end a ramp that runs", () => {
    const ramps = new CommandRamps(2);
    ramps.lead(command, 1, draw(0, 0), 10);
    ramps.lead(command, 1, draw(1.5, 0), 0);
    ramps.advance(command, 1);
    expect(command[3]).toBe(1.5);
    ramps.lead(command, 1, draw(0.5, 0), 10);
    ramps.stop(1);
    ramps.advance(command, 1);
    expect(command[3]).toBe(1.5);
  });

  it("are the share of an environment's commands that the config says", async () => {
    await loadPhysics();
    const still = new Float32Array(NUM_JOINTS * 40);
    /** Of 40 robots' commands after the first, those that are not there at once. */
    const ramped = (rampShare: number): number => {
      const env = createEnv(40, { command: { resampleS: 0.1, rampShare } }, 5);
      env.age.fill(0);
      for (let step = 0; step < 6; step++) env.step(still);
      const at = env.control.command.slice();
      env.step(still);
      const moving = Array.from({ length: 40 }, (_, i) => env.control.command[3 * i] !== at[3 * i]);
      env.free();
      return moving.filter(Boolean).length;
    };
    expect(ramped(0)).toBe(0);
    expect(ramped(1)).toBe(40);
    const half = ramped(0.5);
    // 20 ± 3.2 of 40.
    expect(half).toBeGreaterThan(7);
    expect(half).toBeLessThan(33);
  });
});
