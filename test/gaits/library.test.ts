import { describe, expect, it } from "vitest";
import {
  froudeNumber,
  GAITS,
  gaitForFroude,
  gaitIndex,
  gaitStabilityNumber,
  SELECTABLE_GAITS,
} from "../../gaits/library.js";

const idAt = (froude: number) => GAITS[gaitForFroude(froude)].id;

describe("gait library", () => {
  it("holds the 13 gaits of the source, each once, with sound numbers", () => {
    expect(new Set(GAITS.map((gait) => gait.id)).size).toBe(13);
    for (const gait of GAITS) {
      expect(gait.periodS).toBeGreaterThan(0);
      expect(gait.dutyFactor).toBeGreaterThan(0);
      expect(gait.dutyFactor).toBeLessThanOrEqual(1);
      expect(gait.phaseOffset.every((offset) => offset >= 0 && offset < 1)).toBe(true);
      expect(gait.source).toContain("10.1038/s42256-025-01065-z");
    }
  });

  it("finds gaits by id and names the valid ids when it does not", () => {
    expect(GAITS[gaitIndex("static-walk")].phaseOffset).toEqual([0, 0.75, 0.5, 0.25]);
    expect(() => gaitIndex("gallop")).toThrow(/"gallop".*stand, static-walk, .*hop/);
  });

  it("gives the pace its initial phase: lateral pairs half a stride apart, all led by a quarter", () => {
    expect(GAITS[gaitIndex("pace")].phaseOffset).toEqual([0.25, 0.75, 0.25, 0.75]);
  });

  it("lets the gait policy select eight gaits", () => {
    const ids = SELECTABLE_GAITS.map((index) => GAITS[index].id);
    expect(ids).toEqual(["stand", "trot", "run", "bound", "pronk", "limp", "amble", "hop"]);
  });
});

describe("froudeNumber", () => {
  it("uses the forward speed when moving forward, whatever the yaw rate", () => {
    // 1² / (9.81 · 0.4) = 1 / 3.924
    expect(froudeNumber(1, 5, 0.2, 0.4)).toBeCloseTo(0.254842, 6);
  });

  it("uses the hips' speed about the yaw axis when turning on the spot", () => {
    // (2 · 0.25)² / 3.924 = 0.25 / 3.924
    expect(froudeNumber(0, -2, 0.25, 0.4)).toBeCloseTo(0.0637105, 6);
  });

  it("does not take walking backward for standing", () => {
    // 0.5² / 3.924
    expect(froudeNumber(-0.5, 0.1, 0.25, 0.4)).toBeCloseTo(0.0637105, 6);
  });
});

describe("gaitForFroude", () => {
  it("picks the gait whose half-open range holds the number", () => {
    expect([0, 0.0001, 0.0024, 0.152, 0.74, 1.5].map(idAt)).toEqual([
      "stand",
      "static-walk",
      "walking-trot",
      "trot",
      "run",
      "rotary-gallop",
    ]);
    expect([0.00009, 0.0023, 0.151, 0.739, 1.49, 9.9].map(idAt)).toEqual([
      "stand",
      "static-walk",
      "walking-trot",
      "trot",
      "run",
      "rotary-gallop",
    ]);
  });

  it("stays with the fastest gait beyond the table and rejects what is no Froude number", () => {
    expect(idAt(25)).toBe("rotary-gallop");
    expect(() => gaitForFroude(Number.NaN)).toThrow(RangeError);
    expect(() => gaitForFroude(-0.1)).toThrow(RangeError);
  });
});

describe("gaitStabilityNumber", () => {
  it("is g (T D)² / h", () => {
    // trot: 9.81 · (0.4 · 0.5)² / 0.4 = 9.81 · 0.04 / 0.4
    expect(gaitStabilityNumber(GAITS[gaitIndex("trot")], 0.4)).toBeCloseTo(0.981, 9);
    // static walk: 9.81 · (1 · 0.8)² / 0.4 = 9.81 · 0.64 / 0.4
    expect(gaitStabilityNumber(GAITS[gaitIndex("static-walk")], 0.4)).toBeCloseTo(15.696, 9);
  });
});
