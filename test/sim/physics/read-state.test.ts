import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import type { Quat, Vec3 } from "../../../sim/math.js";
import { loadPhysics, PhysicsWorld } from "../../../sim/physics/world.js";
import { edited, modelOf } from "../../support/a1.js";
import { apply, centreOfMass, matrixOf, times, transpose } from "../../support/link-poses.js";
import {
  AT_REST,
  advance,
  createWorld,
  FLAT,
  LEVEL,
  model,
  PHYSICS,
  place,
  posesOf,
  rowOf,
  testTuning,
} from "../../support/world.js";

beforeAll(loadPhysics);

/** Angles all over the joints' ranges: 0.1, 0.25 ... of the way from the lower to the upper limit. */
const POSE = model.qMinRad.map((low, j) => low + (model.qMaxRad[j] - low) * ((0.1 + 0.15 * j) % 1));
/** A turn of 100° about (1, 2, 3)/√14. */
const TURNED: Quat = (() => {
  const s = Math.sin((50 * Math.PI) / 180) / Math.sqrt(14);
  return [s, 2 * s, 3 * s, Math.cos((50 * Math.PI) / 180)];
})();

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits);
}

describe("placing a robot", () => {
  it("puts base, joints and velocity where they were asked for, before any step", () => {
    const world = createWorld(2);
    const velocity: Vec3 = [0.4, -0.7, 0.2];
    place(world, 1, [3, -2, 1.5], TURNED, POSE, velocity);
    const { state } = world;
    expectClose(rowOf(state.basePosition, 1, 3), [3, -2, 1.5], 6);
    expectClose(rowOf(state.baseRotation, 1, 4), TURNED, 6);
    expectClose(rowOf(state.jointPosition, 1, NUM_JOINTS), POSE, 5);
    expectClose(rowOf(state.jointVelocity, 1, NUM_JOINTS), new Float32Array(NUM_JOINTS), 6);
    const toBase = transpose(matrixOf(TURNED));
    expectClose(rowOf(state.baseVelocity, 1, 3), apply(toBase, velocity), 5);
    expectClose(rowOf(state.baseAngularVelocity, 1, 3), [0, 0, 0], 6);
    expectClose(rowOf(state.projectedGravity, 1, 3), apply(toBase, [0, 0, -1]), 5);
    world.free();
  });

  it("makes its pose the motors' target: no torque", () => {
    const world = createWorld();
    place(world, 0, [0, 0, 1], TURNED, POSE);
    expectClose(world.state.jointTorque, new Float32Array(NUM_JOINTS), 2);
    world.free();
  });

  it("keeps a level robot's gravity at (0, 0, -1) whatever its heading", () => {
    const world = createWorld();
    place(world, 0, [0, 0, 1], [0, 0, Math.SQRT1_2, Math.SQRT1_2]);
    expectClose(world.state.projectedGravity, [0, 0, -1], 6);
    world.free();
  });
});

// With one small step per timestep the engine moves by velocity · dt: velocities read after a step are differences of the poses
// read before and after it, but for joint drift that the solver takes back.
const DT_S = 0.0005;
const EXACT = { timestepS: DT_S, solverIterations: 1, pgsIterations: 30 };

