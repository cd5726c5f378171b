import { describe, expect, it } from "vitest";
import { commandedWay, startsOfLongWays } from "../../../policy/evaluation/commanded-path.js";
import { type Scenario, SPRINT, STRESS_TEST } from "../../../policy/evaluation/scenario.js";
import { Rng } from "../../../sim/rng.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { isInside } from "../../../sim/terrain/height-field.js";

const straight = (vx: number, trialS: number): Scenario => ({
  trialS,
  gaitSource: "told",
  tell: () => ({ gait: "trot", vx, yawRate: 0 }),
});

describe("the way that commands lead along", () => {
  it("is as long as the sprint: 20 m straight ahead", () => {
    const [x, y] = commandedWay(SPRINT).at(-1)!;
    expect(x).toBeCloseTo(20, 2);
    expect(y).toBe(0);
  });

  it("turns to the left with positive yaw rates: a quarter of a circle of radius 2/π m", () => {
    const [x, y] = commandedWay({
      trialS: 1,
      gaitSource: "told",
      tell: () => ({ gait: "trot", vx: 1, yawRate: Math.PI / 2 }),
    }).at(-1)!;
    // Steps of 0.02 m are chords that lag by half a step's turn: within 0.02 m.
    expect(Math.abs(x - 2 / Math.PI)).toBeLessThan(0.02);
    expect(Math.abs(y - 2 / Math.PI)).toBeLessThan(0.02);
  });
});

describe("starts of long ways", () => {
  it("are half of the way behind the middle of the ground, give or take 3 m along each axis", () => {
    const starts = startsOfLongWays(straight(1, 16), 50, new Rng(1))!;
    expect(starts.length).toBe(50);
    for (const { x, y, yaw } of starts) {
      expect(Math.abs(x + 8 * Math.cos(yaw))).toBeLessThanOrEqual(3);
      expect(Math.abs(y + 8 * Math.sin(yaw))).toBeLessThanOrEqual(3);
    }
    expect(new Set(starts.map(({ yaw }) => yaw)).size).toBe(50);
  });

  it("keep all of the stress test's way on rough ground", () => {
    const terrain = createTerrain({ kind: "rough", level: 2, seed: 1 });
    const way = commandedWay(STRESS_TEST);
    for (const { x, y, yaw } of startsOfLongWays(STRESS_TEST, 200, new Rng(2))!) {
      const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
      const left = way.filter(([ahead, aside]) => {
        return !isInside(terrain, x + cos * ahead - sin * aside, y + sin * ahead + cos * aside);
      });
      expect(left).toEqual([]);
    }
  });

  it("are none where ways are short", () => {
    expect(startsOfLongWays(straight(1, 10), 3, new Rng(1))).toBeUndefined();
  });
});
