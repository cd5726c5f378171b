import { describe, expect, it } from "vitest";
import {
  decodeEpisode,
  EPISODE_FRAME_SIZE,
  type EpisodeLog,
  EpisodeRecorder,
  episodeColumn,
} from "../../../sim/episode-log.js";
import { formatDeepLink, linkTo, parseDeepLink } from "../../../viewer/page/deep-link.js";
import { ReplayClock } from "../../../viewer/recording/clock.js";
import { createPose, interpolatePose } from "../../../viewer/scene/pose.js";

describe("replay clock", () => {
  it("runs at its speed and stops at the end", () => {
    const clock = new ReplayClock(101, 0.02);
    expect(clock.durationS).toBeCloseTo(2, 12); // 100 steps of 0.02 s between 101 frames
    clock.advance(1);
    expect(clock.timeS).toBe(0); // not playing
    clock.play();
    clock.advance(0.5);
    expect(clock.timeS).toBeCloseTo(0.5, 12);
    clock.setSpeed(0.125);
    clock.advance(0.8);
    expect(clock.timeS).toBeCloseTo(0.6, 12); // 0.5 + 0.8 / 8
    clock.setSpeed(4);
    clock.advance(1);
    expect(clock.timeS).toBe(clock.durationS); // 0.6 + 4 is past the end
    expect(clock.playing).toBe(false);
  });

  it("runs on in a loop", () => {
    const clock = new ReplayClock(11, 0.1, true);
    clock.play();
    clock.advance(1.5); // past the end at 1 s
    expect(clock.timeS).toBe(0);
    expect(clock.playing).toBe(true);
  });

  it("takes another length, and stays within it", () => {
    const clock = new ReplayClock(11, 0.1);
    clock.setLength(21);
    clock.seek(1.5);
    expect(clock.timeS).toBe(1.5);
    clock.setLength(6); // 5 steps of 0.1 s
    expect(clock.timeS).toBeCloseTo(0.5, 12);
  });

  it("plays again from the start after the end", () => {
    const clock = new ReplayClock(11, 0.1);
    clock.seek(1);
    clock.toggle();
    expect(clock.playing).toBe(true);
    expect(clock.timeS).toBe(0);
    clock.toggle();
    expect(clock.playing).toBe(false);
  });

  it("keeps within the episode when it jumps", () => {
    const clock = new ReplayClock(11, 0.1);
    clock.seek(-3);
    expect(clock.timeS).toBe(0);
    clock.seek(99);
    expect(clock.timeS).toBe(1);
    clock.seek(Number.NaN);
    expect(clock.timeS).toBe(0);
  });

  it("steps from the nearest frame, and pauses", () => {
    const clock = new ReplayClock(11, 0.1);
    clock.play();
    clock.seek(0.34); // nearest frame: 3
    clock.stepFrames(1);
    expect(clock.timeS).toBeCloseTo(0.4, 12);
    expect(clock.playing).toBe(false);
    clock.stepFrames(-2);
    expect(clock.timeS).toBeCloseTo(0.2, 12);
    clock.stepFrames(-5);
    expect(clock.timeS).toBe(0);
  });

  it("does not play a single frame", () => {
    const clock = new ReplayClock(1, 0.1);
    clock.play();
    expect(clock.playing).toBe(false);
  });
});

const QUARTER_TURN = Math.SQRT1_2; // sin 45° = cos 45°: the quaternion of a turn by 90°

/** Two frames 0.1 s apart: the base moves by (1, 2, -1) and turns by 90° about z, joint 5 goes from 0.2 to 0.6. */
function twoFrames(sign: 1 | -1): EpisodeLog {
  const recorder = new EpisodeRecorder();
  const frame = new Float32Array(EPISODE_FRAME_SIZE);
  const rotation = episodeColumn("baseRotation").offset;
  const joint = episodeColumn("jointPosition").offset + 5;
  frame.set([0, 0, 0, 1], rotation);
  frame[joint] = 0.2;
  recorder.append(frame);
  frame.set([1, 2, -1], episodeColumn("basePosition").offset);
  frame.set([0, 0, sign * QUARTER_TURN, sign * QUARTER_TURN], rotation);
  frame[joint] = 0.6;
  recorder.append(frame);
  const bytes = recorder.encode({
    robot: "a1",
    task: "walk",
    gait: "trot",
    controller: "policy",
    seed: 0,
    dtS: 0.1,
    terrain: { kind: "flat", level: 0, seed: 0 },
    fell: false,
    durationS: 0.2,
    metrics: {},
    label: "two frames",
  });
  return decodeEpisode(bytes, "two.episode");
}

describe("interpolated pose", () => {
  it.each([1, -1] as const)("is between its frames, whatever the quaternion's sign (%i)", (sign) => {
    const pose = createPose();
    interpolatePose(pose, twoFrames(sign), 0.025); // a quarter of the way
    expect(pose.basePosition[0]).toBeCloseTo(0.25, 6);
    expect(pose.basePosition[1]).toBeCloseTo(0.5, 6);
    expect(pose.basePosition[2]).toBeCloseTo(-0.25, 6);
    expect(pose.jointPosition[5]).toBeCloseTo(0.3, 6); // 0.2 + 0.4 / 4
    // A quarter of 90° is 22.5°: (sin 11.25°, cos 11.25°) = (0.195090, 0.980785)
    expect(pose.baseRotation[2]).toBeCloseTo(0.19509, 5);
    expect(pose.baseRotation[3]).toBeCloseTo(0.980785, 5);
    expect(pose.baseRotation[0]).toBe(0);
  });

  it("holds the first and the last frame outside of them", () => {
    const pose = createPose();
    interpolatePose(pose, twoFrames(1), -1);
    expect([...pose.basePosition]).toEqual([0, 0, 0]);
    interpolatePose(pose, twoFrames(1), 7);
    expect([...pose.basePosition]).toEqual([1, 2, -1]);
    expect(pose.baseRotation[2]).toBeCloseTo(QUARTER_TURN, 6);
  });

  it("gives equal rotations back", () => {
    const log = twoFrames(1);
    const pose = createPose();
    log.frame(1).set([0, 0, 0, 1], log.column("baseRotation").offset);
    interpolatePose(pose, log, 0.05);
    expect([...pose.baseRotation]).toEqual([0, 0, 0, 1]);
  });
});

describe("deep link", () => {
  it("survives being written and read", () => {
    const compare = { run: "other", episode: "rough-1" };
    const hash = formatDeepLink(linkTo({ run: "a run & more", episode: "rough-1", timeS: 1.23456, compare }));
    expect(hash).toBe("#run=a+run+%26+more&episode=rough-1&compare=other/rough-1&t=1.23");
    expect(parseDeepLink(hash)).toEqual({
      run: "a run & more",
      episode: "rough-1",
      timeS: 1.23,
      compare,
      view: null,
    });
  });

  it("may leave everything out", () => {
    expect(parseDeepLink("")).toEqual({ run: null, episode: null, timeS: null, compare: null, view: null });
    expect(parseDeepLink("#t=soon").timeS).toBeNull();
  });

  it("takes what it does not know for nothing", () => {
    for (const compare of ["rough-1", "run/", "a/b/c"]) expect(parseDeepLink(`#compare=${compare}`).compare).toBeNull();
    expect(parseDeepLink("#view=training").view).toBe("training");
    expect(parseDeepLink("#view=cinema").view).toBeNull();
  });
});
