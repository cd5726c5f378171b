import RAPIER from "@dimforge/rapier3d";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../sim/errors.js";
import { Rng } from "../../../sim/rng.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import type { TerrainSpec } from "../../../sim/terrain/height-field.js";
import { distanceToGround, heightAt, type Terrain } from "../../../sim/terrain/height-field.js";

const level2 = createTerrain({ kind: "rough", level: 2, seed: 1 });

/** Field whose vertex heights are `height(x, y)`. */
function fieldOf(height: (x: number, y: number) => number): Terrain {
  const n = level2.verticesPerSide;
  const heightsM = new Float32Array(n * n);
  for (let ix = 0; ix < n; ix++) {
    for (let iy = 0; iy < n; iy++) heightsM[ix * n + iy] = height(ix * 0.04 - 20, iy * 0.04 - 20);
  }
  return { ...level2, heightsM };
}

function meanAndStd(heights: Float32Array): { mean: number; std: number } {
  const mean = heights.reduce((a, h) => a + h, 0) / heights.length;
  return { mean, std: Math.sqrt(heights.reduce((a, h) => a + (h - mean) ** 2, 0) / heights.length) };
}

/** Root mean square of the height difference between two points this far apart, in random directions. */
function rmsDifference(terrain: Terrain, distanceM: number): number {
  const rng = new Rng(5);
  const samples = 50_000;
  let squares = 0;
  for (let i = 0; i < samples; i++) {
    const x = rng.uniform(-17, 17);
    const y = rng.uniform(-17, 17);
    const angle = rng.uniform(0, 2 * Math.PI);
    const far = heightAt(terrain, x + distanceM * Math.cos(angle), y + distanceM * Math.sin(angle));
    squares += (far - heightAt(terrain, x, y)) ** 2;
  }
  return Math.sqrt(squares / samples);
}

describe("terrain statistics", () => {
  it.each([0.5, 1, 2, 3])("level %s has a standard deviation of 0.009 m times the level", (level) => {
    const { mean, std } = meanAndStd(createTerrain({ kind: "rough", level, seed: 3 }).heightsM);
    expect(mean).toBeCloseTo(0, 7);
    expect(std).toBeCloseTo(0.009 * level, 7);
  });

  // The reference's own figures; ours come within a tenth to three tenths of them.
  it.each([
    [0.04, 0.008, 0.1],
    [0.1, 0.017, 0.1],
    [0.25, 0.021, 0.3],
    [0.5, 0.022, 0.2],
    [1, 0.025, 0.1],
    [2, 0.023, 0.15],
  ])("heights %s m apart differ by %s m at level 2", (distanceM, referenceM, tolerance) => {
    expect(Math.abs(rmsDifference(level2, distanceM) / referenceM - 1)).toBeLessThan(tolerance);
  });

  it("has its highest bump 0.09 m above its lowest point at level 2, within a quarter", () => {
    const range =
      level2.heightsM.reduce((a, h) => Math.max(a, h), 0) - level2.heightsM.reduce((a, h) => Math.min(a, h), 0);
    expect(Math.abs(range / 0.09 - 1)).toBeLessThan(0.25);
  });

  it("depends on the seed alone", () => {
    const same = createTerrain({ kind: "rough", level: 2, seed: 1 }).heightsM;
    expect(same.every((height, i) => height === level2.heightsM[i])).toBe(true);
    const other = createTerrain({ kind: "rough", level: 2, seed: 2 }).heightsM;
    let covariance = 0;
    for (let i = 0; i < other.length; i++) covariance += other[i]! * level2.heightsM[i]!;
    // About 40² m² / (0.25 m)² = 25 600 independent bumps: correlation 0 +- 0.006.
    expect(Math.abs(covariance / other.length / 0.018 ** 2)).toBeLessThan(0.03);
  });
});

