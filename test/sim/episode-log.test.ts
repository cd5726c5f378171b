import { describe, expect, it } from "vitest";
import { gaitIndex } from "../../gaits/library.js";
import { encodeContainer } from "../../sim/container.js";
import {
  decodeEpisode,
  EPISODE_COLUMNS,
  EPISODE_FRAME_SIZE,
  EpisodeRecorder,
  episodeColumn,
} from "../../sim/episode-log.js";
import { InputError } from "../../sim/errors.js";

const header = {
  robot: "a1",
  task: "walk",
  gait: "trot",
  controller: "policy",
  seed: 4,
  dtS: 0.02,
  terrain: { kind: "rough", level: 2, seed: 9 },
  fell: false,
  durationS: 6,
  metrics: { trackingError: 0.1 },
  label: "trot at 0.5 m/s",
} as const;

/** Frame whose values are 1000 * index + position within the frame. */
function numberedFrame(index: number): Float32Array {
  return Float32Array.from({ length: EPISODE_FRAME_SIZE }, (_, k) => 1000 * index + k);
}

function recorded(numFrames: number): EpisodeRecorder {
  const recorder = new EpisodeRecorder();
  for (let i = 0; i < numFrames; i++) recorder.append(numberedFrame(i));
  return recorder;
}

describe("episode columns", () => {
  it("stand one after the other", () => {
    // time 1, position 3, rotation 4, four joint columns of 12, command and two velocities of 3, two contacts of 4, feet 12,
    // gait and transition, probabilities of eight gaits, point and velocity of a push.
    expect(EPISODE_FRAME_SIZE).toBe(1 + 3 + 4 + 4 * 12 + 3 * 3 + 2 * 4 + 12 + 2 + 8 + 6);
    expect(episodeColumn("time")).toEqual({ offset: 0, size: 1 });
    expect(episodeColumn("baseRotation")).toEqual({ offset: 1 + 3, size: 4 });
    expect(episodeColumn("footTarget")).toEqual({ offset: EPISODE_FRAME_SIZE - 28, size: 12 });
  });
});

describe("episode log", () => {
  it("tells which gait ran in most frames", () => {
    const recorder = new EpisodeRecorder();
    for (const gait of ["stand", "stand", "bound", "trot", "bound", "bound"]) {
      const frame = new Float32Array(EPISODE_FRAME_SIZE);
      frame[episodeColumn("gait").offset] = gaitIndex(gait);
      recorder.append(frame);
    }
    expect(recorder.longestGait()).toBe("bound"); // 3 of 6 frames
  });

  it("knows the gait memory alone by its older word, too, and no others", () => {
    const frames = new Float32Array(0);
    const controllerOf = (controller: string) =>
      decodeEpisode(encodeContainer("episode", { ...header, controller, columns: EPISODE_COLUMNS }, { frames }), "old")
        .header.controller;
    expect(["zero-action", "gaitMemoryAlone", "policy"].map(controllerOf)).toEqual([
      ...["gaitMemoryAlone", "gaitMemoryAlone", "policy"],
    ]);
    expect(() => controllerOf("zeroAction")).toThrow(InputError);
  });

  it("gives back header and frames, also past the recorder's first capacity", () => {
    const log = decodeEpisode(recorded(300).encode(header), "x.episode");
    expect(log.header).toEqual({ ...header, columns: EPISODE_COLUMNS, gaits: [] });
    expect(log.numFrames).toBe(300);
    for (const index of [0, 255, 256, 299]) expect(log.frame(index)).toEqual(numberedFrame(index));
    const { offset } = log.column("jointTorque");
    expect(log.frame(2)[offset]).toBe(2000 + 1 + 3 + 4 + 12 + 12);
  });

  it("holds an episode without frames", () => {
    const log = decodeEpisode(new EpisodeRecorder().encode(header), "x.episode");
    expect(log.numFrames).toBe(0);
    expect(() => log.frame(0)).toThrow(RangeError);
  });

  it("keeps a metric that is not a number", () => {
    const bytes = recorded(1).encode({ ...header, metrics: { costOfTransport: Number.NaN } });
    expect(decodeEpisode(bytes, "x.episode").header.metrics.costOfTransport).toBeNaN();
  });

  it("refuses frames of another size", () => {
    expect(() => new EpisodeRecorder().append(new Float32Array(3))).toThrow(RangeError);
  });
});

describe("episode errors", () => {
  const columns = [{ name: "time", unit: "s", size: 2 }];

  it.each([
    ["another kind", encodeContainer("checkpoint", {}, {}), "x.episode is a checkpoint, expected an episode"],
    ["an empty header", encodeContainer("episode", {}, {}), "x.episode has a broken header: robot"],
    [
      "an unknown controller",
      encodeContainer("episode", { ...header, columns, controller: "cat" }, {}),
      "x.episode has a broken header: controller",
    ],
    ["no frames", encodeContainer("episode", { ...header, columns }, {}), "x.episode has no whole frames of 2 values"],
    [
      "half a frame",
      encodeContainer("episode", { ...header, columns }, { frames: new Float32Array(3) }),
      "x.episode has no whole frames of 2 values",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => decodeEpisode(bytes, "x.episode")).toThrow(InputError);
    expect(() => decodeEpisode(bytes, "x.episode")).toThrow(message);
  });

  it("a column that the file lacks", () => {
    const log = decodeEpisode(
      encodeContainer("episode", { ...header, columns }, { frames: new Float32Array(4) }),
      "x.episode",
    );
    expect(log.column("time")).toEqual({ offset: 0, size: 2 });
    expect(log.has("time")).toBe(true);
    expect(log.has("contact")).toBe(false);
    expect(() => log.column("contact")).toThrow("the episode has no column 'contact'");
  });
});
