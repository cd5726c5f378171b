import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { addGaits, GAITS, gaitIndex, NUM_LIBRARY_GAITS } from "../../gaits/library.js";
import type { OwnGait } from "../../gaits/types.js";
import { decodeBundle } from "../../policy/bundle/bundle.js";
import { encodeContainer } from "../../sim/container.js";
import { VecEnv } from "../../sim/env.js";
import {
  decodeEpisode,
  EPISODE_COLUMNS,
  EPISODE_FRAME_SIZE,
  EpisodeRecorder,
  episodeColumn,
} from "../../sim/episode-log.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { envConfig } from "../support/envs.js";
import { FLAT, model } from "../support/world.js";

const TIPTOE: OwnGait = {
  id: "tiptoe",
  periodS: 0.6,
  dutyFactor: 0.7,
  phaseOffset: [0, 0.5, 0.75, 0.25],
  speedsMPerS: [-0.2, 0.5],
};
const OTHER: OwnGait = { ...TIPTOE, id: "other", periodS: 0.9 };
const pretrained = (name: string) =>
  readFileSync(new URL(`../../policy/pretrained/${name}.json`, import.meta.url), "utf8");

beforeAll(async () => {
  await loadPhysics();
  addGaits([TIPTOE]);
});

describe("a gait of a task's own", () => {
  it("stands behind the library's, and replaces an earlier one of its id", () => {
    expect(gaitIndex("tiptoe")).toBe(NUM_LIBRARY_GAITS);
    addGaits([{ ...TIPTOE, periodS: 0.8 }, TIPTOE]);
    expect(GAITS.filter(({ id }) => id === "tiptoe")).toMatchObject([TIPTOE]);
  });

  it.each(["trot", "locomotion", "gait-selection"])("leaves the policy %s as it is", (name) => {
    const { gaits } = decodeBundle(pretrained(name), name);
    expect(gaits.map(({ id }) => id)).toEqual(GAITS.slice(0, NUM_LIBRARY_GAITS).map(({ id }) => id));
  });

  it("is walked in, as long down and as often as it says, at its own speeds", () => {
    const env = new VecEnv(model, envConfig({ command: { gaits: ["tiptoe"], vxMPerS: [-2, 2] } }), 8, FLAT, 1);
    expect(env.control.gaitCommand).toEqual(new Uint8Array(8).fill(NUM_LIBRARY_GAITS));
    for (let robot = 0; robot < 8; robot++) {
      expect(env.control.command[3 * robot]).toBeGreaterThanOrEqual(-0.2);
      expect(env.control.command[3 * robot]).toBeLessThanOrEqual(0.5);
    }
    let down = 0;
    // Two strides of 0.6 s, of 30 steps each; the schedule of four legs.
    for (let step = 0; step < 60; step++) {
      env.step(new Float32Array(8 * 12));
      for (let leg = 0; leg < 4; leg++) down += env.control.gait.reference.contact[leg];
    }
    expect(down / 240).toBeCloseTo(0.7, 1);
    env.free();
  });

  it("is walked in as one of the same numbers that comes along", () => {
    const { periodS, dutyFactor, phaseOffset, speedsMPerS } = GAITS[gaitIndex("pronk")];
    addGaits([{ id: "own-pronk", periodS, dutyFactor, phaseOffset, speedsMPerS }]);
    // The pronk is one that bounces: its stance, its balance and its feed-forward differ from other gaits'.
    const [own, pronk] = ["own-pronk", "pronk"].map((gait) => {
      const env = new VecEnv(model, envConfig({ command: { gaits: [gait] } }), 2, FLAT, 1);
      for (let step = 0; step < 30; step++) env.step(new Float32Array(2 * 12));
      const targets = [...env.control.jointTarget];
      env.free();
      return targets;
    });
    expect(own).toEqual(pronk);
  });

  it("is known by its episodes, whatever its place was where they were recorded", () => {
    addGaits([OTHER]);
    const { offset } = episodeColumn("gait");
    const frames = new Float32Array(2 * EPISODE_FRAME_SIZE);
    frames[offset] = gaitIndex("trot");
    // There "other" came first.
    frames[EPISODE_FRAME_SIZE + offset] = NUM_LIBRARY_GAITS + 1;
    const header = {
      ...{ robot: "a1", task: "tiptoe", gait: "tiptoe", controller: "policy", seed: 1, dtS: 0.02, fell: false },
      ...{ terrain: { kind: "flat", level: 0, seed: 1 }, durationS: 0.04, metrics: {}, label: "x" },
      ...{ columns: EPISODE_COLUMNS, gaits: [OTHER, TIPTOE] },
    };
    const log = decodeEpisode(encodeContainer("episode", header, { frames }), "x.episode");
    expect(log.frame(0)[offset]).toBe(gaitIndex("trot"));
    expect(log.frame(1)[offset]).toBe(gaitIndex("tiptoe"));
  });

  it("is written into its episodes", () => {
    const bytes = new EpisodeRecorder().encode({
      ...{ robot: "a1", task: "tiptoe", gait: "tiptoe", controller: "policy", seed: 1, dtS: 0.02, fell: false },
      ...{ terrain: { kind: "flat", level: 0, seed: 1 }, durationS: 0, metrics: {}, label: "x" },
    });
    expect(decodeEpisode(bytes, "x.episode").header.gaits[0]).toEqual(TIPTOE);
  });

  it.each([
    [{ ...TIPTOE, id: "trot" }, /gaits\.trot: got a second gait of that id/],
    [{ ...TIPTOE, id: "Tip toe" }, /gaits\.Tip toe\.id: got "Tip toe", expected lower-case/],
    [{ ...TIPTOE, dutyFactor: 1.2 }, /gaits\.tiptoe\.dutyFactor: got 1\.2, expected more than 0, at most 1/],
    [{ ...TIPTOE, periodS: 0 }, /gaits\.tiptoe\.periodS: got 0, expected 0\.1\.\.3/],
    [{ ...TIPTOE, phaseOffset: [0, 1, 0, 0] }, /gaits\.tiptoe\.phaseOffset: got \[0,1,0,0\], expected four numbers/],
    [{ ...TIPTOE, speedsMPerS: [1, 0] }, /gaits\.tiptoe\.speedsMPerS: got \[1,0\], expected \[slowest, fastest\]/],
  ] as [OwnGait, RegExp][])("must be one: %o", (gait, message) => {
    expect(() => addGaits([gait])).toThrow(message);
  });
});

describe("a policy's own gaits", () => {
  it("come with its file", () => {
    const text = pretrained("trot");
    const bundle = JSON.parse(text);
    bundle.gaits.push({ ...TIPTOE, id: "from-file" });
    decodeBundle(JSON.stringify(bundle), "policy.json");
    expect(GAITS[gaitIndex("from-file")]).toMatchObject({ periodS: 0.6, dutyFactor: 0.7 });
  });

  it("must not be others than those that come along", () => {
    const bundle = JSON.parse(pretrained("trot"));
    bundle.gaits[3].periodS = 0.5;
    expect(() => decodeBundle(JSON.stringify(bundle), "policy.json")).toThrow(
      /policy\.json: gaits\.trot: got \{"periodS":0\.5,.*expected \{"periodS":0\.4,/,
    );
  });
});
