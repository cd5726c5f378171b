import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS, NUM_LEGS } from "../../../gaits/types.js";
import type { Quat, Vec3 } from "../../../sim/math.js";
import { loadPhysics, type PhysicsWorld } from "../../../sim/physics/world.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt, type Terrain } from "../../../sim/terrain/height-field.js";
import { createEnv } from "../../support/envs.js";
import { footCentre } from "../../support/link-poses.js";
import { advance, createWorld, FLAT, LEVEL, model, PHYSICS, place, posesOf, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const ON_ITS_BACK: Quat = [1, 0, 0, 0];
const ON_ITS_LEFT_SIDE: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];

function contacts(world: PhysicsWorld, robot = 0): { feet: number[]; shell: number } {
  const { footContact, shellContact } = world.state;
  return { feet: [...rowOf(footContact, robot, NUM_LEGS)], shell: shellContact[robot] };
}

function stand(world: PhysicsWorld, robot = 0): void {
  place(world, robot, [0, 0, model.nominalHeightM + 0.005]);
  advance(world, 0.5);
}

describe("contacts", () => {
  it("has none in the air", () => {
    const world = createWorld(1, { fixedBase: true });
    place(world, 0, [0, 0, 1]);
    advance(world, 0.1);
    expect(contacts(world)).toEqual({ feet: [0, 0, 0, 0], shell: 0 });
    world.free();
  });

  it("has the four feet of a robot that stands, one by one as the robots come down", () => {
    const world = createWorld(2);
    place(world, 1, [0, 0, 3]);
    stand(world, 0);
    expect(contacts(world, 0)).toEqual({ feet: [1, 1, 1, 1], shell: 0 });
    expect(contacts(world, 1)).toEqual({ feet: [0, 0, 0, 0], shell: 0 });
    world.free();
  });

  it.each([
    [2, [1, 1, 0, 1]],
    [3, [1, 1, 1, 0]],
  ])("lets go of foot %i when its leg is drawn up", (leg, expected) => {
    const world = createWorld();
    stand(world);
    const q = model.qDefaultRad.slice();
    q[3 * leg + 1] += 0.6;
    q[3 * leg + 2] -= 0.9;
    world.setTargets(q);
    // The other three carry the robot: its weight is forward of the line between them by a hair, so look soon.
    advance(world, 0.15);
    expect(contacts(world)).toEqual({ feet: expected, shell: 0 });
    world.setTargets(model.qDefaultRad);
    advance(world, 0.5);
    expect(contacts(world)).toEqual({ feet: [1, 1, 1, 1], shell: 0 });
    world.free();
  });

  it("knows a robot that lies on its side by its shell, until it is put on its feet", () => {
    const world = createWorld();
    place(world, 0, [0, 0, 0.3], ON_ITS_LEFT_SIDE);
    advance(world, 1);
    expect(contacts(world).shell).toBe(1);
    stand(world);
    expect(contacts(world)).toEqual({ feet: [1, 1, 1, 1], shell: 0 });
    world.free();
  });

  it.each([
    [0.006, 0.006],
    [0.03, 0.01],
  ])("tells that a trunk is %f m above the ground, up to 10 mm", (gapM, told) => {
    const world = createWorld();
    const trunk = model.links[0].collisions.find((shape) => shape.kind === "box")!;
    place(world, 0, [0, 0, trunk.halfExtentsM[2] + gapM], ON_ITS_BACK);
    advance(world, PHYSICS.timestepS);
    expect(world.state.shellGapM[0]).toBeCloseTo(told, 4);
    expect(world.state.shellContact[0]).toBe(0);
    place(world, 0, [0, 0, 2]);
    expect(world.state.shellGapM[0]).toBeCloseTo(0.01, 6);
    world.free();
  });

  it("loses them all when the robot is lifted off the ground", () => {
    const world = createWorld();
    stand(world);
    place(world, 0, [0, 0, 2]);
    expect(contacts(world)).toEqual({ feet: [0, 0, 0, 0], shell: 0 });
    advance(world, 0.02);
    expect(contacts(world)).toEqual({ feet: [0, 0, 0, 0], shell: 0 });
    world.free();
  });
});

