import { describe, expect, it } from "vitest";
import { encodeContainer } from "../../../sim/container.js";
import { decodeEpisode, type EpisodeLog } from "../../../sim/episode-log.js";
import { landingS, neighbourEvent, replayEvents } from "../../../viewer/recording/events.js";
import { gaitSpans } from "../../../viewer/recording/gait-spans.js";
import { encodeWalk, type SyntheticEpisode } from "../../support/synthetic-run.js";

const WALK: SyntheticEpisode = {
  label: "walk",
  gait: "trot",
  terrain: { kind: "flat", level: 0, seed: 1 },
  controller: "policy",
  numFrames: 101,
  speedMPerS: 0.5,
};

function record(changes: Partial<SyntheticEpisode>): EpisodeLog {
  return decodeEpisode(encodeWalk({ ...WALK, ...changes }), "walk.episode");
}

/** Trot for a second, then a bound. */
const SWITCH = { switchTo: { gait: "bound", frame: 50 } };

describe("gait spans", () => {
  it("are one where one gait runs", () => {
    // 101 frames of 0.02 s
    expect(gaitSpans(record({}))).toEqual([{ fromS: 0, toS: 2.02, gait: "trot", transition: false }]);
  });

  it("are the gait, the transition and the next gait", () => {
    const [trot, transition, bound, ...more] = gaitSpans(record(SWITCH));
    expect(more).toEqual([]);
    expect(trot).toEqual({ fromS: 0, toS: 1, gait: "trot", transition: false });
    expect(transition).toMatchObject({ fromS: 1, gait: "bound", transition: true });
    expect(bound).toEqual({ fromS: transition.toS, toS: 2.02, gait: "bound", transition: false });
    expect(transition.toS).toBeGreaterThan(1.02);
    expect(transition.toS).toBeLessThan(1.4); // a mean stride of 0.4 s, sped up twice or more
  });

  it("are the header's gait in a recording that does not hold them", () => {
    const { columns: _, ...header } = record({}).header;
    const columns = [{ name: "time", unit: "s", size: 1 }];
    const bytes = encodeContainer("episode", { ...header, columns }, { frames: new Float32Array(10) });
    expect(gaitSpans(decodeEpisode(bytes, "old.episode"))).toEqual([
      { fromS: 0, toS: 0.2, gait: "trot", transition: false },
    ]);
  });
});

describe("events", () => {
  it("are none in an episode of one gait without a fall", () => {
    expect(replayEvents(record({}))).toEqual([]);
  });

  it("are gait switches and the fall", () => {
    expect(replayEvents(record({ ...SWITCH, fell: true }))).toEqual([
      { kind: "gait", timeS: 1, label: "trot to bound" },
      { kind: "fall", timeS: 2, label: "Fall" }, // the last of 101 frames
    ]);
  });

  it("are reached half a second early, one after the other", () => {
    const events = replayEvents(record({ ...SWITCH, fell: true }));
    const [gait, fall] = events;
    expect(landingS(gait)).toBeCloseTo(0.5, 12);
    expect(neighbourEvent(events, 0, 1)).toBe(gait);
    expect(neighbourEvent(events, 0.5, 1)).toBe(fall); // having landed at the first
    expect(neighbourEvent(events, 1.5, 1)).toBeUndefined();
    expect(neighbourEvent(events, 1.5, -1)).toBe(gait);
    expect(neighbourEvent(events, 0.5, -1)).toBeUndefined();
    expect(landingS({ kind: "fall", timeS: 0.2, label: "Fall" })).toBe(0);
  });
});
