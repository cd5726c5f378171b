import { describe, expect, it } from "vitest";
import { cellOptions, EXPERIMENTS, type ExperimentRow, pool } from "../../../policy/evaluation/experiments.js";
import { wilsonInterval } from "../../../policy/evaluation/statistics/wilson.js";

const [E1] = EXPERIMENTS;

describe("an experiment's cells", () => {
  it("share the trials, each rounded up", () => {
    const trialsOf = (trials: number) => cellOptions(E1, trials, 1).map((cell) => cell.trials);
    expect(trialsOf(500)).toEqual([125, 125, 125, 125]);
    // 10 / 4 = 2.5, 1 / 4 = 0.25.
    expect(trialsOf(10)).toEqual([3, 3, 3, 3]);
    expect(trialsOf(1)).toEqual([1, 1, 1, 1]);
  });

  it("each have ground and a seed of their own, which another seed moves", () => {
    const cells = cellOptions(E1, 4, 1);
    expect(cells.map(({ terrain, level }) => [terrain, level])).toEqual([
      ["flat", 0],
      ["rough", 1],
      ["rough", 2],
      ["rough", 3],
    ]);
    const seeds = [cells, cellOptions(E1, 4, 2)].flat().map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(8);
    expect(cellOptions(E1, 4, 1)).toEqual(cells);
  });

  it.each(EXPERIMENTS)("$id tells no gaits but those that it names", ({ cells, gaits }) => {
    for (const { scenario } of cells) {
      const told = Array.from({ length: 10 * scenario.trialS }, (_, i) => scenario.tell(0, i / 10).gait);
      if (gaits.length > 0) expect(new Set(told)).toEqual(new Set(gaits));
      expect(scenario.gaitSource).toBe(gaits.length === 0 ? "policy" : "told");
    }
  });
});

describe("a policy's rows, pooled", () => {
  const row = (policy: string, falls: number, error: number, driftM: number): ExperimentRow => ({
    ...{ policy, terrain: "flat", level: 0, trials: 10, falls, fallRateInterval: [0, 1], footfalls: [], driftM },
    ...{ velocityErrorX: error, velocityErrorY: 2 * error, yawRateError: 3 * error, contactErrorPercent: 4 * error },
    ...{ costOfTransport: Number.NaN, torqueSaturationPercent: 5 * error, externalWork: 6 * error },
    ...{ strideFrequencyHz: 7 * error, strideVariation: 8 * error, forcePeak: 9 * error },
    ...{ pushes: 6, recoveries: 2 * falls, usage: [], traces: [] },
  });

  it("add up falls, average errors, and keep the largest drift", () => {
    const pooled = pool("a", [row("a", 1, 0.1, 0.5), row("b", 9, 9, 9), row("a", 2, 0.3, 0.2)]);
    expect(pooled).toMatchObject({ policy: "a", trials: 20, falls: 3, driftM: 0.5 });
    expect(pooled.fallRateInterval).toEqual(wilsonInterval(3, 20));
    // (0.1 + 0.3) / 2 = 0.2, and its multiples.
    expect(pooled.velocityErrorX).toBeCloseTo(0.2, 9);
    expect(pooled.velocityErrorY).toBeCloseTo(0.4, 9);
    expect(pooled.yawRateError).toBeCloseTo(0.6, 9);
    expect(pooled.contactErrorPercent).toBeCloseTo(0.8, 9);
    expect(pooled.torqueSaturationPercent).toBeCloseTo(1, 9);
    expect(pooled.externalWork).toBeCloseTo(1.2, 9);
    expect(pooled.strideFrequencyHz).toBeCloseTo(1.4, 9);
    expect(pooled.strideVariation).toBeCloseTo(1.6, 9);
    expect(pooled.forcePeak).toBeCloseTo(1.8, 9);
    expect([pooled.pushes, pooled.recoveries]).toEqual([12, 6]);
    expect(pooled.costOfTransport).toBeNaN();
    expect(pooled).not.toHaveProperty("reached");
  });

  it("add up who reached the goal, and average over those how long they took", () => {
    const crossing = (reached: number, timeToGoalS: number): ExperimentRow => ({
      ...row("a", 1, 0.1, 0),
      ...{ reached, reachedInterval: [0, 1], timeToGoalS },
    });
    // (6 · 10 s + 2 · 14 s) / 8 = 11 s
    expect(pool("a", [crossing(6, 10), crossing(2, 14), crossing(0, Number.NaN)])).toMatchObject({
      ...{ trials: 30, reached: 8, reachedInterval: wilsonInterval(8, 30), timeToGoalS: 11 },
    });
  });
});
