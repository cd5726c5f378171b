import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { loadPhysics, type PhysicsWorld } from "../../../sim/physics/world.js";
import type { RobotState } from "../../../sim/robot/state.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import type { Terrain } from "../../../sim/terrain/height-field.js";
import { advance, createWorld, FLAT, model, place, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

const STEPS = 60;
const ARRAYS: readonly (readonly [keyof RobotState, number])[] = [
  ["basePosition", 3],
  ["baseRotation", 4],
  ["baseVelocity", 3],
  ["baseAngularVelocity", 3],
  ["projectedGravity", 3],
  ["jointPosition", NUM_JOINTS],
  ["jointVelocity", NUM_JOINTS],
  ["jointTorque", NUM_JOINTS],
  ["footContact", 4],
  ["shellContact", 1],
];

/** All that the state tells of one robot. */
function snapshot({ state }: PhysicsWorld, robot: number): number[] {
  return ARRAYS.flatMap(([name, width]) => [...rowOf(state[name], robot, width)]);
}

/** Each robot dances to a rhythm of its own, hard enough to leave the ground. */
function writeDance(targets: Float32Array, rhythms: readonly number[], t: number): void {
  rhythms.forEach((rhythm, robot) => {
    for (let j = 0; j < NUM_JOINTS; j++) {
      targets[NUM_JOINTS * robot + j] = model.qDefaultRad[j] + 0.4 * Math.sin(rhythm * t + j);
    }
  });
}

/** The trajectory of the robot with rhythm 0.2, which starts at the origin; all others overlap it. */
function dance(rhythms: readonly number[], terrain: Terrain, disturb?: (world: PhysicsWorld, t: number) => void) {
  const world = createWorld(rhythms.length, {}, terrain);
  const watched = rhythms.indexOf(0.2);
  rhythms.forEach((_, robot) => {
    place(world, robot, [0.1 * (robot - watched), 0, model.nominalHeightM + 0.05]);
  });
  const targets = new Float32Array(NUM_JOINTS * rhythms.length);
  const trajectory: number[][] = [];
  for (let t = 0; t < STEPS; t++) {
    writeDance(targets, rhythms, t);
    world.setTargets(targets);
    disturb?.(world, t);
    advance(world, 0.02);
    trajectory.push(snapshot(world, watched));
  }
  world.free();
  return trajectory;
}

const COMPANY = [0.31, 0.17, 0.2, 0.07, 0.45, 0.29];

describe("a robot among others", () => {
  it("moves on flat ground as it does alone, to the last bit, though they stand in the same place", () => {
    const alone = dance([0.2], FLAT);
    expect(alone[0]).not.toEqual(alone[STEPS - 1]);
    expect(dance(COMPANY, FLAT)).toEqual(alone);
  });

  it("moves on rough ground as it does alone but for the order in which the solver takes its contacts", () => {
    // That order depends on who else touches the ground; 20 sweeps a step leave it a trace: up to 8 mm in 2 s measured.
    const rough = createTerrain({ kind: "rough", level: 2, seed: 3 });
    const [alone, among] = [dance([0.2], rough), dance(COMPANY, rough)];
    alone.forEach((state, t) => {
      const gap = Math.hypot(...[0, 1, 2].map((k) => state[k] - among[t][k]));
      expect(gap).toBeLessThan(0.02);
    });
  });

  it("is not moved by what happens to them: resets, pushes, slippery feet", () => {
    const disturb = (world: PhysicsWorld, t: number) => {
      if (t % 7 === 3) place(world, 0, [0, 0, 0.5]);
      if (t % 5 === 2) world.pushHip(4, 2, [1, -1, 0.5]);
      if (t === 10) world.setFriction(3, 0.05);
    };
    expect(dance(COMPANY, FLAT, disturb)).toEqual(dance(COMPANY, FLAT));
  });
});

describe("resetting one robot", () => {
  it("leaves the state of its neighbours as it is, bit by bit", () => {
    const world = createWorld(3);
    for (let robot = 0; robot < 3; robot++) place(world, robot, [robot, 0, model.nominalHeightM]);
    advance(world, 0.25);
    const [before, , after] = [0, 1, 2].map((robot) => snapshot(world, robot));
    place(world, 1, [5, 5, 1], [0, 1, 0, 0]);
    expect([...rowOf(world.state.footContact, 1, 4)]).toEqual([0, 0, 0, 0]);
    for (const readAll of [false, true]) {
      if (readAll) world.read();
      expect(snapshot(world, 0)).toEqual(before);
      expect(snapshot(world, 2)).toEqual(after);
    }
    world.free();
  });

  it("makes it forget its past: it moves as a robot that was just made", () => {
    const fresh = createWorld();
    const used = createWorld();
    // A violent past: a fall on its back, with targets elsewhere.
    place(used, 0, [0, 0, 0.4], [1, 0, 0, 0]);
    used.setTargets(model.qMaxRad);
    used.advance(0.5);
    for (const world of [fresh, used]) {
      place(world, 0, [0, 0, model.nominalHeightM + 0.02]);
      advance(world, 0.5);
    }
    expect(snapshot(used, 0)).toEqual(snapshot(fresh, 0));
    fresh.free();
    used.free();
  });
});

describe("freeing a world", () => {
  it("ends its use", () => {
    const world = createWorld();
    world.free();
    expect(() => world.advance(0.02)).toThrow();
  });
});
