import { describe, expect, it } from "vitest";
import { deriveSeed, Rng } from "../../sim/rng.js";

const SAMPLES = 100_000;

describe("Rng", () => {
  it("repeats its stream for the same seed, also after seed()", () => {
    const first = new Rng(7);
    const values = Array.from({ length: 20 }, () => first.next());
    const second = new Rng(7);
    expect(Array.from({ length: 20 }, () => second.next())).toEqual(values);
    second.normal(); // leaves half a pair behind, which must not survive seed()
    second.seed(7);
    expect(Array.from({ length: 20 }, () => second.next())).toEqual(values);
    expect(new Rng(8).next()).not.toBe(values[0]);
  });

  it("is uniform in [0, 1)", () => {
    const rng = new Rng(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < SAMPLES; i++) bins[Math.floor(rng.next() * 10)]!++;
    expect(bins.reduce((a, b) => a + b)).toBe(SAMPLES);
    // Chi-square with 9 degrees of freedom stays below 27.9 in 99.9 % of streams.
    const expected = SAMPLES / 10;
    expect(bins.reduce((chi, count) => chi + (count - expected) ** 2 / expected, 0)).toBeLessThan(27.9);
  });

  it("keeps uniform and integer within their bounds", () => {
    const rng = new Rng(2);
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      const value = rng.uniform(-3, -1);
      expect(value >= -3 && value < -1).toBe(true);
      seen.add(rng.integer(5));
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("draws standard normals", () => {
    const rng = new Rng(3);
    let sum = 0;
    let squares = 0;
    let withinOne = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const value = rng.normal();
      sum += value;
      squares += value * value;
      if (Math.abs(value) < 1) withinOne++;
    }
    // Standard errors: mean 1 / sqrt(1e5) = 0.003, variance sqrt(2 / 1e5) = 0.0045, share sqrt(.68 * .32 / 1e5) = 0.0015.
    expect(sum / SAMPLES).toBeCloseTo(0, 1.8);
    expect(Math.abs(squares / SAMPLES - 1)).toBeLessThan(0.0045 * 4);
    expect(Math.abs(withinOne / SAMPLES - 0.6827)).toBeLessThan(0.0015 * 4);
  });
});

describe("deriveSeed", () => {
  it("separates parts, their order and their number", () => {
    const seeds = [[], [0], [0, 0], [1, 0], [0, 1], [1, 1], [-1], [2, 0], [0, 0, 0]].map((parts) =>
      deriveSeed(...parts),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const seed of seeds) expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
    expect(deriveSeed(3, 4)).toBe(deriveSeed(3, 4));
  });

  it("has few collisions over small integers", () => {
    const seeds = new Set<number>();
    for (let a = 0; a < 200; a++) for (let b = 0; b < 200; b++) seeds.add(deriveSeed(a, b));
    // 40 000 random 32-bit numbers: 40000² / 2 / 2^32 = 0.19 collisions are expected.
    expect(seeds.size).toBeGreaterThanOrEqual(40_000 - 3);
  });
});
