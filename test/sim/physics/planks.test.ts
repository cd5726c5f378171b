import { beforeAll, describe, expect, it } from "vitest";
import { loadPhysics } from "../../../sim/physics/world.js";
import { MAX_PLANKS, PLANK_SIZE_M } from "../../../sim/terrain/planks.js";
import { advance, createWorld, model, place, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const THICKNESS_M = PLANK_SIZE_M[2];

describe("planks", () => {
  it("come to rest flat on the ground, as they were turned", () => {
    const world = createWorld();
    place(world, 0, [5, 5, 0.5]);
    world.planks.drop([0, 0, 0.2], 1);
    advance(world, 2);
    const [x, y, z, qx, qy, qz, qw] = world.planks.poses();
    expect(Math.hypot(x, y)).toBeLessThan(0.02);
    expect(z).toBeCloseTo(THICKNESS_M / 2, 2.5); // within 1.6 mm
    expect(Math.hypot(qx, qy)).toBeLessThan(0.02);
    expect(2 * Math.atan2(qz, qw)).toBeCloseTo(1, 1.3); // within 0.025 rad
    world.free();
  });

  it("carry feet, which are in contact, and lift the robot", () => {
    const world = createWorld();
    place(world, 0, [0, 0, model.nominalHeightM + 0.005]);
    advance(world, 1);
    const without = world.state.basePosition[2];
    const { hipOffsetM } = model.legs;
    // Across the robot's path, under both front and both hind feet.
    for (const x of [hipOffsetM[0], hipOffsetM[6]]) world.planks.drop([x, 0, THICKNESS_M / 2], Math.PI / 2);
    place(world, 0, [0, 0, model.nominalHeightM + THICKNESS_M + 0.005]);
    advance(world, 1);
    expect([...rowOf(world.state.footContact, 0, 4)]).toEqual([1, 1, 1, 1]);
    expect(world.state.shellContact[0]).toBe(0);
    const liftM = world.state.basePosition[2] - without;
    expect(liftM).toBeGreaterThan(THICKNESS_M - 0.008); // feet and planks sink in by some millimetres each
    expect(liftM).toBeLessThan(THICKNESS_M + 0.002);
    world.free();
  });

  it("are dropped anew, the oldest first, when there are as many as there may be", () => {
    const world = createWorld();
    for (let i = 0; i < MAX_PLANKS; i++) world.planks.drop([0, 2 * i, 1], 0);
    expect(world.planks.count).toBe(MAX_PLANKS);
    world.planks.drop([9, -9, 1], 0);
    expect(world.planks.count).toBe(MAX_PLANKS);
    const poses = world.planks.poses();
    expect([...poses.subarray(0, 3)]).toEqual([9, -9, 1]);
    expect([...poses.subarray(7, 10)]).toEqual([0, 2, 1]);
    world.free();
  });
});
