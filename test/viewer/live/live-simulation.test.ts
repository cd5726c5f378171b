import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gaitIndex } from "../../../gaits/library.js";
import { EPISODE_FRAME_SIZE, type EpisodeColumnName, episodeColumn } from "../../../sim/episode-log.js";
import type { TerrainSpec } from "../../../sim/terrain/height-field.js";
import { type LiveInput, type LiveOptions, LiveSimulation } from "../../../viewer/live/live-simulation.js";
import { freshBundle } from "../../support/fresh-bundle.js";

const FLAT: TerrainSpec = { kind: "flat", level: 0, seed: 1 };
const OPTIONS: LiveOptions = { bundle: freshBundle(), task: null, terrain: FLAT, seed: 3 };
const AT_REST: LiveInput = { command: [0, 0, 0], gait: gaitIndex("trot"), controller: "gaitMemoryAlone", pull: null };

/** A column of a frame counted from the last one: 0, -1, ... */
function read(frames: Float32Array, name: EpisodeColumnName, fromLast = 0): number[] {
  const { offset, size } = episodeColumn(name);
  const start = frames.length + (fromLast - 1) * EPISODE_FRAME_SIZE + offset;
  return [...frames.subarray(start, start + size)];
}

let simulation: LiveSimulation;

describe("live simulation", () => {
  beforeEach(async () => {
    simulation = await LiveSimulation.create(OPTIONS);
    simulation.advance(0, AT_REST, ["reset"]);
  });

  afterEach(() => simulation.free());

  it("gives a frame for each step, and one for a start", () => {
    const { frames, restarted } = simulation.advance(3, AT_REST);
    expect(frames.length).toBe(3 * EPISODE_FRAME_SIZE);
    expect(restarted).toBe(false);
    expect(read(frames, "time")[0]).toBeCloseTo(0.06, 6); // three steps of 0.02 s
    const again = simulation.advance(1, AT_REST, ["reset"]);
    expect(again.restarted).toBe(true);
    expect(read(again.frames, "time", -1)).toEqual([0]);
    expect(read(again.frames, "basePosition", -1).slice(0, 2)).toEqual([0, 0]);
    expect(again.frames.length).toBe(2 * EPISODE_FRAME_SIZE);
  });

  it("follows a command, which its frames tell", () => {
    const { frames, fell } = simulation.advance(250, { ...AT_REST, command: [0.5, 0, 0] });
    expect(fell).toBe(false);
    expect(read(frames, "command")).toEqual([0.5, 0, 0]);
    expect(read(frames, "basePosition")[0]).toBeGreaterThan(1); // 2.5 m in 5 s, less what the gait memory alone falls behind
  });

  it("changes the gait, by way of a transition", () => {
    const walking: LiveInput = { ...AT_REST, command: [0.4, 0, 0] };
    expect(read(simulation.advance(50, walking).frames, "gait")).toEqual([gaitIndex("trot")]);
    const { frames } = simulation.advance(100, { ...walking, gait: gaitIndex("amble") });
    expect(read(frames, "transition", -97)).toEqual([1]); // the third of these steps
    expect(read(frames, "transition")).toEqual([0]);
    expect(read(frames, "gait")).toEqual([gaitIndex("amble")]);
  });

  it("is pulled to where the pointer is", () => {
    const { frames, fell } = simulation.advance(100, { ...AT_REST, pull: { point: [0, 0, 0], target: [0, 0.6, 0.3] } });
    expect(fell).toBe(false);
    expect(read(frames, "basePosition")[1]).toBeGreaterThan(0.2);
  });

  it("is pushed at a hip", () => {
    const still = simulation.advance(1, AT_REST);
    const pushed = simulation.advance(1, AT_REST, ["push"]);
    const speed = ([x, y]: number[]) => Math.hypot(x, y);
    expect(speed(read(still.frames, "baseVelocity"))).toBeLessThan(0.15);
    expect(still.push).toBeNull();
    const { point, velocityChange } = pushed.push!;
    expect(speed([...velocityChange])).toBeCloseTo(0.8, 12);
    expect([Math.abs(point[0]), Math.abs(point[1])]).toEqual([0.183, 0.047]); // the A1's hips
    expect(speed(read(pushed.frames, "baseVelocity"))).toBeGreaterThan(0.3); // of 0.8 m/s, what is left after a step
  });

  it("has planks in its way", () => {
    expect(simulation.advance(1, AT_REST).planks.length).toBe(0);
    const { planks } = simulation.advance(100, AT_REST, ["planks"]);
    expect(planks.length).toBe(4 * 7);
    for (let i = 0; i < planks.length; i += 7) {
      expect(Math.hypot(planks[i], planks[i + 1])).toBeLessThan(2);
      expect(planks[i + 2]).toBeLessThan(0.2); // they have come down
    }
  });

  it("lies there when it has fallen, until the next start", async () => {
    const { bundle } = OPTIONS;
    // Without motors to speak of, it sinks to the ground.
    const limp = { ...bundle, robot: { ...bundle.robot, tuning: { kp: 0.01, kd: 0.01 } } };
    const other = await LiveSimulation.create({ ...OPTIONS, bundle: limp });
    other.advance(0, AT_REST, ["reset"]);
    expect(other.advance(100, AT_REST).fell).toBe(true);
    expect(other.advance(1, AT_REST).fell).toBe(true);
    expect(other.advance(0, AT_REST, ["reset"]).fell).toBe(false);
    other.free();
  });

  it("gives the same from the same options, however its steps are divided up", async () => {
    const input: LiveInput = { ...AT_REST, controller: "policy", command: [0.4, 0, 0.2] };
    const whole = simulation.advance(30, input).frames;
    const other = await LiveSimulation.create(OPTIONS);
    other.advance(0, AT_REST, ["reset"]);
    other.advance(17, input);
    const rest = other.advance(13, input).frames;
    expect(rest).toEqual(whole.slice(-13 * EPISODE_FRAME_SIZE));
    other.free();
  });

  it("walks as its policy says, or as the gait memory alone does", () => {
    const corrected = read(simulation.advance(20, { ...AT_REST, controller: "policy" }).frames, "jointTarget");
    simulation.advance(0, AT_REST, ["reset"]);
    const alone = read(simulation.advance(20, AT_REST).frames, "jointTarget");
    expect(alone).not.toEqual(corrected);
  });

  it("refuses ground that cannot be", async () => {
    const options = { ...OPTIONS, terrain: { kind: "rough", level: 7, seed: 1 } } as const;
    await expect(LiveSimulation.create(options)).rejects.toThrow(/terrain level: got 7, expected 0\.\.3/);
  });
});
