import { describe, expect, it } from "vitest";
import { EPISODE_FRAME_SIZE, type EpisodeColumnName, episodeColumn } from "../../../sim/episode-log.js";
import { LiveLog } from "../../../viewer/live/live-log.js";
import { liveSignals } from "../../../viewer/live/live-signals.js";
import { modelOf } from "../../support/a1.js";

const DT_S = 0.02;
const model = modelOf();

/** A log whose motors give this share of their torque, backwards, from a frame on. */
function logOf(numFrames: number, share: number, fromFrame: number): LiveLog {
  const log = new LiveLog({ dtS: DT_S });
  for (let i = 0; i < numFrames; i++) {
    const frame = new Float32Array(EPISODE_FRAME_SIZE);
    const set = (name: EpisodeColumnName, values: readonly number[]) => frame.set(values, episodeColumn(name).offset);
    set("command", [i, 0, 0]);
    set("baseVelocity", [i / 2, 0, 0]);
    if (i >= fromFrame)
      set(
        "jointTorque",
        [...model.torqueMaxNm].map((most) => -share * most),
      );
    log.append(frame);
  }
  return log;
}

describe("what live mode's charts show", () => {
  it("is the velocity beside the command, frame by frame", () => {
    const [velocity] = liveSignals(logOf(10, 0, 0), model, 7, 9);
    expect(velocity.measured).toEqual([3.5, 4, 4.5]);
    expect(velocity.wanted).toEqual([7, 8, 9]);
  });

  it("is the torque saturation, as the mean of the second before", () => {
    // From frame 100 on: after half a second half of it, after a second all.
    const [, saturation] = liveSignals(logOf(200, 0.3, 100), model, 99, 160);
    expect(saturation.measured[0]).toBe(0);
    expect(saturation.measured[25]).toBeCloseTo(15, 4);
    expect(saturation.measured[50]).toBeCloseTo(30, 4);
    expect(saturation.measured[61]).toBeCloseTo(30, 4);
    // At the start, of what there is.
    expect(liveSignals(logOf(3, 0.3, 1), model, 0, 2)[1].measured[2]).toBeCloseTo(20, 4);
  });

  it("reaches back as far as the log keeps frames", () => {
    const [velocity] = liveSignals(logOf(2000, 0, 0), model, 1999 - 400, 1999);
    expect(velocity.measured).toHaveLength(401);
  });

  it("is nothing before there are frames", () => {
    expect(liveSignals(logOf(0, 0, 0), model, 0, -1).map(({ measured }) => measured)).toEqual([[], []]);
  });
});