describe("contacts just above the ground", () => {
  it.each([
    [-0.001, [1, 1, 1, 1]],
    [0.007, [0, 0, 0, 0]],
  ])("of a robot that is held with its feet %f m above it, less 2 mm of sag", (aboveM, feet) => {
    const world = createWorld(1, { fixedBase: true });
    place(world, 0, [0, 0, model.nominalHeightM + aboveM]);
    advance(world, 0.2);
    expect(contacts(world)).toEqual({ feet, shell: 0 });
    world.free();
  });

  // The trunk is 0.114 m high. In the 5 ms of one timestep it falls by 9.81 · 0.005² = 0.2 mm.
  it.each([
    [0.001, 1],
    [0.005, 0],
  ])("of a robot on its back, %f m above it", (aboveM, shell) => {
    const world = createWorld();
    place(world, 0, [0, 0, 0.057 + aboveM], [1, 0, 0, 0]);
    advance(world, 0.005);
    expect(contacts(world)).toEqual({ feet: [0, 0, 0, 0], shell });
    world.free();
  });
});

describe("friction", () => {
  /** How far a robot that stands slides after it has been set off at 0.6 m/s to the left, m. */
  function slideM(world: PhysicsWorld, robot: number): number {
    place(world, robot, [0, 0, model.nominalHeightM], LEVEL, model.qDefaultRad, [0, 0.6, 0]);
    advance(world, 1.5);
    return world.state.basePosition[3 * robot + 1];
  }

  it("stops a sliding robot after v² / 2μg", () => {
    const world = createWorld(2, { friction: 1 });
    // 0.36 / (2 · 0.1 · 9.81) = 0.183 m; 0.36 / (2 · 0.2 · 9.81) = 0.092 m. The robot rocks on its springs: 20 %.
    for (const [robot, friction, expectedM] of [
      [0, 0.1, 0.183],
      [1, 0.2, 0.092],
    ]) {
      world.setFriction(robot, friction);
      expect(Math.abs(slideM(world, robot) / expectedM - 1)).toBeLessThan(0.2);
    }
    world.free();
  });

  it("is the option's where none was set, the same robot's alone where one was", () => {
    const slippery = createWorld(1, { friction: 0.1 });
    const mixed = createWorld(2, { friction: 1 });
    mixed.setFriction(0, 0.1);
    const [option, set, other] = [slideM(slippery, 0), slideM(mixed, 0), slideM(mixed, 1)];
    slippery.free();
    mixed.free();
    expect(set).toBeCloseTo(option, 4);
    expect(other).toBeLessThan(0.06);
  });
});

describe("slippery squares", () => {
  // Two squares of a metre at a time: slippery where x < 0.
  const halves: Terrain = {
    ...FLAT,
    frictionShare: Float32Array.from({ length: 1600 }, (_, i) => (i < 800 ? 0.2 : 1)),
  };

  /** How far a robot that stands at (x, 0) slides after it has been set off at 0.6 m/s to the left, m. */
  function slideM(friction: number, x: number): number {
    const world = createWorld(1, { friction: 0.3 }, halves);
    place(world, 0, [x, 0, model.nominalHeightM], LEVEL, model.qDefaultRad, [0, 0.6, 0]);
    world.setFriction(0, friction);
    for (let step = 0; step < 75; step++) advance(world, 0.02);
    const y = world.state.basePosition[1];
    world.free();
    return y;
  }

  it("take their share of each robot's friction", () => {
    // As on other ground, v² / 2μg: 0.36 / (2 · 0.5 · 0.2 · 9.81) = 0.183 m; a fifth of it beside.
    expect(Math.abs(slideM(0.5, -3) / 0.183 - 1)).toBeLessThan(0.2);
    expect(slideM(0.5, 3)).toBeLessThan(0.08);
    // 0.36 / (2 · 1 · 0.2 · 9.81) = 0.092 m.
    expect(Math.abs(slideM(1, -3) / 0.092 - 1)).toBeLessThan(0.2);
  });

  it("take it of a robot that was just placed there, wherever it has been before", () => {
    const speeds = [-3, 3].map((before) => {
      const world = createWorld(1, { friction: 1 }, halves);
      place(world, 0, [before, 0, model.nominalHeightM]);
      advance(world, 0.02);
      place(world, 0, [-3, 0, model.nominalHeightM - 0.005], LEVEL, model.qDefaultRad, [0, 0.6, 0]);
      // A single timestep: the next `read` looks where feet are in any case.
      advance(world, PHYSICS.timestepS);
      const speed = world.state.baseVelocity[1];
      world.free();
      return speed;
    });
    expect(speeds[0]).toBeLessThan(0.6);
    // The solver starts from what it found before: 3e-5 m/s. With friction of the place before it would be 5e-3.
    expect(speeds[1]).toBeCloseTo(speeds[0], 3);
  });

  it("take it of each foot by itself", () => {
    const world = createWorld(1, { friction: 1 }, halves);
    // Front feet on ordinary ground, rear feet on slippery: the rear slides on, and the robot turns right.
    place(world, 0, [0, 0, model.nominalHeightM], LEVEL, model.qDefaultRad, [0, 0.6, 0]);
    for (let step = 0; step < 50; step++) advance(world, 0.02);
    const [, , z, w] = rowOf(world.state.baseRotation, 0, 4);
    expect(2 * Math.atan2(z, w)).toBeLessThan(-0.1);
    world.free();
  });
});

