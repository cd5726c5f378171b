import { describe, expect, it } from "vitest";
import { GAITS, gaitIndex } from "../../gaits/library.js";
import { shortestShift, transitionDurationS } from "../../gaits/transition.js";

const duration = (from: string, to: string, froude: number) =>
  transitionDurationS(GAITS[gaitIndex(from)], GAITS[gaitIndex(to)], froude);

describe("transitionDurationS", () => {
  it("is N / n source frames of 2 ms", () => {
    // N = (200 + 150) / 2 = 175; S ratio (0.4·0.5)² / (0.3·0.4)² = 0.04 / 0.0144 = 2.78; n = round(3.78) = 4
    expect(duration("trot", "run", 0)).toBeCloseTo((175 / 4) * 0.002, 12);
    // The way back: 1 + 0.36 = 1.36, n = 1
    expect(duration("run", "trot", 0)).toBeCloseTo(175 * 0.002, 12);
  });

  it("shrinks with the Froude number", () => {
    // 175 · exp(-2 · 0.254842) = 175 · 0.600694 = 105.12 → 105 frames, n = 4
    expect(duration("trot", "run", 0.254842)).toBeCloseTo((105 / 4) * 0.002, 12);
    // 175 · exp(-20) < 1 → one frame, n = min(3.78, 1) = 1
    expect(duration("trot", "run", 10)).toBeCloseTo(0.002, 12);
  });

  it("counts half a frame as one, whatever the decimals round to", () => {
    // (150 + 175) / 2 = 162.5 → 163 frames; S ratio 0.12² / 0.175² = 0.47, n = 1
    expect(duration("run", "pace", 0)).toBeCloseTo(163 * 0.002, 12);
  });

  it("is one source frame to and from stand", () => {
    expect(duration("stand", "static-walk", 0)).toBe(0.002);
    expect(duration("pronk", "stand", 0)).toBe(0.002);
  });
});

describe("shortestShift", () => {
  it("goes the shorter way around the stride, half a stride forward", () => {
    expect(shortestShift(0, 0.75)).toBeCloseTo(-0.25, 12);
    expect(shortestShift(0.75, 0)).toBeCloseTo(0.25, 12);
    expect(shortestShift(0, 0.5)).toBe(0.5);
    expect(shortestShift(0.5, 0)).toBe(0.5);
    expect(shortestShift(0.25, 0.25)).toBeCloseTo(0, 12);
  });
});
