import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../gaits/types.js";
import type { VecEnv } from "../../sim/env.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createTerrain } from "../../sim/terrain/create.js";
import { heightAt } from "../../sim/terrain/height-field.js";
import { createEnv, readSlice, sliceOf } from "../support/envs.js";
import { model, rowOf } from "../support/world.js";

beforeAll(loadPhysics);

/** Zero actions. */
function walk(env: VecEnv, steps: number): void {
  const actions = new Float32Array(NUM_JOINTS * env.numEnvs);
  for (let t = 0; t < steps; t++) env.step(actions);
}

describe("ages at the start", () => {
  it("are spread over the whole episode, so that not all end at once", () => {
    const env = createEnv(60, { episodeS: 2 });
    const ages = [...env.age];
    env.free();
    for (const age of ages) expect(age >= 0 && age < 100).toBe(true);
    // 60 draws of 100 ages: 45 different ones are expected; an even mean is 49.5 ± 28.9 / √60 = 3.7.
    expect(new Set(ages).size).toBeGreaterThan(30);
    expect(Math.abs(ages.reduce((a, b) => a + b) / 60 - 49.5)).toBeLessThan(4 * 3.7);
  });
});

describe("commands", () => {
  it("are drawn anew after each interval of a robot's own age, and hold in between", () => {
    const env = createEnv(2, { command: { resampleS: 0.1 } });
    env.age.set([0, 2]);
    const history: number[][] = [[...env.control.command]];
    for (let t = 1; t <= 11; t++) {
      walk(env, 1);
      history.push([...env.control.command]);
    }
    const changes = (robot: number) =>
      history.flatMap((row, t) => (t > 0 && row[3 * robot] !== history[t - 1][3 * robot] ? [t] : []));
    // Every 5 steps of age; the second robot was 2 steps old.
    expect(changes(0)).toEqual([5, 10]);
    expect(changes(1)).toEqual([3, 8]);
    // What the policy acts on next holds the new command already.
    const { scale } = sliceOf("command");
    walk(env, 2); // steps 12 and 13: the second robot's age is 15
    readSlice(env.obs, 1, "command").forEach((value, k) => {
      expect(value).toBeCloseTo(scale * env.control.command[3 + k], 5);
    });
    expect(env.control.command[3]).not.toBe(history[11][3]);
    env.free();
  });
});

describe("pushes", () => {
  it("come after each interval, and not where they are switched off", () => {
    const [calm, pushed] = [0, 1].map((pushMPerS) => {
      return createEnv(1, { command: { gaits: ["stand"] }, randomization: { pushMPerS, pushIntervalS: 0.1 } });
    });
    calm.age.fill(0);
    pushed.age.fill(0);
    for (let t = 1; t <= 6; t++) {
      walk(calm, 1);
      walk(pushed, 1);
      const same = calm.physics.state.baseVelocity.every((v, k) => v === pushed.physics.state.baseVelocity[k]);
      // The push after the 5th step shows in the 6th.
      expect(same).toBe(t <= 5);
    }
    calm.free();
    pushed.free();
  });
});

describe("the start of an episode", () => {
  it("draws place, heading, pose, velocity and friction within their ranges, different for each robot", () => {
    const env = createEnv(40, {
      randomization: { friction: [0.6, 0.9], startJointRad: 0.15, startVelocityMPerS: 0.3 },
    });
    const { state } = env.physics;
    const range = (values: ArrayLike<number>) => [Math.min(...Array.from(values)), Math.max(...Array.from(values))];
    const robots = Array.from({ length: 40 }, (_, robot) => robot);

    const [lowestFriction, highestFriction] = range(env.privileged.randomization.friction);
    expect(lowestFriction).toBeGreaterThanOrEqual(0.6);
    expect(highestFriction).toBeLessThanOrEqual(0.9 + 1e-6);
    expect(highestFriction - lowestFriction).toBeGreaterThan(0.2);

    const offsets = robots.flatMap((robot) =>
      [...rowOf(state.jointPosition, robot, NUM_JOINTS)].map((q, j) => q - model.qDefaultRad[j]),
    );
    const [low, high] = range(offsets);
    expect(low).toBeGreaterThanOrEqual(-0.15 - 1e-5);
    expect(high).toBeLessThanOrEqual(0.15 + 1e-5);
    expect(high - low).toBeGreaterThan(0.27);

    // Headings: x axis of the base in the world, all around.
    const headings = robots.map(
      (robot) => 2 * Math.atan2(state.baseRotation[4 * robot + 2], state.baseRotation[4 * robot + 3]),
    );
    expect(headings.some((yaw) => Math.cos(yaw) > 0.7) && headings.some((yaw) => Math.cos(yaw) < -0.7)).toBe(true);
    expect(new Set(robots.map((robot) => state.basePosition[3 * robot])).size).toBe(40);

    const speeds = robots.map((robot) => Math.hypot(...rowOf(state.baseVelocity, robot, 3)));
    // At most 0.3 m/s along either axis.
    expect(Math.max(...speeds)).toBeLessThanOrEqual(0.3 * Math.SQRT2 + 1e-5);
    expect(Math.max(...speeds)).toBeGreaterThan(0.15);
    env.free();
  });

  it("slides as far as its friction says: the one that the critic is told", () => {
    const env = createEnv(2, { randomization: { friction: [0.7, 0.7] } });
    const { scale } = sliceOf("friction");
    expect(readSlice(env.obs, 1, "friction")[0]).toBeCloseTo(0.7 * scale, 5);
    env.free();
  });

  it("is on the robot's feet above rough ground, which they touch first", () => {
    const terrain = createTerrain({ kind: "rough", level: 3, seed: 5 });
    const env = createEnv(12, { command: { gaits: ["stand"] }, randomization: { startVelocityMPerS: 0 } }, 1, terrain);
    env.age.fill(0);
    const { basePosition, footContact, shellContact } = env.physics.state;
    expect([...footContact, ...shellContact].every((touches) => touches === 0)).toBe(true);
    for (let robot = 0; robot < 12; robot++) {
      const [x, y, z] = rowOf(basePosition, robot, 3);
      const aboveM = z - heightAt(terrain, x, y);
      // The base stands above the mean of the ground under its feet; between them, it is higher or lower by some σ = 27 mm.
      expect(Math.abs(aboveM - model.nominalHeightM)).toBeLessThan(0.08);
      expect(env.privileged.baseHeight[robot]).toBeCloseTo(aboveM, 5);
    }
    const touched = new Uint8Array(12);
    for (let t = 0; t < 6; t++) {
      walk(env, 1);
      expect([...env.terminated]).toEqual(new Array(12).fill(0));
      footContact.forEach((touches, i) => {
        touched[Math.floor(i / 4)] |= touches;
      });
    }
    expect([...touched]).toEqual(new Array(12).fill(1));
    env.free();
  });
});
