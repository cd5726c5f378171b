import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { VecEnv } from "../../../sim/env.js";
import type { RobotBodies } from "../../../sim/physics/bodies.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { REWARD_TERMS } from "../../../sim/task/reward.js";
import { RewardScales } from "../../../sim/task/reward-scales.js";
import { createEnv, envConfig, obsRow } from "../../support/envs.js";
import { FLAT, model, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const ROBOTS = 4;
const VICTIM = 1;
const AT_STEP = 5;
const STEPS = 25;
/** Calf of the front right leg: the trunk is body 0, and each leg has three. */
const CALF = 6;

type Fault = (env: VecEnv, actions: Float32Array) => void;

/** Rapier's body of the robot that is to break down. */
function bodyOf(env: VecEnv, index: number): RobotBodies["bodies"][number] {
  const { robots } = env.physics as unknown as { readonly robots: readonly RobotBodies[] };
  return robots[VICTIM].bodies[index];
}

/** What breaks down, by the place that is to be named. */
const FAULTS: Readonly<Record<string, readonly (readonly [name: string, Fault])[]>> = {
  action: [["an action that is NaN", (_env, actions) => actions.fill(Number.NaN, 12 * VICTIM, 12 * VICTIM + 1)]],
  "physics body": [
    ["a trunk's velocity that is NaN", (env) => bodyOf(env, 0).setLinvel({ x: Number.NaN, y: 0, z: 0 }, true)],
    ["a calf's turning that is infinite", (env) => bodyOf(env, CALF).setAngvel({ x: Infinity, y: 0, z: 0 }, true)],
  ],
  "physics baseVelocity": [
    ["a trunk shot off", (env) => bodyOf(env, 0).setLinvel({ x: 1e5, y: 0, z: 0 }, true)],
    ["a calf that spins madly", (env) => bodyOf(env, CALF).setAngvel({ x: 0, y: 1e6, z: 0 }, true)],
  ],
  "observation friction": [
    ["a friction that is NaN", (env) => env.privileged.randomization.friction.fill(Number.NaN, VICTIM, VICTIM + 1)],
  ],
};

/** Steps with no actions, a fault in one of them; all that the robots did. */
function record(fault?: Fault) {
  // Nothing is drawn at random after the start but by a reset: the neighbours' lives do not depend on it.
  const env = createEnv(ROBOTS, { episodeS: 60, reward: { linearVelocity: 0, yawRate: 0 } });
  const actions = new Float32Array(NUM_JOINTS * ROBOTS);
  const rows: { obs: number[][]; reward: number[]; terminated: number[] }[] = [];
  for (let t = 0; t < STEPS; t++) {
    actions.fill(0);
    if (t === AT_STEP) fault?.(env, actions);
    env.step(actions);
    const obs = Array.from({ length: ROBOTS }, (_, robot) => obsRow(env.obs, robot));
    rows.push({ obs, reward: [...env.reward], terminated: [...env.terminated] });
  }
  const { state } = env.physics;
  const joints = [...rowOf(state.jointPosition, VICTIM, NUM_JOINTS)];
  const { first, places } = env.blowUps;
  const result = {
    rows,
    first: first && { ...first, place: places[first.place] },
    summary: env.statistics.summary(),
    ages: [...env.age],
    joints,
  };
  env.free();
  return result;
}

describe("a robot whose simulation breaks down", () => {
  let sound: ReturnType<typeof record>;
  beforeAll(() => {
    sound = record();
  });
  const cases = Object.entries(FAULTS).flatMap(([place, faults]) =>
    faults.map(([name, f]) => [name, place, f] as const),
  );

  it("is not found where there is none", () => {
    expect(sound.summary.blowUps).toBe(0);
    expect(sound.first).toBeUndefined();
  });

  it.each(cases)("%s: is placed anew, counted and named", (_name, place, fault) => {
    const { rows, first, summary, ages } = record(fault);
    expect(summary.blowUps).toBe(1);
    expect(first).toEqual({ robot: VICTIM, place });
    const { reward, terminated } = rows[AT_STEP];
    expect([reward[VICTIM], terminated[VICTIM]]).toEqual([0, 1]);
    expect(rows.map((row) => row.terminated[VICTIM]).reduce((a, b) => a + b)).toBe(1);
    // It has lived through the steps after the fault.
    expect(ages[VICTIM]).toBe(STEPS - AT_STEP - 1);
    for (const row of rows) expect(row.obs.flat().every(Number.isFinite)).toBe(true);
    for (const [name, value] of Object.entries(summary)) expect(value, name).toSatisfy(Number.isFinite);
  });

  it.each(cases)("%s: moves again, on its feet", (_name, _place, fault) => {
    const { joints } = record(fault);
    joints.forEach((angle, j) => {
      expect(Math.abs(angle - model.qDefaultRad[j])).toBeGreaterThan(0);
      expect(Math.abs(angle - model.qDefaultRad[j])).toBeLessThan(1);
    });
  });

  it.each(cases)("%s: leaves its neighbours as they are, to the last bit", (_name, _place, fault) => {
    const { rows } = record(fault);
    rows.forEach(({ obs, reward, terminated }, t) => {
      for (const robot of [0, 2, 3]) {
        expect(obs[robot]).toEqual(sound.rows[t].obs[robot]);
        expect(reward[robot]).toBe(sound.rows[t].reward[robot]);
        expect(terminated[robot]).toBe(0);
      }
    });
  });
});

describe("a reward that is not finite", () => {
  it("is named by its term, and not learned from", () => {
    // 1e307 times a torque's square, above 17: more than a double holds.
    const env = createEnv(2, { reward: { torque: 1e307 } });
    env.step(new Float32Array(NUM_JOINTS * 2));
    expect(env.blowUps.places[env.blowUps.first!.place]).toBe("reward torque");
    expect([...env.reward]).toEqual([0, 0]);
    expect(env.statistics.summary()).toMatchObject({ blowUps: 2, "reward/torque": 0 });
    env.free();
  });

  it("does not count towards the terms' running means", () => {
    const rewardScales = new RewardScales(REWARD_TERMS);
    const env = new VecEnv(model, envConfig({ reward: { energy: 1e307 } }), 2, FLAT, 1, { rewardScales });
    env.step(new Float32Array(NUM_JOINTS * 2));
    expect(rewardScales.sums[0]).toBe(2);
    const sums = [...rewardScales.sums];
    // Any energy is more than a double's worth of so small a mean.
    rewardScales.means[0] = 1e-6;
    env.step(new Float32Array(NUM_JOINTS * 2));
    expect(env.blowUps.places[env.blowUps.first!.place]).toBe("reward energy");
    expect([...rewardScales.sums]).toEqual(sums);
    env.free();
  });
});
