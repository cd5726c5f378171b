import { describe, expect, it } from "vitest";
import { Rng } from "../../../sim/rng.js";
import { TerrainCurriculum } from "../../../sim/task/terrain-curriculum.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { TILE_KINDS } from "../../../sim/terrain/kinds.js";
import { MIXED_ROWS } from "../../../sim/terrain/tiles.js";

const STEP_S = 0.02;
const { tiles } = createTerrain({ kind: "mixed", level: 3, seed: 4, curriculum: true });
const rng = new Rng(1);

/** A curriculum of 10 robots with robot 0 on a row. */
function on(row: number): TerrainCurriculum {
  const curriculum = new TerrainCurriculum(tiles, MIXED_ROWS, 10, STEP_S);
  curriculum.rows[0] = row;
  return curriculum;
}

/** Robot 0's row after 5 s under a command, at a velocity, that end so far from its tile's centre. */
function rowAfter(
  curriculum: TerrainCurriculum,
  command: readonly [vx: number, vy: number],
  velocity: readonly [vx: number, vy: number],
  { fell = false, distanceM = 0 } = {},
): number {
  const { x, y } = curriculum.start(0);
  for (let step = 0; step < 250; step++) {
    curriculum.add(0, Float32Array.of(...command, 0.5), Float32Array.of(...velocity, 0));
  }
  curriculum.end(0, fell, x + distanceM, y, rng);
  return curriculum.rows[0];
}

describe("rows of tiles", () => {
  it("go from a ninth of the level to all of it", () => {
    tiles.forEach(({ level }, i) => {
      expect(level).toBeCloseTo((3 * (Math.floor(i / 9) + 1)) / 9, 9);
    });
  });

  it("have each robot start on its own kind of tile, on its row", () => {
    const curriculum = on(7);
    const kinds = Array.from({ length: 10 }, (_, robot) => curriculum.start(robot).kind);
    expect(kinds.slice(0, 9).sort()).toEqual([...TILE_KINDS].sort());
    expect(kinds[9]).toBe(kinds[0]);
    const [hard, easy] = [curriculum.start(0), on(0).start(0)];
    expect(hard).toMatchObject({ kind: easy.kind, level: (3 * 8) / 9 });
    expect(easy.level).toBeCloseTo(1 / 3, 9);
  });
});

describe("a robot", () => {
  it("moves up when it leaves its tile, 4 m from the centre, as it was told", () => {
    expect(rowAfter(on(2), [1, 0], [0.9, 0], { distanceM: 4.5 })).toBe(3);
    expect(rowAfter(on(2), [1, 0], [0.9, 0], { distanceM: -4.5 })).toBe(3);
  });

  it("stays when it walks at least half of what was commanded, within the tile", () => {
    expect(rowAfter(on(2), [1, 0], [0.51, 0], { distanceM: 2.5 })).toBe(2);
    expect(rowAfter(on(2), [-0.4, 0.3], [-0.24, 0.18])).toBe(2);
    // Nothing was commanded.
    expect(rowAfter(on(2), [0, 0], [0, 0])).toBe(2);
  });

  it("moves down when it walks less than half, another way, or falls, but not below the first row", () => {
    expect(rowAfter(on(2), [1, 0], [0.49, 0])).toBe(1);
    expect(rowAfter(on(2), [1, 0], [0, 1], { distanceM: 4.5 })).toBe(1);
    expect(rowAfter(on(2), [1, 0], [0.9, 0], { fell: true, distanceM: 4.5 })).toBe(1);
    expect(rowAfter(on(0), [1, 0], [0, 0])).toBe(0);
  });

  it("is sent anywhere from the last row on", () => {
    const rows = Array.from({ length: 100 }, () => rowAfter(on(8), [1, 0], [1, 0], { distanceM: 5 }));
    // Each of nine rows is missed with a chance of (8/9)^100 = 1e-5.
    expect(new Set(rows).size).toBe(9);
  });

  it("has each episode judged by itself", () => {
    const curriculum = on(2);
    expect(rowAfter(curriculum, [1, 0], [1, 0])).toBe(2);
    expect(rowAfter(curriculum, [1, 0], [0.3, 0])).toBe(1);
  });
});
