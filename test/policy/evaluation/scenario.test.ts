import { describe, expect, it } from "vitest";
import { EXPERIMENTS } from "../../../policy/evaluation/experiments.js";
import { ALL_GAITS, TROT_COMMANDS } from "../../../policy/evaluation/scenario.js";

describe("the experiment E1", () => {
  it("gives 25 trials each another command of the reference system's grid", () => {
    const told = Array.from({ length: 25 }, (_, trial) => TROT_COMMANDS.tell(trial, 3));
    expect(new Set(told.map(({ vx, yawRate }) => `${vx} ${yawRate}`)).size).toBe(25);
    expect([...new Set(told.map(({ vx }) => vx))]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...new Set(told.map(({ yawRate }) => yawRate))].sort((a, b) => a - b)).toEqual([-0.8, -0.4, 0, 0.4, 0.8]);
    expect(told.every(({ gait }) => gait === "trot")).toBe(true);
    expect(TROT_COMMANDS.tell(30, 0)).toEqual(told[5]);
  });
});

describe("the experiment E4", () => {
  it("goes through seven gaits at 0.5 m/s, 2.2 s each, and stands in the end", () => {
    const at = (timeS: number) => ALL_GAITS.tell(0, timeS);
    expect([0, 2.2, 4.4, 6.6, 8.8, 11, 13.2, 15.4].map((timeS) => at(timeS).gait)).toEqual(
      "run trot pronk bound limp hop amble stand".split(" "),
    );
    expect(at(2.18)).toEqual({ gait: "run", vx: 0.5, yawRate: 0 });
    expect(at(17.5)).toEqual({ gait: "stand", vx: 0, yawRate: 0 });
    expect(ALL_GAITS.trialS).toBeCloseTo(17.6, 9);
  });
});

describe("experiments", () => {
  it("share their trials out among their grounds", () => {
    for (const { cells } of EXPERIMENTS) expect(cells.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });
});
