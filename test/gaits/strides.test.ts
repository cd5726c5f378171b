import { describe, expect, it } from "vitest";
import { StrideStatistics } from "../../gaits/strides.js";

const DT_S = 0.02;

/** Lets one foot of robot 1 be up and down for so many steps in turn, the others stand. */
function step(statistics: StrideStatistics, phases: readonly [up: number, down: number][]): void {
  for (const [up, down] of phases) {
    for (let i = 0; i < up + down; i++) statistics.add(1, Uint8Array.of(0, 1, 0, 1, 1, 1, i < up ? 0 : 1, 1));
  }
}

describe("strides", () => {
  it("last from touchdown to touchdown", () => {
    const statistics = new StrideStatistics(2, DT_S);
    // Touchdowns after 10 steps, 20 and 30 steps later: strides of 0.4 and 0.6 s.
    step(statistics, [
      [10, 10],
      [10, 15],
      [15, 1],
    ]);
    const { strides, frequencyHz, variation } = statistics.summary();
    expect(strides).toBe(2);
    // Mean 0.5 s, standard deviation 0.1 s.
    expect(frequencyHz).toBeCloseTo(2, 6);
    expect(variation).toBeCloseTo(0.2, 6);
  });

  it("do not end where a foot bounces for two steps, 0.04 s", () => {
    const statistics = new StrideStatistics(2, DT_S);
    step(statistics, [
      [10, 5],
      [2, 8],
      [10, 1],
    ]);
    // 5 + 2 + 8 + 10 = 25 steps
    expect(statistics.summary().strides).toBe(1);
    expect(statistics.summary().frequencyHz).toBeCloseTo(2, 6);
  });

  it("that are interrupted do not count", () => {
    const statistics = new StrideStatistics(2, DT_S);
    step(statistics, [[10, 10]]);
    statistics.interrupt(1);
    step(statistics, [
      [10, 10],
      [10, 1],
    ]);
    expect(statistics.summary().strides).toBe(1);
  });

  it("are none of a robot that stands", () => {
    const statistics = new StrideStatistics(2, DT_S);
    step(statistics, [[0, 100]]);
    expect(statistics.summary().strides).toBe(0);
    expect(statistics.summary().frequencyHz).toBeNaN();
  });
});
