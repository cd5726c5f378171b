import { describe, expect, it } from "vitest";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { EpisodeStatistics } from "../../../sim/task/episode-statistics.js";
import { envConfig } from "../../support/envs.js";
import { model } from "../../support/world.js";

/** Statistics after two robots' steps: one on schedule and at the command, one off both, that falls. */
function twoSteps(): EpisodeStatistics {
  const state = createRobotState(2);
  const control = new LocomotionControl(model, envConfig().control, 2);
  const statistics = new EpisodeStatistics(["walk", "shake"]);
  control.gait.reference.contact.set([1, 0, 0, 1, 1, 0, 0, 1]);
  state.footContact.set([1, 0, 0, 1, 0, 0, 0, 0]);
  control.command.set([0.5, 0, 0.25, 1, -0.5, 0.5]);
  state.baseVelocity.set([0.5, 0, 9, 0.25, 0.5, 9]);
  state.baseAngularVelocity.set([9, 9, 0.25, 9, 9, 1.5]);
  statistics.add(state, control, 0, false, false);
  statistics.addRewards([3, -0.5]);
  statistics.add(state, control, 1, true, true);
  statistics.addRewards([1, 0]);
  statistics.addBlowUp();
  return statistics;
}

describe("episode statistics", () => {
  it("are counts, and means per robot and step", () => {
    const summary = twoSteps().summary();
    expect(summary).toEqual({
      falls: 1,
      episodes: 1,
      blowUps: 1,
      // (3 + 1) / 2 and −0.5 / 2, together 1.75
      "reward/walk": 2,
      "reward/shake": -0.25,
      reward: 1.75,
      // (0 + |1 − 0.25|) / 2, (0 + |−0.5 − 0.5|) / 2, (0 + |0.5 − 1.5|) / 2
      velocityErrorX: 0.375,
      velocityErrorY: 0.5,
      yawRateError: 0.5,
      // 2 of 8 feet
      contactErrorPercent: 25,
      // The gait memory stands until it is told otherwise.
      "gait/stand/velocityErrorX": 0.375,
      "gait/stand/yawRateError": 0.5,
      "gait/stand/share": 1, // 2 of 2 steps
      "gait/stand/falls": 1,
    });
  });

  it("tell episodes that time ended from falls", () => {
    const state = createRobotState(1);
    const control = new LocomotionControl(model, envConfig().control, 1);
    const statistics = new EpisodeStatistics([]);
    statistics.add(state, control, 0, false, true);
    expect(statistics.summary()).toMatchObject({ falls: 0, episodes: 1 });
  });

  it("add up over workers by their sums alone", () => {
    const [a, b] = [twoSteps(), twoSteps()];
    a.sums.forEach((value, i) => {
      a.sums[i] = value + b.sums[i];
    });
    const counts = { falls: 2, episodes: 2, blowUps: 2, "gait/stand/falls": 2 };
    expect(a.summary()).toEqual({ ...b.summary(), ...counts });
  });

  it("are zeros after clear, not NaN", () => {
    const statistics = twoSteps();
    statistics.clear();
    for (const value of Object.values(statistics.summary())) expect(value).toBe(0);
  });
});
