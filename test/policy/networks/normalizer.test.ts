import { describe, expect, it } from "vitest";
import { addToSums, Normalizer } from "../../../policy/networks/normalizer.js";
import { Rng } from "../../../sim/rng.js";

const SIZE = 3;

/** Rows of a mean and a spread of their own in each column. */
function drawRows(count: number, seed: number, shift: number): Float32Array[] {
  const rng = new Rng(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: SIZE }, (_, k) => shift + 3 * k + (1 + k) * rng.normal()),
  );
}

function sumsOf(rows: readonly Float32Array[]): Float64Array {
  const sums = new Float64Array(1 + 2 * SIZE);
  for (const row of rows) addToSums(sums, row, 0, SIZE);
  return sums;
}

function merged(...batches: (readonly Float32Array[])[]): Normalizer {
  const normalizer = new Normalizer(SIZE);
  for (const rows of batches) normalizer.merge(sumsOf(rows));
  return normalizer;
}

function normalizeOne(normalizer: Normalizer, row: readonly number[]): number[] {
  const out = new Float32Array(SIZE);
  normalizer.normalize(out, 0, Float32Array.from(row), 0);
  return [...out];
}

function expectSame(a: Normalizer, b: Normalizer): void {
  expect(a.count).toBe(b.count);
  for (let k = 0; k < SIZE; k++) {
    expect(a.mean[k]).toBeCloseTo(b.mean[k], 9);
    expect(a.variance[k]).toBeCloseTo(b.variance[k], 9);
  }
}

describe("sums of rows", () => {
  it("are count, sums and sums of squares, row by row at its offset", () => {
    const sums = new Float64Array(5);
    addToSums(sums, Float32Array.of(9, 1, -2, 9), 1, 2);
    addToSums(sums, Float32Array.of(3, 4), 0, 2);
    // 1 + 3, −2 + 4; 1 + 9, 4 + 16
    expect([...sums]).toEqual([2, 4, 2, 10, 20]);
  });
});

describe("merging", () => {
  const [first, second, third] = [drawRows(700, 1, 0), drawRows(50, 2, 4), drawRows(2000, 3, -1)];

  it("gives the mean and variance of all rows and of the prior's samples of mean 0 and variance 1", () => {
    const prior = new Normalizer(SIZE).count;
    const normalizer = merged(first, second, third);
    const rows = [...first, ...second, ...third];
    const total = prior + rows.length;
    expect(normalizer.count).toBe(total);
    for (let k = 0; k < SIZE; k++) {
      const mean = rows.reduce((sum, row) => sum + row[k], 0) / total;
      const squares = rows.reduce((sum, row) => sum + row[k] ** 2, prior) / total;
      expect(normalizer.mean[k]).toBeCloseTo(mean, 9);
      expect(normalizer.variance[k]).toBeCloseTo(squares - mean * mean, 8);
    }
  });

  it("does not depend on order or on how rows are batched", () => {
    expectSame(merged(third, first, second), merged(first, second, third));
    expectSame(merged([...first, ...second, ...third]), merged(first, second, third));
  });

  it("leaves all as it is for an empty batch", () => {
    const normalizer = merged(first);
    const before = normalizer.save();
    normalizer.merge(new Float64Array(1 + 2 * SIZE));
    expect(normalizer.save()).toEqual(before);
  });

  it("stays exact for a large mean with a small spread", () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => Float32Array.of(1000 + (i % 2), 0, 0));
    const normalizer = merged(rows, rows, rows);
    const n = new Normalizer(SIZE).count;
    // Pooled with the prior: mean 1000.5 · 30000 / (30000 + n), E[x²] = (30000 · (1000.5² + .25) + n) / (30000 + n)
    const mean = (1000.5 * 30_000) / (30_000 + n);
    const square = (30_000 * (1000.5 ** 2 + 0.25) + n) / (30_000 + n);
    expect(normalizer.variance[0] / (square - mean * mean)).toBeCloseTo(1, 6);
  });
});

describe("normalising", () => {
  it("subtracts the mean and divides by the standard deviation, at offsets", () => {
    const normalizer = new Normalizer(2);
    normalizer.load({ count: 10, mean: [1, -2], variance: [4, 0.25] });
    const out = new Float32Array(4).fill(7);
    normalizer.normalize(out, 1, Float32Array.of(9, 9, 5, -3), 2);
    // (5 − 1) / 2 = 2; (−3 + 2) / .5 = −2
    expect(out[0]).toBe(7);
    expect(out[1]).toBeCloseTo(2, 2);
    expect(out[2]).toBeCloseTo(-2, 2);
    expect(out[3]).toBe(7);
  });

  it("cuts off far values alike on both sides, and leaves ordinary ones", () => {
    const normalizer = new Normalizer(SIZE);
    const [high, low, one] = normalizeOne(normalizer, [1e9, -1e9, 1]);
    expect(high).toBe(-low);
    expect(high).toBeGreaterThanOrEqual(4);
    expect(high).toBeLessThanOrEqual(20);
    expect(one).toBeCloseTo(1, 3);
  });

  it("keeps a number that never changes finite", () => {
    const normalizer = new Normalizer(SIZE);
    normalizer.load({ count: 10, mean: [2, 2, 2], variance: [0, 0, 0] });
    expect(normalizeOne(normalizer, [2, 2, 2])).toEqual([0, 0, 0]);
  });
});

describe("saving", () => {
  it("brings back the same normaliser through JSON, to the last bit", () => {
    const normalizer = merged(drawRows(123, 9, 1));
    const copy = new Normalizer(SIZE);
    copy.load(JSON.parse(JSON.stringify(normalizer.save())));
    expect(copy.save()).toEqual(normalizer.save());
    expect(normalizeOne(copy, [0.1, 5, -3])).toEqual(normalizeOne(normalizer, [0.1, 5, -3]));
    for (const each of [copy, normalizer]) each.merge(sumsOf(drawRows(50, 10, 0)));
    expect(copy.save()).toEqual(normalizer.save());
  });
});