describe("patchy terrain", () => {
  const rough = createTerrain({ kind: "rough", level: 1, seed: 3 });
  const patchy = createTerrain({ kind: "patchy", level: 1, seed: 3 });

  it("is as fine as rough ground from level 1 on, where bumps are high enough for shins to brush", () => {
    expect(createTerrain({ kind: "patchy", level: 1.5, seed: 3 }).cellM).toBe(rough.cellM);
  });

  it("is the rough terrain of the same seed, times a share that goes from 0 to 1 and changes over metres", () => {
    // Every second vertex of the rough terrain, in x and in y, has one in the patchy terrain, of twice its cells.
    expect(patchy.cellM).toBe(2 * rough.cellM);
    const n = patchy.verticesPerSide;
    const roughM = (i: number) => rough.heightsM[2 * Math.floor(i / n) * rough.verticesPerSide + 2 * (i % n)];
    const share = (i: number) => patchy.heightsM[i] / roughM(i);
    let [flat, full, samples, steepest] = [0, 0, 0, 0];
    for (let i = 0; i + n < patchy.heightsM.length; i += 101) {
      if (Math.abs(roughM(i)) < 5e-3 || Math.abs(roughM(i + n)) < 5e-3) continue;
      samples++;
      // Means and standard deviations are those of other vertices.
      expect(share(i)).toBeGreaterThanOrEqual(-0.01);
      expect(share(i)).toBeLessThanOrEqual(1.01);
      if (share(i) < 0.1) flat++;
      if (share(i) > 0.9) full++;
      steepest = Math.max(steepest, Math.abs(share(i + n) - share(i)));
    }
    for (const part of [flat / samples, full / samples]) {
      expect(part).toBeGreaterThan(0.08);
      expect(part).toBeLessThan(0.4);
    }
    // From one vertex to the next, 0.08 m on: a patch takes two thirds of a metre at least to fade.
    expect(steepest).toBeLessThan(0.12);
  });
});

describe("flat terrain", () => {
  it.each<TerrainSpec>([
    { kind: "flat", level: 2, seed: 1 },
    { kind: "rough", level: 0, seed: 1 },
  ])("$kind level $level has no heights", (spec) => {
    const terrain = createTerrain(spec);
    expect(terrain.heightsM.length).toBe(0);
    expect(heightAt(terrain, 1, 2)).toBe(0);
  });
});

