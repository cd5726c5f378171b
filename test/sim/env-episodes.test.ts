import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../gaits/types.js";
import { VecEnv } from "../../sim/env.js";
import type { Quat, Vec3 } from "../../sim/math.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { Rng } from "../../sim/rng.js";
import { TerrainCurriculum } from "../../sim/task/terrain-curriculum.js";
import { createTerrain } from "../../sim/terrain/create.js";
import { MIXED_ROWS } from "../../sim/terrain/tiles.js";
import { createEnv, type EnvOverrides, envConfig, obsRow, readSlice, sliceOf } from "../support/envs.js";
import { LEVEL, model, rowOf } from "../support/world.js";

beforeAll(loadPhysics);

const ON_ITS_BACK: Quat = [1, 0, 0, 0];

/** Puts a robot of the environment somewhere, in its default pose. */
function put(env: VecEnv, robot: number, position: Vec3, rotation: Quat): void {
  env.physics.place(robot, { position, rotation, joints: model.qDefaultRad });
}

function rolledBy(degrees: number): Quat {
  const half = (degrees * Math.PI) / 360;
  return [Math.sin(half), 0, 0, Math.cos(half)];
}

/** Everything that a learner sees of some steps with random actions of this size. */
function record(numEnvs: number, steps: number, size: number, seed: number, overrides: EnvOverrides = {}) {
  const env = createEnv(numEnvs, overrides, seed);
  const rng = new Rng(99);
  const actions = new Float32Array(NUM_JOINTS * numEnvs);
  const seen: { obs: number[]; reward: number[]; terminated: number[]; truncated: number[] }[] = [];
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < actions.length; i++) actions[i] = size * rng.normal();
    env.step(actions);
    const { obs, reward, terminated, truncated } = env;
    seen.push({ obs: [...obs], reward: [...reward], terminated: [...terminated], truncated: [...truncated] });
  }
  env.free();
  return seen;
}

describe("the same seed and actions", () => {
  const overrides: EnvOverrides = {
    episodeS: 0.6,
    command: { resampleS: 0.2 },
    randomization: { pushMPerS: 1, pushIntervalS: 0.3 },
  };

  it("give the same observations, rewards and ends of episodes, to the last bit", () => {
    const first = record(5, 50, 2, 7, overrides);
    expect(record(5, 50, 2, 7, overrides)).toEqual(first);
  });

  it("differ from another seed's from the first observation on", () => {
    const [a, b] = [createEnv(2, {}, 7), createEnv(2, {}, 8)];
    for (const name of ["jointPosition", "command", "legPhase"]) {
      expect(readSlice(a.obs, 0, name)).not.toEqual(readSlice(b.obs, 0, name));
      expect(readSlice(a.obs, 0, name)).not.toEqual(readSlice(a.obs, 1, name));
    }
    a.free();
    b.free();
  });
});

describe("the end of an episode", () => {
  it("is a termination or a truncation, never both, and both occur", () => {
    const seen = record(8, 80, 3, 3, { episodeS: 0.5 });
    const falls = seen.flatMap(({ terminated }) => terminated);
    const timeouts = seen.flatMap(({ truncated }) => truncated);
    expect(falls.some((flag, i) => flag === 1 && timeouts[i] === 1)).toBe(false);
    expect(falls).toContain(1);
    expect(timeouts).toContain(1);
  });

  it("comes by time exactly when the episode is over, for robots that stand", () => {
    const env = createEnv(3, { episodeS: 0.2, command: { gaits: ["stand"] } });
    env.age.set([0, 3, 0]);
    const truncated: number[][] = [];
    for (let t = 0; t < 20; t++) {
      env.step(new Float32Array(NUM_JOINTS * 3));
      expect([...env.terminated]).toEqual([0, 0, 0]);
      truncated.push([...env.truncated]);
    }
    env.free();
    // 0.2 s / 0.02 s = 10 steps: the 10th and 20th, or the 7th and 17th of the robot that was 3 steps old.
    const whenOf = (robot: number) => truncated.flatMap((row, t) => (row[robot] === 1 ? [t + 1] : []));
    expect([whenOf(0), whenOf(1), whenOf(2)]).toEqual([
      [10, 20],
      [7, 17],
      [10, 20],
    ]);
  });

  it("comes as a fall for a robot on its back, which stands again at once; the others go on", () => {
    const env = createEnv(3);
    env.age.fill(5);
    put(env, 1, [0, 0, 0.05], ON_ITS_BACK); // its back on the ground
    env.step(new Float32Array(NUM_JOINTS * 3));
    expect([...env.terminated]).toEqual([0, 1, 0]);
    expect([...env.truncated]).toEqual([0, 0, 0]);
    expect([...env.age]).toEqual([6, 0, 6]);
    const { projectedGravity, basePosition, footContact, shellContact } = env.physics.state;
    expect(projectedGravity[5]).toBeCloseTo(-1, 5);
    expect(basePosition[5]).toBeGreaterThan(0.9 * model.nominalHeightM);
    expect([...rowOf(footContact, 1, 4), shellContact[1]]).toEqual([0, 0, 0, 0, 0]);
    expect([...rowOf(env.control.action, 1, NUM_JOINTS)].every((a) => a === 0)).toBe(true);
    env.free();
  });

  it("comes as a fall for a robot that tips over in the air, before anything touches the ground", () => {
    const env = createEnv(2);
    env.age.fill(0);
    put(env, 0, [0, 0, 3], rolledBy(100));
    put(env, 1, [0, 0, 3], rolledBy(25));
    env.step(new Float32Array(NUM_JOINTS * 2));
    expect([...env.terminated]).toEqual([1, 0]);
    env.free();
  });

  it("counts a fall in the last step as a fall", () => {
    const env = createEnv(2, { episodeS: 0.4 });
    env.age.fill(19); // of 20 steps
    put(env, 0, [0, 0, 0.1], ON_ITS_BACK);
    put(env, 1, [0, 0, 3], LEVEL);
    env.step(new Float32Array(NUM_JOINTS * 2));
    expect([...env.terminated]).toEqual([1, 0]);
    expect([...env.truncated]).toEqual([0, 1]);
    env.free();
  });
});

