import { describe, expect, it } from "vitest";
import { decodeEpisode } from "../../../sim/episode-log.js";
import { hasSelection, selectionSpans } from "../../../viewer/recording/gait-selection.js";
import { encodeWalk, type SyntheticEpisode } from "../../support/synthetic-run.js";

const TROT = [0, 0.75, 0.25, 0, 0, 0, 0, 0];
const RUN = [0, 0.25, 0.75, 0, 0, 0, 0, 0];

function record(choices: SyntheticEpisode["choices"] = []) {
  const walk: SyntheticEpisode = {
    ...{ label: "walk", gait: "trot", controller: "policy", numFrames: 50, speedMPerS: 0.5 },
    ...{ terrain: { kind: "flat", level: 0, seed: 1 }, choices },
  };
  return decodeEpisode(encodeWalk(walk), "walk.episode");
}

describe("gait selection", () => {
  it("is a span a choice, from the first one on", () => {
    const log = record([
      { frame: 10, probabilities: TROT },
      { frame: 25, probabilities: RUN },
    ]);
    expect(hasSelection(log)).toBe(true);
    const spans = selectionSpans(log); // frames of 0.02 s
    expect(spans.map(({ fromS, toS }) => [fromS, toS])).toEqual([
      [0.2, 0.5],
      [0.5, 1],
    ]);
    expect(spans.map(({ probabilities }) => [...probabilities])).toEqual([TROT, RUN]);
    expect(selectionSpans(log, 20, 21)).toMatchObject([{ fromS: 0.4, toS: 0.42 }]);
  });

  it("is none where gaits were told", () => {
    expect(hasSelection(record())).toBe(false);
    expect(selectionSpans(record())).toEqual([]);
  });
});
