import { describe, expect, it } from "vitest";
import { gaitIndex } from "../../../gaits/library.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { advanceCurriculum, firstCurriculum } from "../../../sim/task/curriculum.js";
import { EpisodeStatistics } from "../../../sim/task/episode-statistics.js";
import { envConfig } from "../../support/envs.js";
import { model } from "../../support/world.js";

const TROT = gaitIndex("trot");
const HOP = gaitIndex("hop");

/** One iteration of 200 robot steps in each of the two gaits, at velocity errors of so many m/s. */
function iteration(trotError: number, hopError: number): EpisodeStatistics {
  const statistics = new EpisodeStatistics([]);
  const control = new LocomotionControl(model, envConfig().control, 2);
  const state = createRobotState(2);
  control.gait.reset(0, TROT, 0);
  control.gait.reset(1, HOP, 0);
  state.baseVelocity.set([trotError, 0, 0, hopError, 0, 0]);
  for (let i = 0; i < 200; i++) for (const robot of [0, 1]) statistics.add(state, control, robot, false, false);
  return statistics;
}

describe("the curriculum", () => {
  it("starts with slow commands, all gaits alike", () => {
    const { commandShare, gaitWeight } = firstCurriculum();
    expect(new Set(commandShare)).toEqual(new Set([0.3]));
    expect(new Set(gaitWeight)).toEqual(new Set([1]));
  });

  it("gives a gait that follows well faster commands, to the full range, and others as before", () => {
    const state = firstCurriculum();
    // exp(−0.1² / 0.1) = 0.905 is good, exp(−0.23² / 0.1) = 0.589 neither good nor poor.
    advanceCurriculum(state, iteration(0.1, 0.23));
    expect(state.commandShare[TROT]).toBeCloseTo(0.32, 12);
    expect(state.commandShare[HOP]).toBe(0.3);
    for (let i = 0; i < 40; i++) advanceCurriculum(state, iteration(0.1, 0.23));
    expect(state.commandShare[TROT]).toBe(1);
    expect(state.commandShare[gaitIndex("run")]).toBe(0.3);
  });

  it("slows a gait down that does badly, no further than at the start", () => {
    const state = firstCurriculum();
    state.commandShare[TROT] = 0.33;
    // exp(−0.5² / 0.1) = 0.08
    advanceCurriculum(state, iteration(0.5, 0));
    expect(state.commandShare[TROT]).toBeCloseTo(0.31, 12);
    advanceCurriculum(state, iteration(0.5, 0));
    expect(state.commandShare[TROT]).toBe(0.3);
  });

  it("lets gaits that do badly come up more often: 0.3 for perfection, towards 1 for the worst", () => {
    const state = firstCurriculum();
    advanceCurriculum(state, iteration(0.1, 0));
    expect(state.gaitWeight[HOP]).toBeCloseTo(0.3, 12);
    // 0.3 + 0.7 · (1 − exp(−0.1)) = 0.366614
    expect(state.gaitWeight[TROT]).toBeCloseTo(0.366614, 5);
  });
});
