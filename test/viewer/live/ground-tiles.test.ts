import type { BufferGeometry, Mesh } from "three";
import { describe, expect, it } from "vitest";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt, type Terrain } from "../../../sim/terrain/height-field.js";
import { GroundTiles } from "../../../viewer/live/ground-tiles.js";

function geometryOf(ground: GroundTiles): BufferGeometry {
  return (ground.root.children[0] as Mesh).geometry;
}

/** Corners of triangles that are drawn within 0.5 m of a place, and how far off the ground the worst one is, m. */
function near(ground: GroundTiles, terrain: Terrain, x: number, y: number): { corners: number; offM: number } {
  const geometry = geometryOf(ground);
  const position = geometry.getAttribute("position");
  const index = geometry.getIndex()!;
  let corners = 0;
  let offM = 0;
  for (let i = 0; i < geometry.drawRange.count; i++) {
    const vertex = index.getX(i);
    const [vx, vy] = [position.getX(vertex), position.getY(vertex)];
    if (Math.hypot(vx - x, vy - y) > 0.5) continue;
    corners++;
    offM = Math.max(offM, Math.abs(position.getZ(vertex) - heightAt(terrain, vx, vy)));
  }
  return { corners, offM };
}

describe("ground tiles", () => {
  const terrain = createTerrain({ kind: "rough", level: 2, seed: 3 });

  it("lie on the ground around the robot, wherever it goes", () => {
    const ground = new GroundTiles();
    ground.show(terrain, 0, 0);
    const atOnce = near(ground, terrain, 0, 0);
    // Squares of 0.04 m in a circle of 0.5 m, six corners each: π · 0.25 / 0.0016 · 6 = 2945, give or take some at the rim.
    expect(atOnce.corners).toBeGreaterThan(2800);
    expect(atOnce.corners).toBeLessThan(3100);
    expect(atOnce.offM).toBeLessThan(1e-6);
    for (let x = 0; x <= 15; x += 0.05) ground.moveTo(x, x / 3);
    const later = near(ground, terrain, 15, 5);
    expect(later.corners).toBeGreaterThan(2800);
    expect(later.corners).toBeLessThan(3100);
    expect(later.offM).toBeLessThan(1e-6);
  });

  it("take each other's places, so that there are never more than the mesh holds", () => {
    const ground = new GroundTiles();
    ground.show(terrain, 0, 0);
    for (let turn = 0; turn < 20; turn += 0.01) ground.moveTo(12 * Math.cos(turn), 12 * Math.sin(turn));
    const geometry = geometryOf(ground);
    expect(geometry.drawRange.count).toBeLessThanOrEqual(geometry.getIndex()!.count);
    expect(near(ground, terrain, 12 * Math.cos(20), 12 * Math.sin(20)).offM).toBeLessThan(1e-6);
  });

  it("are a square that goes along where the ground is level", () => {
    const ground = new GroundTiles();
    ground.show(createTerrain({ kind: "flat", level: 0, seed: 0 }), 1, 2);
    ground.moveTo(3, 4);
    expect(ground.root.position.toArray()).toEqual([3, 4, 0]);
    expect(geometryOf(ground).getIndex()!.count).toBe(6);
    ground.show(terrain, 1, 2);
    expect(ground.root.position.toArray()).toEqual([0, 0, 0]);
  });
});
