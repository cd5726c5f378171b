import { describe, expect, it } from "vitest";
import { createTerrain } from "../../../sim/terrain/create.js";
import { frictionShareAt, heightAt, type Terrain } from "../../../sim/terrain/height-field.js";
import { TERRAIN_KINDS, TILE_KINDS, type TileKind } from "../../../sim/terrain/kinds.js";

function ground(kind: TileKind | "mixed", level: number, seed = 1): Terrain {
  return createTerrain({ kind, level, seed });
}

/** Heights along the x axis, m. */
function profile(terrain: Terrain, ...xs: number[]): number[] {
  return xs.map((x) => heightAt(terrain, x, 0));
}

function expectProfile(terrain: Terrain, points: readonly (readonly [x: number, z: number])[]): void {
  profile(terrain, ...points.map(([x]) => x)).forEach((z, i) => {
    expect(z).toBeCloseTo(points[i][1], 5);
  });
}

/** Share of the vertices whose height passes. */
function share({ heightsM }: Terrain, passes: (z: number) => boolean): number {
  return heightsM.reduce((count, z) => count + (passes(z) ? 1 : 0), 0) / heightsM.length;
}

describe("slopes", () => {
  it.each([
    ["slope-up", 1],
    ["slope-down", -1],
  ] as const)("%s rises by 0.4 · 0.3 · level from the platform's edge, 0.8 m from the centre", (kind, sign) => {
    // Level 2: 0.24.
    expectProfile(ground(kind, 2), [
      [0.5, 0],
      [0.8, 0],
      [1.8, sign * 0.24],
      [-2.8, sign * 0.48],
      [19.8, sign * 0.24 * 19],
    ]);
  });
});

describe("stairs", () => {
  it.each([
    ["stairs-up", 1],
    ["stairs-down", -1],
  ] as const)(
    "%s have rises of 0.025 + 0.09 · 0.3 · level and treads of 0.32 m, walls taking one cell of them",
    (kind, sign) => {
      // Level 1: 0.052. Half way up a wall, 0.026.
      const terrain = ground(kind, 1);
      expectProfile(terrain, [
        [0.79, 0],
        [0.82, sign * 0.026],
        [0.85, sign * 0.052],
        [1.11, sign * 0.052],
        [1.14, sign * 0.078],
        [1.3, sign * 0.104],
        [-1.3, sign * 0.104],
        // After 10 treads more.
        [4.5, sign * 0.624],
      ]);
      // Rings are squares.
      expect(heightAt(terrain, 0.1, -1)).toBeCloseTo(sign * 0.052, 5);
      expect(heightAt(terrain, 1, 1.3)).toBeCloseTo(sign * 0.104, 5);
    },
  );

  it("grow with the level", () => {
    // 0.025 + 0.09 · 0.9
    expectProfile(ground("stairs-up", 3), [[1, 0.106]]);
  });
});

describe("discrete steps", () => {
  it("are rectangles of four heights around a clear platform, 20 on 64 m²", () => {
    // Level 2: 0.025 + 0.1 · 0.6 = 0.085, halves 0.0425.
    const terrain = ground("steps", 2);
    for (const height of [0.085, 0.0425, -0.0425, -0.085]) {
      // Rectangles of 2.25 m² on average, 20 on 64 m², fallen at random: exp(-20 · 2.25 / 64) = 0.495 stays free, and each
      // height gets a quarter of the rest, 0.126.
      expect(Math.abs(share(terrain, (z) => Math.abs(z - height) < 1e-6) - 0.126)).toBeLessThan(0.04);
    }
    expect(Math.abs(share(terrain, (z) => z === 0) - 0.495)).toBeLessThan(0.06);
    for (const [x, y] of [
      [0, 0],
      [0.79, -0.79],
      [-0.5, 0.7],
    ]) {
      expect(heightAt(terrain, x, y)).toBe(0);
    }
  });
});

describe("gaps", () => {
  it("are half a metre deep, 0.5 · 0.3 · level wide to whole cells, every 2 m", () => {
    // Level 1: 0.15 m, 4 cells of 0.04 m: walls from 0.80 to 0.84 and from 0.92 to 0.96.
    expectProfile(ground("gaps", 1), [
      [0.8, 0],
      [0.82, -0.25],
      [0.84, -0.5],
      [0.92, -0.5],
      [0.96, 0],
      [2.8, 0],
      [2.88, -0.5],
      [-2.88, -0.5],
      [2.96, 0],
    ]);
  });
});

describe("stepping stones", () => {
  it.each([
    // 0.79 - 0.75 · 0.3 · level, to cells of 0.04 m: 14 and 3. One vertex between two stones is deep.
    [1, 15 / 16],
    [3, 4 / 5],
  ])("of level %i have as much of their vertices up as they should", (level, perSide) => {
    expect(Math.abs(share(ground("stones", level), (z) => z === 0) / perSide ** 2 - 1)).toBeLessThan(0.01);
  });

  it("are shifted from row to row, and by the seed", () => {
    const row = (terrain: Terrain, x: number) =>
      Array.from({ length: 200 }, (_, i) => heightAt(terrain, x, 2 + 0.04 * i));
    const terrain = ground("stones", 1);
    // The pitch is 16 cells, 0.64 m: rows begin at the rim, -20 m. Three of them:
    const rows = [3, 4, 5].map((i) => row(terrain, -20 + 0.64 * i + 0.28));
    expect(new Set(rows.map((heights) => heights.findIndex((z) => z < 0))).size).toBeGreaterThan(1);
    expect(ground("stones", 1, 2).heightsM).not.toEqual(terrain.heightsM);
  });
});

