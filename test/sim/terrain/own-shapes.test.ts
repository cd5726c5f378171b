import { describe, expect, it } from "vitest";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt } from "../../../sim/terrain/height-field.js";
import { addTerrains, TERRAIN_KINDS, terrainName } from "../../../sim/terrain/kinds.js";

/** A ramp along x whose slope is a tenth of the level, moved sideways by the seed. */
const ramp = {
  says: "a ramp",
  heightM: (x: number, _y: number, level: number, seed: number) => 0.1 * level * x + seed,
};

describe("ground of a task's own", () => {
  it("has the heights that its function says, at each vertex and between", () => {
    addTerrains({ "test-ramp": ramp });
    const terrain = createTerrain({ kind: "test-ramp", level: 2, seed: 3 });
    // 0.1 · 2 · 5 + 3, and between the vertices at 0.04 and 0.08 m: 0.2 · 0.05 + 3.
    expect(heightAt(terrain, 5, -7)).toBeCloseTo(4, 5);
    expect(heightAt(terrain, 0.05, 0)).toBeCloseTo(3.01, 5);
    expect(TERRAIN_KINDS).toContain("test-ramp");
    expect(terrainName("test-ramp", 2)).toBe("a ramp, level 2");
  });

  it("is flat at level 0", () => {
    addTerrains({ "test-ramp": ramp });
    expect(createTerrain({ kind: "test-ramp", level: 0, seed: 3 }).heightsM).toHaveLength(0);
  });

  it("must have a name of its own, and heights", () => {
    expect(() => addTerrains({ rough: ramp })).toThrow(/terrains\.rough: got a second ground of that name/);
    addTerrains({ "test-hole": { says: "a hole", heightM: (x) => Math.sqrt(x) } });
    expect(() => createTerrain({ kind: "test-hole", level: 1, seed: 1 })).toThrow(
      /terrains\.test-hole\.heightM\(-20, -20\): got NaN, expected a finite number/,
    );
  });
});