describe("heightAt", () => {
  const n = level2.verticesPerSide;

  it("equals the vertices' heights", () => {
    for (const [ix, iy] of [
      [0, 0],
      [n - 1, n - 1],
      [0, n - 1],
      [500, 500],
      [123, 877],
    ] as const) {
      const height = heightAt(level2, ix * 0.04 - 20, iy * 0.04 - 20);
      expect(height).toBeCloseTo(level2.heightsM[ix * n + iy]!, 9);
    }
  });

  it("reproduces a plane everywhere, so x and y are not swapped", () => {
    const plane = fieldOf((x, y) => 0.1 * x - 0.02 * y);
    const rng = new Rng(1);
    for (let i = 0; i < 100; i++) {
      const x = rng.uniform(-20, 20);
      const y = rng.uniform(-20, 20);
      expect(heightAt(plane, x, y)).toBeCloseTo(0.1 * x - 0.02 * y, 6);
    }
  });

  it("splits a cell along the edge from (ix + 1, iy) to (ix, iy + 1)", () => {
    // Only vertex (500, 500), at the origin, is raised, by 1 m.
    const spike = fieldOf((x, y) => (Math.abs(x) < 0.01 && Math.abs(y) < 0.01 ? 1 : 0));
    // Cell with the spike at its lower corner: the diagonal misses it. Half way to the diagonal, u = v = 1/4: 1 - 1/4 - 1/4.
    expect(heightAt(spike, 0.01, 0.01)).toBeCloseTo(0.5, 6);
    expect(heightAt(spike, 0.02, 0.02)).toBeCloseTo(0, 6);
    expect(heightAt(spike, 0.03, 0.03)).toBeCloseTo(0, 6);
    // Cell with the spike at its upper x corner: the diagonal ends on it, its middle is half as high.
    expect(heightAt(spike, -0.02, 0.02)).toBeCloseTo(0.5, 6);
    expect(heightAt(spike, 0.02, -0.02)).toBeCloseTo(0.5, 6);
  });

  it("continues the edge beyond the field", () => {
    expect(heightAt(level2, 25, -30)).toBeCloseTo(level2.heightsM[(n - 1) * n]!, 9);
  });

  it("agrees with a ray cast on Rapier's height field", async () => {
    await RAPIER.init();
    const transposed = new Float32Array(n * n);
    for (let ix = 0; ix < n; ix++)
      for (let iy = 0; iy < n; iy++) transposed[iy * n + ix] = level2.heightsM[ix * n + iy]!;
    const world = new RAPIER.World({ x: 0, y: 0, z: 0 });
    const shape = RAPIER.ColliderDesc.heightfield(n - 1, n - 1, transposed, { x: 40, y: 1, z: 40 });
    world.createCollider(shape.setRotation({ x: 0.5, y: 0.5, z: 0.5, w: 0.5 }));
    world.step();
    const rng = new Rng(4);
    for (let i = 0; i < 300; i++) {
      const x = rng.uniform(-19, 19);
      const y = rng.uniform(-19, 19);
      const hit = world.castRay(new RAPIER.Ray({ x, y, z: 1 }, { x: 0, y: 0, z: -1 }), 2, true);
      // Single precision at 20 m resolves 2 µm sideways, on slopes below 1.
      expect(1 - hit!.timeOfImpact).toBeCloseTo(heightAt(level2, x, y), 4);
    }
    world.free();
  });
});

describe("bad terrain specs", () => {
  it.each([7, -1, Number.NaN])("rejects level %s", (level) => {
    const create = () => createTerrain({ kind: "rough", level, seed: 0 });
    expect(create).toThrow(InputError);
    expect(create).toThrow(`terrain level: got ${level}, expected 0..3`);
  });

  it("rejects an unknown kind", () => {
    const create = () => createTerrain({ kind: "lava" as "rough", level: 1, seed: 0 });
    expect(create).toThrow(InputError);
    expect(create).toThrow("unknown terrain 'lava': expected one of flat, rough");
  });
});

describe("distanceToGround", () => {
  it("is measured along the normal of the triangle below", () => {
    // The normal of z = 0.1 x - 0.02 y leans: its z part is 1 / sqrt(1 + 0.01 + 0.0004) = 0.994840.
    const plane = fieldOf((x, y) => 0.1 * x - 0.02 * y);
    expect(distanceToGround(plane, 1.234, -2.345, 0.1234 + 0.0469 + 0.05)).toBeCloseTo(0.049742, 6);
    expect(distanceToGround(plane, -0.63, 0.41, -0.063 - 0.0082 - 0.05)).toBeCloseTo(-0.049742, 6);
  });

  it("takes the slope of the triangle, on either side of the cell's diagonal", () => {
    // A spike of 20 mm at the origin: slopes of 0.02 / 0.04 = 0.5 in the cell's lower triangle, none in its upper one.
    const spike = fieldOf((x, y) => (Math.abs(x) < 0.01 && Math.abs(y) < 0.01 ? 0.02 : 0));
    expect(distanceToGround(spike, 0.01, 0.01, 0.04)).toBeCloseTo((0.04 - 0.01) / Math.sqrt(1.5), 6);
    expect(distanceToGround(spike, 0.03, 0.03, 0.04)).toBeCloseTo(0.04, 6);
  });

  it("is the height above flat ground", () => {
    expect(distanceToGround(createTerrain({ kind: "flat", level: 0, seed: 1 }), 3, 4, 0.25)).toBe(0.25);
  });
});
