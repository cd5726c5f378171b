import { describe, expect, it } from "vitest";
import { NUM_LEGS } from "../../../gaits/types.js";
import { Rng } from "../../../sim/rng.js";
import { drawStart, StartPose } from "../../../sim/task/start-pose.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt, type Terrain } from "../../../sim/terrain/height-field.js";
import { TILE_KINDS } from "../../../sim/terrain/kinds.js";
import { footCentre, linkPoses, matrixOf } from "../../support/link-poses.js";
import { FLAT, model } from "../../support/world.js";

const RADIUS_M = model.legs.footRadiusM;
const CLEARANCE_M = 0.01;

describe("the start of a robot", () => {
  it("is the default pose on flat ground, 1 cm in the air", () => {
    const { position, rotation, joints } = new StartPose(model, FLAT).at({ x: 1, y: 2, yaw: 0.5 });
    expect([...position]).toEqual([1, 2, expect.closeTo(model.nominalHeightM + 0.01, 6)]);
    // Half of 0.5 rad about the z axis.
    expect([...rotation]).toEqual([0, 0, Math.sin(0.25), Math.cos(0.25)]);
    model.qDefaultRad.forEach((angle, j) => {
      // The legs' kinematics leaves out offsets of the A1's links below 2 mm.
      expect(Math.abs(joints[j] - angle)).toBeLessThan(0.01);
    });
  });

  it.each([0, 1.1, -2.5])("has every foot 1 cm above the rough ground under it, heading %f rad", (yaw) => {
    const terrain = createTerrain({ kind: "rough", level: 2, seed: 3 });
    const pose = new StartPose(model, terrain);
    const grounds: number[] = [];
    for (const [x, y] of [
      [0.4, -1.3],
      [-2.2, 3.1],
    ]) {
      const { position, rotation, joints } = pose.at({ x, y, yaw });
      const links = linkPoses(model, { position, rotation: matrixOf(rotation) }, joints);
      let meanM = 0;
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        const [footX, footY, footZ] = footCentre(model, links, leg);
        const ground = heightAt(terrain, footX, footY);
        grounds.push(ground);
        meanM += ground / NUM_LEGS;
        // Offsets below 2 mm that the legs' kinematics leaves out, on slopes of up to 1 in 1.
        expect(Math.abs(footZ - RADIUS_M - ground - CLEARANCE_M)).toBeLessThan(0.004);
      }
      expect(Math.abs(position[2] - meanM - model.nominalHeightM - CLEARANCE_M)).toBeLessThan(0.004);
    }
    expect(Math.max(...grounds) - Math.min(...grounds)).toBeGreaterThan(0.02);
  });
});

describe("the place of a start", () => {
  const starts = (terrain: Terrain) => {
    const rng = new Rng(9);
    return Array.from({ length: 200 }, () => drawStart(terrain, rng));
  };

  it("is anywhere within 4 m of the origin on ground that is alike everywhere, in any heading", () => {
    const drawn = starts(createTerrain({ kind: "rough", level: 1, seed: 1 }));
    for (const axis of ["x", "y"] as const) {
      const places = drawn.map((start) => start[axis]);
      expect(Math.max(...places)).toBeLessThan(4);
      expect(Math.max(...places)).toBeGreaterThan(3.5);
      expect(Math.min(...places)).toBeGreaterThan(-4);
      expect(Math.min(...places)).toBeLessThan(-3.5);
    }
    expect(new Set(drawn.map(({ yaw }) => yaw)).size).toBe(200);
  });

  it.each(TILE_KINDS)("is level on %s, and heads along an axis", (kind) => {
    const terrain = createTerrain({ kind, level: 3, seed: 1 });
    for (const { x, y, yaw } of starts(terrain)) {
      // The feet stand within a quarter of a metre of the centre, whichever way it heads.
      for (const [dx, dy] of [
        [0.25, 0],
        [-0.25, 0],
        [0, 0.25],
        [0, -0.25],
      ]) {
        expect(heightAt(terrain, x + dx, y + dy)).toBe(0);
      }
      expect(Math.abs(Math.sin(2 * yaw))).toBeLessThan(1e-9);
      // In line with a beam; anywhere on the platform before others.
      if (kind === "beam") expect(Math.abs(x * Math.sin(yaw) - y * Math.cos(yaw))).toBeLessThan(1e-9);
    }
    expect(new Set(starts(terrain).map(({ x, y }) => `${x} ${y}`)).size).toBe(200);
    expect(
      new Set(starts(terrain).map(({ yaw }) => Math.round(Math.cos(yaw)) + 3 * Math.round(Math.sin(yaw)))).size,
    ).toBe(4);
  });

  it("is on the platforms of the inner 25 tiles of mixed ground: 16 m and more from the edge", () => {
    const terrain = createTerrain({ kind: "mixed", level: 2, seed: 1 });
    const centres = new Set<string>();
    for (const { x, y } of starts(terrain)) {
      const [tileX, tileY] = [8 * Math.round(x / 8), 8 * Math.round(y / 8)];
      centres.add(`${tileX} ${tileY}`);
      expect(Math.max(Math.abs(tileX), Math.abs(tileY))).toBeLessThanOrEqual(16);
      expect(Math.max(Math.abs(x - tileX), Math.abs(y - tileY))).toBeLessThanOrEqual(0.4);
    }
    // 200 draws miss one of 25 with a chance of 25 · 0.96^200 = 0.7 %.
    expect(centres.size).toBe(25);
  });
});
