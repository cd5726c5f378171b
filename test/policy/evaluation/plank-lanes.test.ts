import { beforeAll, describe, expect, it } from "vitest";
import { overlap, plankLanes } from "../../../policy/evaluation/plank-lanes.js";
import type { Vec3 } from "../../../sim/math.js";
import { loadPhysics, type PhysicsWorld } from "../../../sim/physics/world.js";
import type { Plank } from "../../../sim/terrain/planks.js";
import { advance, createWorld, model, place, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

function plank(position: Vec3, sizeM: Vec3, yawRad = 0): Plank {
  return { position, sizeM, yawRad, massKg: 1 };
}

/** Position (3, m) and rotation (x, y, z, w). */
function poseOf({ planks }: PhysicsWorld, index: number): Float32Array {
  return rowOf(planks.poses(), index, 7);
}

describe("a lane's planks", () => {
  const [{ planks }] = plankLanes(1, 7);

  it("are 40 of the sizes of boards, of spruce, a centre in each cell from 0.8 to 5.3 m ahead and 1 m to both sides", () => {
    const cells = planks.map(({ position: [x, y] }) => `${Math.floor((x - 0.8) / 0.45)} ${Math.floor((y + 1) / 0.5)}`);
    const all = Array.from({ length: 40 }, (_, cell) => `${Math.floor(cell / 4)} ${cell % 4}`);
    expect(cells.sort()).toEqual(all.sort());
    for (const { sizeM, massKg } of planks) {
      const [length, width, thickness] = sizeM;
      expect(length).toBeGreaterThanOrEqual(0.4);
      expect(length).toBeLessThan(1);
      expect(width).toBeGreaterThanOrEqual(0.1);
      expect(width).toBeLessThan(0.3);
      expect(thickness).toBeGreaterThanOrEqual(0.02);
      expect(thickness).toBeLessThan(0.04);
      expect(massKg).toBeCloseTo(450 * length * width * thickness, 9);
    }
  });

  it("lie on the ground or, 2 mm above it, on the highest that they cover", () => {
    planks.forEach((one, i) => {
      const tops = planks.slice(0, i).flatMap((other) => (overlap(one, other) ? [other] : []));
      const groundM = Math.max(0, ...tops.map(({ position, sizeM }) => position[2] + sizeM[2] / 2));
      expect(one.position[2] - one.sizeM[2] / 2).toBeCloseTo(groundM + 0.002, 9);
    });
    const covering = planks.filter(({ position, sizeM }) => position[2] > sizeM[2]);
    expect(covering.length).toBeGreaterThan(5);
    expect(covering.length).toBeLessThan(35);
  });

  it("follow from the seed and the lane's number", () => {
    expect(plankLanes(1, 7)[0].planks).toEqual(planks);
    expect(plankLanes(1, 8)[0].planks).not.toEqual(planks);
    const lanes = plankLanes(4, 7);
    // Two by two lanes, 24 m apart, around the origin.
    expect(lanes.map(({ start }) => [start.x, start.y, start.yaw])).toEqual([
      [-12, -12, 0],
      [12, -12, 0],
      [-12, 12, 0],
      [12, 12, 0],
    ]);
    const sizes = lanes.map(({ planks: [{ sizeM }] }) => sizeM[0]);
    expect(new Set(sizes).size).toBe(4);
    const [first, moved] = [planks[0].position, lanes[0].planks[0].position];
    expect(lanes[0].planks[0].sizeM).toEqual(planks[0].sizeM);
    // Of one lane, the only one is at the origin.
    [-12, -12, 0].forEach((shift, k) => {
      expect(moved[k] - first[k]).toBeCloseTo(shift, 9);
    });
  });
});

describe("planks seen from above", () => {
  const long = plank([0, 0, 0], [1, 0.1, 0.02]);

  it("overlap or not, however they are turned", () => {
    // Side by side: half widths of 0.05 and 0.1 m.
    expect(overlap(long, plank([0, 0.14, 0], [0.5, 0.2, 0.02]))).toBe(true);
    expect(overlap(long, plank([0, 0.16, 0], [0.5, 0.2, 0.02]))).toBe(false);
    // Upright: its half length of 0.25 m reaches down.
    expect(overlap(long, plank([0, 0.29, 0], [0.5, 0.2, 0.02], Math.PI / 2))).toBe(true);
    expect(overlap(long, plank([0, 0.31, 0], [0.5, 0.2, 0.02], Math.PI / 2))).toBe(false);
    // At 45° past its end at (0.5, ±0.05). From (x, 0.2), the nearer edge is at x − 0.25 − 0.05 √2 where y is −0.05: 0.529 or 0.429.
    // At 0.85 boxes around both would meet: they go on to 0.85 − (0.5 + 0.05) / √2 = 0.461.
    const diagonal = (x: number) => plank([x, 0.2, 0], [1, 0.1, 0.02], Math.PI / 4);
    expect(overlap(long, diagonal(0.85))).toBe(false);
    expect(overlap(long, diagonal(0.75))).toBe(true);
  });
});

describe("planks that were laid down", () => {
  it("stay where the seed says, and rest", () => {
    const world = createWorld();
    place(world, 0, [-3, 0, 0.4]);
    const [{ planks }] = plankLanes(1, 7);
    for (const one of planks) world.planks.add(one);
    advance(world, 2);
    const settled = planks.map((_, i) => poseOf(world, i));
    planks.forEach(({ position: [x, y, z], yawRad }, i) => {
      const pose = settled[i];
      expect(Math.hypot(pose[0] - x, pose[1] - y)).toBeLessThan(0.1);
      // They tip over the edges of those that they lie on, and no higher than they were laid.
      expect(pose[2]).toBeLessThan(z + 0.03);
      expect(pose[2]).toBeGreaterThan(0.005);
      const turned = 2 * Math.atan2(pose[5], pose[6]) - yawRad;
      expect(Math.cos(turned)).toBeGreaterThan(Math.cos(0.2));
    });
    advance(world, 0.5);
    planks.forEach((_, i) => {
      expect(Math.hypot(...[0, 1, 2].map((k) => poseOf(world, i)[k] - settled[i][k]))).toBeLessThan(0.005);
    });
    world.free();
  });

  it("carry a robot's feet, which are in contact", () => {
    const world = createWorld();
    const thicknessM = 0.03;
    for (const x of [-0.25, 0.25])
      world.planks.add({
        position: [x, 0, thicknessM / 2],
        sizeM: [1, 0.3, thicknessM],
        massKg: 4,
        yawRad: Math.PI / 2,
      });
    place(world, 0, [0, 0, model.nominalHeightM + thicknessM + 0.005]);
    advance(world, 1);
    expect([...rowOf(world.state.footContact, 0, 4)]).toEqual([1, 1, 1, 1]);
    expect(world.state.shellContact[0]).toBe(0);
    world.free();
  });
});