describe("stairs, gaps and stones", () => {
  it.each([
    ["stairs-up", 3],
    ["stairs-down", 3],
    ["gaps", 1],
    ["stones", 2],
  ] as const)("let no foot through their walls: %s of level %i under robots that trot ahead", (kind, level) => {
    const terrain = createTerrain({ kind, level, seed: 3 });
    const command = { vxMPerS: [1, 1], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] } as const;
    const env = createEnv(12, { episodeS: 20, command }, 1, terrain);
    const still = new Float32Array(12 * NUM_JOINTS);
    let deepestM = 0;
    let highestM = 0;
    for (let step = 0; step < 200; step++) {
      env.step(still);
      for (let robot = 0; robot < 12; robot++) {
        for (let leg = 0; leg < NUM_LEGS; leg++) {
          const [x, y, z] = footCentre(model, posesOf(env.physics, robot), leg);
          deepestM = Math.max(deepestM, heightAt(terrain, x, y) - z);
          highestM = Math.max(highestM, Math.abs(heightAt(terrain, x, y)));
        }
      }
    }
    // The centre of a foot stays above ground, but for the 2 mm that link poses made of joint angles stray, on walls of 12 to 1.
    expect(deepestM).toBeLessThan(0.025);
    expect(highestM).toBeGreaterThan(0.1);
    env.free();
  });
});

describe("rough ground", () => {
  const terrain = createTerrain({ kind: "rough", level: 3, seed: 11 });

  /** Distance from a point to the surface, by sampling it every millimetre around. */
  function distanceM([x, y, z]: Vec3, ground: Terrain): number {
    let least = Number.POSITIVE_INFINITY;
    for (let dx = -0.025; dx <= 0.025; dx += 0.001) {
      for (let dy = -0.025; dy <= 0.025; dy += 0.001) {
        least = Math.min(least, Math.hypot(dx, dy, heightAt(ground, x + dx, y + dy) - z));
      }
    }
    return least;
  }

  it("carries the feet on the surface that heightAt tells of", () => {
    // Places where mistaken axes or a mistaken diagonal of the cells would show: far from the middle, off the diagonal.
    const spots: Vec3[] = [
      [0.3, 0.1, 0],
      [-6.2, 3.4, 0],
      [11.7, -8.9, 0],
    ];
    const world = createWorld(spots.length, {}, terrain);
    spots.forEach(([x, y], robot) => {
      place(world, robot, [x, y, heightAt(terrain, x, y) + model.nominalHeightM + 0.05]);
    });
    advance(world, 1.5);
    spots.forEach((_, robot) => {
      const poses = posesOf(world, robot);
      const { feet, shell } = contacts(world, robot);
      expect(shell).toBe(0);
      expect(feet.filter((touches) => touches === 1).length).toBeGreaterThanOrEqual(3);
      feet.forEach((touches, leg) => {
        if (touches === 0) return;
        const gapM = distanceM(footCentre(model, poses, leg), terrain) - model.feet[leg].radiusM;
        // Feet sink in by about 1 mm, and count as touching from 2 mm on.
        expect(gapM).toBeGreaterThan(-0.003);
        expect(gapM).toBeLessThan(0.003);
      });
    });
    world.free();
  });

  it("is rough: the same feet would stand up to centimetres off on flat ground", () => {
    const heights = [0, 1, 2, 3, 4].map((i) => heightAt(terrain, i, -2 * i));
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(0.01);
  });
});
