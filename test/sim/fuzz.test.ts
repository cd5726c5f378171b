/** Damaged URDFs and episode files: each is read, or refused in one clear line. */

import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../gaits/types.js";
import { VecEnv } from "../../sim/env.js";
import { decodeEpisode, EPISODE_FRAME_SIZE, EpisodeRecorder } from "../../sim/episode-log.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createRobotModel } from "../../sim/robot/model.js";
import { a1Tuning, a1Urdf } from "../support/a1.js";
import { envConfig } from "../support/envs.js";
import { Fuzzer, valueOrInputError } from "../support/fuzz.js";
import { FLAT } from "../support/world.js";

beforeAll(loadPhysics);

const CASES = 500;

describe("fuzzed URDFs and their tuning", () => {
  it("are refused in one line, or make robots that can be simulated", () => {
    const fuzzer = new Fuzzer(1);
    let made = 0;
    for (let i = 0; i < CASES; i++) {
      const urdf = i % 4 === 0 ? a1Urdf : fuzzer.text(a1Urdf);
      const tuning = i % 4 === 0 ? fuzzer.tree(a1Tuning) : a1Tuning;
      const model = valueOrInputError(() => createRobotModel({ urdf, tuning }, "fuzzed.urdf"));
      if (!model) continue;
      made++;
      const env = new VecEnv(model, envConfig(), 1, FLAT, i);
      for (let t = 0; t < 3; t++) env.step(new Float32Array(NUM_JOINTS));
      expect(env.obs.every(Number.isFinite)).toBe(true);
      env.free();
    }
    expect(made).toBeGreaterThan(CASES / 10);
    expect(made).toBeLessThan((CASES * 9) / 10);
  });
});

describe("fuzzed episode files", () => {
  const recorder = new EpisodeRecorder();
  for (let t = 0; t < 20; t++) recorder.append(new Float32Array(EPISODE_FRAME_SIZE).fill(t));
  const good = recorder.encode({
    ...{ robot: "a1", task: "trot", gait: "trot", controller: "policy", seed: 1, dtS: 0.02, label: "x" },
    ...{ terrain: { kind: "flat", level: 0, seed: 1 }, fell: false, durationS: 0.4, metrics: { speed: 1 } },
  });

  it("are refused in one line, or read as whole frames", () => {
    const fuzzer = new Fuzzer(2);
    let read = 0;
    for (let i = 0; i < CASES; i++) {
      const bytes = i % 2 === 0 ? fuzzer.bytes(good) : fuzzer.container(good);
      const log = valueOrInputError(() => decodeEpisode(bytes, "fuzzed.episode"));
      if (!log) continue;
      read++;
      expect(Number.isInteger(log.numFrames)).toBe(true);
      for (let t = 0; t < log.numFrames; t++) log.frame(t);
    }
    expect(read).toBeLessThan(CASES / 2);
  });
});