describe("velocities of a robot that tumbles through the air", () => {
  const heavyNose = edited('<origin xyz="0.012731 0.002186 0.000515"/>', '<origin xyz="0.1 0.05 0.03"/>');
  const lopsided = modelOf(heavyNose, testTuning);
  let world: PhysicsWorld;
  let before: { position: Vec3; rotation: Quat; joints: Float32Array };

  beforeAll(() => {
    world = new PhysicsWorld(lopsided, 1, FLAT, { ...PHYSICS, ...EXACT });
    place(world, 0, [0, 0, 3], TURNED);
    world.advance(DT_S);
    world.pushHip(0, 1, [0.5, 1, 1.5]);
    world.setTargets(lopsided.qDefaultRad.map((q, j) => q + 0.3 * Math.sin(j)));
    advance(world, 40 * DT_S);
    const { basePosition, baseRotation, jointPosition } = world.state;
    before = {
      position: [...basePosition] as unknown as Vec3,
      rotation: [...baseRotation] as unknown as Quat,
      joints: jointPosition.slice(),
    };
    advance(world, DT_S);
  });

  it("has joint rates that its joint angles follow", () => {
    const { jointPosition, jointVelocity } = world.state;
    expect(Math.max(...jointVelocity.map(Math.abs))).toBeGreaterThan(5);
    // The motors brake hard: within one step rates change by a few per cent.
    jointVelocity.forEach((rate, j) => {
      expect(Math.abs(rate - (jointPosition[j] - before.joints[j]) / DT_S)).toBeLessThan(0.02 + 0.03 * Math.abs(rate));
    });
  });

  it("turns at its angular velocity, in its own frame", () => {
    const { baseRotation, baseAngularVelocity } = world.state;
    expect(Math.hypot(...baseAngularVelocity)).toBeGreaterThan(3);
    // R(t)ᵀ R(t + dt) = 1 + [ω dt]×: its skew part is ω dt.
    const turn = times(transpose(matrixOf(before.rotation)), matrixOf(baseRotation));
    const rate = [turn[7] - turn[5], turn[2] - turn[6], turn[3] - turn[1]].map((x) => x / 2 / DT_S);
    rate.forEach((w, k) => {
      expect(Math.abs(baseAngularVelocity[k] - w)).toBeLessThan(0.02);
    });
  });

  it("reports the velocity of the trunk's origin, not of its centre of mass 0.1 m ahead", () => {
    const { basePosition, baseVelocity, baseRotation, baseAngularVelocity } = world.state;
    const inWorld = before.position.map((x, k) => (basePosition[k] - x) / DT_S);
    const inBase = apply(transpose(matrixOf(baseRotation)), inWorld);
    const gap = Math.hypot(...inBase.map((v, k) => v - baseVelocity[k]));
    const [wx, wy, wz] = baseAngularVelocity;
    // |ω × com| with com = (0.1, 0.05, 0.03) m: how far off the other velocity would be.
    const mistake = Math.hypot(wy * 0.03 - wz * 0.05, wz * 0.1 - wx * 0.03, wx * 0.05 - wy * 0.1);
    expect(mistake).toBeGreaterThan(0.1);
    expect(gap).toBeLessThan(0.01);
    world.free();
  });
});

describe("the accelerometer", () => {
  const STEP_S = 0.02;

  /** What it adds up over one policy step. */
  function feel(world: PhysicsWorld, robot = 0): Float32Array {
    advance(world, STEP_S);
    return rowOf(world.state.deltaVelocity, robot, 3);
  }

  it("feels the ground's push at rest: g upwards, 9.81 · 0.02 = 0.1962 m/s", () => {
    const world = createWorld();
    place(world, 0, [0, 0, model.nominalHeightM]);
    for (let t = 0; t < 100; t++) advance(world, STEP_S);
    expectClose(feel(world), [0, 0, 0.1962], 2);
    world.free();
  });

  it("feels nothing in free fall, in any attitude and at any speed", () => {
    const world = createWorld(2);
    place(world, 1, [0, 0, 3], TURNED, model.qDefaultRad, [1, -0.5, 2]);
    for (let t = 0; t < 5; t++) expectClose(feel(world, 1), [0, 0, 0], 3);
    world.free();
  });

  it("feels no placing", () => {
    const world = createWorld();
    place(world, 0, [0, 0, 1], LEVEL, POSE, [2, 0, 0]);
    expect([...world.state.deltaVelocity]).toEqual([0, 0, 0]);
    expectClose(feel(world), [0, 0, 0], 3);
    world.free();
  });
});

describe("a push", () => {
  it("changes the whole robot's momentum by m · dv", () => {
    const world = createWorld(1, { timestepS: 0.001 });
    const change: Vec3 = [0.6, -0.8, 0.5];
    place(world, 0, [0, 0, 3]);
    advance(world, 0.001);
    const start = centreOfMass(model, posesOf(world));
    world.pushHip(0, 2, change);
    advance(world, 0.4);
    const end = centreOfMass(model, posesOf(world));
    world.free();
    // Ballistic: 0.4 s · dv, and ½ · 9.81 · 0.4² = 0.785 m down, and 9.81 · 0.001 · 0.4 = 0.004 m for the step before.
    const expected = [0.24, -0.32, 0.2 - 0.789];
    expected.forEach((metres, k) => {
      expect(Math.abs(end[k] - start[k] - metres)).toBeLessThan(0.005);
    });
  });

  it("turns a robot that it strikes at a hip, leftwards on the right side", () => {
    const world = createWorld();
    const yawRates = [0, 1].map((leg) => {
      place(world, 0, [0, 0, 3]);
      advance(world, PHYSICS.timestepS);
      world.pushHip(0, leg, [1, 0, 0]);
      world.read();
      return world.state.baseAngularVelocity[2];
    });
    world.free();
    // Hips are left (leg 0) and right (leg 1) of the middle: a forward push on the left turns the nose to the right.
    expect(yawRates[0]).toBeLessThan(-0.5);
    expect(yawRates[1]).toBeGreaterThan(0.5);
  });

  it("does nothing to a robot until it comes", () => {
    const world = createWorld();
    place(world, 0, [0, 0, 3], LEVEL, model.qDefaultRad, AT_REST);
    advance(world, 0.1);
    expect(Math.abs(world.state.baseVelocity[0])).toBeLessThan(1e-3);
    world.free();
  });
});
