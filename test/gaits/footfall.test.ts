import { describe, expect, it } from "vitest";
import { FootfallStatistics } from "../../gaits/footfall.js";
import { GAITS, gaitIndex } from "../../gaits/library.js";

const LEGS = [0, 1, 2, 3];

/** A robot whose legs touch the ground for `duty` of a stride, `late` cycles after the table has it. */
function walk(id: string, duty: number, late: readonly number[]): FootfallStatistics {
  const statistics = new FootfallStatistics();
  const gait = gaitIndex(id);
  const { phaseOffset } = GAITS[gait];
  const fraction = (x: number) => x - Math.floor(x);
  for (let i = 0; i < 1000; i++) {
    const clock = (i + 0.5) / 1000;
    // Nobody's second robot, so that the first one's place is not taken for granted.
    const phase = Float32Array.from([...LEGS, ...LEGS], (leg, k) => (k < 4 ? 0.9 : fraction(clock + phaseOffset[leg])));
    const contact = Uint8Array.from([...LEGS, ...LEGS], (leg, k) =>
      k >= 4 && fraction(clock + phaseOffset[leg] - late[leg]) < duty ? 1 : 0,
    );
    statistics.add(1, gait, phase, contact);
  }
  return statistics;
}

describe("footfalls", () => {
  it("that follow the table have its duty factor and offsets", () => {
    const [{ gait, dutyFactor, phaseOffset, dutyFactorError, phaseOffsetError, samples }] = walk(
      "amble",
      0.625,
      [0, 0, 0, 0],
    ).summary();
    expect([gait, samples]).toEqual(["amble", 1000]);
    [0, 0.5, 0.25, 0.75].forEach((offset, leg) => {
      expect(dutyFactor[leg]).toBeCloseTo(0.625, 3);
      expect(phaseOffset[leg]).toBeCloseTo(offset, 3);
    });
    expect(dutyFactorError).toBeLessThan(1e-3);
    expect(phaseOffsetError).toBeLessThan(1e-3);
  });

  it("that are late have smaller offsets: a leg 0.1 cycles late of 0.5 has 0.4, one 0.05 early of 0 has 0.05", () => {
    const [{ phaseOffset, phaseOffsetError }] = walk("trot", 0.5, [0, 0.1, 0, -0.05]).summary();
    [0, 0.4, 0.5, 0.05].forEach((offset, leg) => {
      expect(phaseOffset[leg]).toBeCloseTo(offset, 3);
    });
    expect(phaseOffsetError).toBeCloseTo(0.1, 3);
  });

  it("do not count what all legs are late by, nor half a stride as half a stride early", () => {
    const [{ phaseOffset, phaseOffsetError }] = walk("bound", 0.4, [0.2, 0.2, 0.2, 0.2]).summary();
    [0.5, 0.5, 0, 0].forEach((offset, leg) => {
      expect(Math.cos(2 * Math.PI * (phaseOffset[leg] - offset))).toBeCloseTo(1, 4);
    });
    expect(phaseOffsetError).toBeLessThan(1e-3);
  });

  it("that are too long are told: 0.7 instead of 0.5", () => {
    const [{ dutyFactor, dutyFactorError }] = walk("trot", 0.7, [0, 0, 0, 0]).summary();
    expect(dutyFactor[2]).toBeCloseTo(0.7, 3);
    expect(dutyFactorError).toBeCloseTo(0.2, 3);
  });
});
