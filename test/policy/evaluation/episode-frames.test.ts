import { beforeAll, describe, expect, it } from "vitest";
import { gaitIndex } from "../../../gaits/library.js";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { FrameWriter } from "../../../policy/evaluation/episode-frames.js";
import type { VecEnv } from "../../../sim/env.js";
import { EPISODE_FRAME_SIZE, type EpisodeColumnName, episodeColumn } from "../../../sim/episode-log.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createEnv } from "../../support/envs.js";
import { rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const ROBOT = 1;

function read(frame: Float32Array, name: EpisodeColumnName): number[] {
  const { offset, size } = episodeColumn(name);
  return [...frame.subarray(offset, offset + size)];
}

describe("a frame", () => {
  let env: VecEnv;
  let frame: Float32Array;
  let before: { command: number[]; contact: number[]; footTarget: number[] };

  beforeAll(() => {
    // Commands change with every step, and a trot's schedule and feet within a few.
    env = createEnv(3, { command: { resampleS: 0.02 } });
    env.age.fill(0);
    const frames = new FrameWriter(env);
    for (let t = 0; t < 10; t++) {
      const { command, gait } = env.control;
      // Between gaits as different as these, a transition lasts for several steps.
      if (t === 8) gait.select(ROBOT, gaitIndex("pace"));
      before = {
        command: [...rowOf(command, ROBOT, 3)],
        contact: [...rowOf(gait.reference.contact, ROBOT, 4)],
        footTarget: [...rowOf(gait.reference.footTargetM, ROBOT, 12)],
      };
      frames.beforeStep();
      env.step(new Float32Array(3 * NUM_JOINTS).fill(0.1));
    }
    frame = frames.write(ROBOT, 0.2);
    return () => env.free();
  });

  it("holds the state after the step", () => {
    expect(frame.length).toBe(EPISODE_FRAME_SIZE);
    const { state } = env.physics;
    expect(read(frame, "time")[0]).toBeCloseTo(0.2, 6);
    for (const [name, values, width] of [
      ["basePosition", state.basePosition, 3],
      ["baseRotation", state.baseRotation, 4],
      ["jointPosition", state.jointPosition, 12],
      ["jointVelocity", state.jointVelocity, 12],
      ["jointTorque", state.jointTorque, 12],
      ["baseVelocity", state.baseVelocity, 3],
      ["baseAngularVelocity", state.baseAngularVelocity, 3],
      ["contact", state.footContact, 4],
      ["jointTarget", env.control.jointTarget, 12],
    ] as const) {
      expect(read(frame, name)).toEqual([...rowOf<Float32Array | Uint8Array>(values, ROBOT, width)]);
    }
  });

  it("holds what was commanded and scheduled during the step, not what is for the next one", () => {
    expect(read(frame, "command")).toEqual(before.command);
    expect(read(frame, "scheduledContact")).toEqual(before.contact);
    expect(read(frame, "footTarget")).toEqual(before.footTarget);
    expect(read(frame, "gait")).toEqual([gaitIndex("pace")]);
    expect(read(frame, "transition")).toEqual([1]);
    expect([...rowOf(env.control.command, ROBOT, 3)]).not.toEqual(before.command);
    expect([...rowOf(env.control.gait.reference.footTargetM, ROBOT, 12)]).not.toEqual(before.footTarget);
  });
});