describe("the final observation", () => {
  it("is the one that a longer episode would have gone on from, while the robot's own is fresh", () => {
    // Both draw the same random numbers up to the time when one of them runs out.
    const [short, long] = [createEnv(3, { episodeS: 0.2 }, 5), createEnv(3, { episodeS: 60 }, 5)];
    const actions = Float32Array.from({ length: 3 * NUM_JOINTS }, (_, i) => Math.sin(i));
    for (const env of [short, long]) env.age.fill(0);
    for (let t = 0; t < 10; t++) {
      short.step(actions);
      long.step(actions);
    }
    expect([...short.truncated]).toEqual([1, 1, 1]);
    expect([...long.truncated]).toEqual([0, 0, 0]);
    expect([...short.finalObs]).toEqual([...long.obs]);
    for (let robot = 0; robot < 3; robot++) expect(obsRow(short.obs, robot)).not.toEqual(obsRow(long.obs, robot));
    // The fresh one knows of no action and no contact yet.
    expect(readSlice(short.obs, 0, "lastAction").every((a) => a === 0)).toBe(true);
    expect(readSlice(short.finalObs, 0, "lastAction").some((a) => a !== 0)).toBe(true);
    short.free();
    long.free();
  });

  it("shows the fall, upside down", () => {
    const env = createEnv(1);
    put(env, 0, [0, 0, 0.1], ON_ITS_BACK);
    env.step(new Float32Array(NUM_JOINTS));
    const { scale } = sliceOf("projectedGravity");
    expect(readSlice(env.finalObs, 0, "projectedGravity")[2]).toBeGreaterThan(0.9 * scale);
    expect(readSlice(env.obs, 0, "projectedGravity")[2]).toBeCloseTo(-scale, 5);
    env.free();
  });
});

describe("the end of the ground", () => {
  it("ends an episode as time does, and starts the next one where there is ground", () => {
    const terrain = createTerrain({ kind: "rough", level: 0.1, seed: 1 });
    const env = createEnv(2, {}, 1, terrain);
    const z = model.nominalHeightM;
    // The edge is at 20 m; robots are taken back 0.6 m before it.
    put(env, 0, [-19.5, 0, z], LEVEL);
    put(env, 1, [0, 19.3, z], LEVEL);
    env.step(new Float32Array(2 * NUM_JOINTS));
    expect([...env.truncated]).toEqual([1, 0]);
    expect([...env.terminated]).toEqual([0, 0]);
    expect(Math.abs(env.physics.state.basePosition[0])).toBeLessThan(4);
    env.free();
  });
});

describe("a terrain curriculum", () => {
  it("has robots start on its tiles, and moves them on as they fall", () => {
    const terrain = createTerrain({ kind: "mixed", level: 2, seed: 1, curriculum: true });
    const curriculum = new TerrainCurriculum(terrain.tiles, MIXED_ROWS, 2, 0.02);
    curriculum.rows.set([8, 3]);
    const env = new VecEnv(model, envConfig(), 2, terrain, 1, { terrainCurriculum: curriculum });
    env.age.fill(0);
    const rowOfRobot = (robot: number) => Math.round(env.physics.state.basePosition[3 * robot] / 8) + 4;
    expect([rowOfRobot(0), rowOfRobot(1)]).toEqual([8, 3]);
    put(env, 0, [0, 0, 1], ON_ITS_BACK);
    env.step(new Float32Array(2 * NUM_JOINTS));
    expect([...env.terminated]).toEqual([1, 0]);
    expect([rowOfRobot(0), rowOfRobot(1)]).toEqual([7, 3]);
    env.free();
  });
});

it("takes velocity commands from a task's own function", () => {
  const velocityCommand = (out: Float32Array) => out.set([0.375, -0.125, 0.5]);
  const env = new VecEnv(model, envConfig(), 2, createTerrain({ kind: "flat", level: 0, seed: 1 }), 1, {
    velocityCommand,
  });
  expect([...env.control.command]).toEqual([0.375, -0.125, 0.5, 0.375, -0.125, 0.5]);
  env.free();
});