describe("beams", () => {
  it.each([
    // 1 - 0.75 · 0.3 · level, half of it to cells of 0.04 m: 10 and 4 cells.
    [1, 0.4],
    [3, 0.16],
  ])("of level %i reach %f m to either side of the axes", (level, halfM) => {
    const terrain = ground("beam", level);
    for (const [along, across] of [
      [5, halfM],
      [-12, -halfM],
    ]) {
      expect(heightAt(terrain, along, across)).toBe(0);
      expect(heightAt(terrain, across, along)).toBe(0);
      expect(heightAt(terrain, along, across * (1 + 0.05 / halfM))).toBeCloseTo(-0.5, 5);
      expect(heightAt(terrain, across * (1 + 0.05 / halfM), along)).toBeCloseTo(-0.5, 5);
    }
    expect(heightAt(terrain, 0.7, 0.7)).toBe(0);
  });
});

describe("slippery ground", () => {
  it("is flat, and leaves 0.7 - 0.2 · level of friction on half of its squares of a metre", () => {
    const terrain = ground("slippery", 2);
    expect(terrain.heightsM.length).toBe(0);
    // 1600 squares: 0.5 ± 0.0125.
    const slippery = terrain.frictionShare.filter((value) => Math.abs(value - 0.3) < 1e-6).length;
    expect(Math.abs(slippery / 1600 - 0.5)).toBeLessThan(0.05);
    expect(terrain.frictionShare.filter((value) => value === 1).length).toBe(1600 - slippery);
    for (const [x, y] of [
      [-19.5, -17.5],
      [3.2, -0.1],
    ]) {
      const square = Math.floor(x + 20) * 40 + Math.floor(y + 20);
      expect(frictionShareAt(terrain, x, y)).toBe(terrain.frictionShare[square]);
    }
    expect(frictionShareAt(terrain, 25, 0)).toBe(1);
    expect(frictionShareAt(ground("steps", 2), 3, 3)).toBe(1);
  });
});

describe("mixed ground", () => {
  const terrain = ground("mixed", 2);

  it("has every kind once in each of nine rows of tiles, 8 m apart", () => {
    expect(terrain.sizeM).toBe(72);
    expect(terrain.tiles.length).toBe(81);
    for (const row of [-32, 0, 24]) {
      const tiles = terrain.tiles.filter(({ x }) => x === row);
      expect(tiles.map(({ kind }) => kind).sort()).toEqual([...TILE_KINDS].sort());
      expect(tiles.map(({ y }) => y).sort((a, b) => a - b)).toEqual([-32, -24, -16, -8, 0, 8, 16, 24, 32]);
    }
  });

  it("has each tile's shape around that tile's centre, on one level at the rims", () => {
    // Level 2: rises of 0.079, ten to the rim, four to 1.95 m; slopes of 0.24 from 0.8 m on.
    const climbs: Partial<Record<TileKind, readonly [rimM: number, at195M: number]>> = {
      "stairs-up": [0.79, 0.316],
      "stairs-down": [-0.79, -0.316],
      "slope-up": [0.768, 0.276],
      "slope-down": [-0.768, -0.276],
    };
    const rims = terrain.tiles.flatMap(({ kind, x, y }) => {
      const climb = climbs[kind];
      if (!climb) return [];
      const platformM = heightAt(terrain, x, y);
      expect(heightAt(terrain, x + 1.95, y) - platformM).toBeCloseTo(climb[1], 4);
      return [platformM + climb[0]];
    });
    expect(rims.length).toBe(36);
    for (const rim of rims) expect(rim).toBeCloseTo(rims[0], 4);
  });

  it("is slippery on slippery tiles alone", () => {
    for (const { kind, x, y } of terrain.tiles) {
      let slippery = 0;
      for (let dx = -3.5; dx < 4; dx++) {
        for (let dy = -3.5; dy < 4; dy++) slippery += frictionShareAt(terrain, x + dx, y + dy) < 1 ? 1 : 0;
      }
      if (kind === "slippery") expect(slippery).toBeGreaterThan(15);
      else expect(slippery).toBe(0);
    }
  });
});

describe("ground of every kind", () => {
  it.each(TERRAIN_KINDS)("%s follows from its seed, and is flat at level 0", (kind) => {
    const [a, b] = [1, 1].map((seed) => createTerrain({ kind, level: 1, seed }));
    expect(a.heightsM.every((z, i) => z === b.heightsM[i])).toBe(true);
    expect(a.frictionShare).toEqual(b.frictionShare);
    const level = createTerrain({ kind, level: 0, seed: 1 });
    expect(level.heightsM.length + level.frictionShare.length + level.tiles.length).toBe(0);
  });
});
