import { describe, expect, it } from "vitest";
import { ExternalWork } from "../../gaits/external-work.js";

describe("external work", () => {
  /** Robot 1 of two; robot 0 rises by a metre a step, which must not leak into it. */
  function walk(steps: readonly { z: number; vx: number; vz: number }[]) {
    const work = new ExternalWork(2, 0.5);
    const increments = steps.map(({ z, vx, vz }) => {
      return work.add(1, Float32Array.of(0, 0, 9, 5, 5, z), Float32Array.of(0, 0, 0, vx, 0, vz));
    });
    return { work, increments };
  }

  it("adds up what speed and height gain, and takes nothing back for what they lose", () => {
    const { work, increments } = walk([
      { z: 0.3, vx: 1, vz: 0 }, // 0.5 + 9.81 · 0.3 = 3.443 J/kg
      { z: 0.4, vx: 1, vz: 0 }, // + 0.981
      { z: 0.2, vx: 1, vz: 0 }, // − 1.962
      { z: 0.2, vx: 2, vz: 1 }, // + (4 + 1 − 1) / 2 = 2
    ]);
    expect(increments[0]).toBe(0);
    expect(increments[1]).toBeCloseTo(0.981, 5);
    expect(increments[2]).toBe(0);
    expect(increments[3]).toBeCloseTo(2, 5);
    // 2.981 J/kg over (1 + 1 + 1 + 2) m/s · 0.5 s = 2.5 m
    expect(work.pooled()).toBeCloseTo(1.1924, 5);
  });

  it("is that of exchange: speed that becomes height costs nothing", () => {
    // v² / 2 falls by 0.5, g z rises by as much.
    const { increments } = walk([
      { z: 0, vx: 1, vz: 0 },
      { z: 0.5 / 9.81, vx: 0, vz: 0 },
    ]);
    expect(increments[1]).toBeCloseTo(0, 6);
  });

  it("forgets a robot that is placed elsewhere", () => {
    const { work } = walk([{ z: 0, vx: 1, vz: 0 }]);
    work.reset(1);
    expect(work.add(1, Float32Array.of(0, 0, 0, 0, 0, 3), new Float32Array(6))).toBe(0);
    expect(work.pooled()).toBeNaN();
  });
});
