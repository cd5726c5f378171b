import { describe, expect, it } from "vitest";
import { decodeEpisode, EPISODE_COLUMNS, EpisodeLog } from "../../../sim/episode-log.js";
import { pushAt } from "../../../viewer/scene/push-arrow.js";
import { encodeWalk, type SyntheticEpisode } from "../../support/synthetic-run.js";

const WALK: SyntheticEpisode = {
  ...{ label: "Pushed", gait: "trot", controller: "policy", numFrames: 101, speedMPerS: 0.5 },
  terrain: { kind: "flat", level: 0, seed: 1 },
  push: { frame: 50, velocityChange: [0.25, -0.5, 0] },
};

describe("the push that is to be seen", () => {
  const log = decodeEpisode(encodeWalk(WALK), "pushed.episode");

  it("is that of the last half second", () => {
    const push = { point: [0, 0, 0], velocityChange: [0.25, -0.5, 0] };
    expect([0, 0.97, 1, 1.48, 1.52, 2].map((timeS) => pushAt(log, timeS))).toEqual([
      null,
      null,
      push,
      push,
      null,
      null,
    ]);
  });

  it("is none in logs that do not tell of pushes", () => {
    const columns = EPISODE_COLUMNS.filter(({ name }) => name !== "push");
    const size = columns.reduce((sum, column) => sum + column.size, 0);
    const older = new EpisodeLog({ ...log.header, columns }, new Float32Array(101 * size));
    expect(older.numFrames).toBe(101);
    expect(pushAt(older, 1)).toBeNull();
  });
});
