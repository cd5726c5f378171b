import { beforeAll, describe, expect, test } from "vitest";
import { mujocoRobot } from "../../../policy/cli/bench/mujoco.js";
import { record, rmsDifference, type Trajectory, WORKLOADS } from "../../../policy/cli/bench/workloads.js";
import type { MujocoRobot } from "../../../policy/sim2sim/mujoco-robot.js";
import { physicsConfigSchema } from "../../../sim/config-sections.js";
import { loadPhysics, type PhysicsOptions, PhysicsWorld } from "../../../sim/physics/world.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { modelOf } from "../../support/a1.js";

const model = modelOf();
const REFERENCE_TIMESTEP_S = 0.001;
/** As we train. */
const TRAINING: PhysicsOptions = physicsConfigSchema.parse({});
/** The same physics, converged. */
const FINE: PhysicsOptions = { ...TRAINING, timestepS: 0.001, solverIterations: 4, pgsIterations: 16 };

interface Tolerance {
  readonly jointRmsRad: number;
  readonly heightM: number;
}

// With small steps both engines must tell the same story, or masses, motors or friction differ. What remains (measured: 0.4 to
// 4 mrad, 2 mm) is contact: Rapier lets feet sink in by 1 mm, MuJoCo's ground is a stiff spring.
const FINE_TOLERANCE: Tolerance = { jointRmsRad: 0.006, heightM: 0.003 };
// With the steps that we train at, their own error comes on top: 12 to 19 mrad and 5 to 7 mm measured, 0.02 rad is what we allow.
// A trot touches down twenty times, each a little earlier or later: 37 mrad and 13 mm measured.
const TRAINING_TOLERANCE: Tolerance = { jointRmsRad: 0.02, heightM: 0.008 };
const TRAINING_TROT_TOLERANCE: Tolerance = { jointRmsRad: 0.045, heightM: 0.015 };

function createWorld(options: PhysicsOptions): PhysicsWorld {
  return new PhysicsWorld(model, 1, createTerrain({ kind: "flat", level: 0, seed: 0 }), options);
}

function createReference(fixedBase: boolean): Promise<MujocoRobot> {
  return mujocoRobot(model, REFERENCE_TIMESTEP_S, TRAINING.friction, fixedBase);
}

function maxDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0);
}

beforeAll(loadPhysics);

describe.each(Object.entries(WORKLOADS))("Rapier does as MuJoCo does: %s", (name, createWorkload) => {
  let reference: Trajectory;

  beforeAll(async () => {
    const workload = createWorkload(model);
    const robot = await createReference(workload.fixedBase);
    reference = record(robot, model, workload);
    robot.free();
  });

  function expectAgreement(options: PhysicsOptions, tolerance: Tolerance): void {
    const workload = createWorkload(model);
    const world = createWorld({ ...options, fixedBase: workload.fixedBase });
    const { jointRad, heightM } = record(world, model, workload);
    world.free();
    expect(rmsDifference(jointRad, reference.jointRad)).toBeLessThan(tolerance.jointRmsRad);
    expect(maxDifference(heightM, reference.heightM)).toBeLessThan(tolerance.heightM);
  }

  test("with small steps", () => expectAgreement(FINE, FINE_TOLERANCE));

  test("with the steps that we train at", () =>
    expectAgreement(TRAINING, name === "trot" ? TRAINING_TROT_TOLERANCE : TRAINING_TOLERANCE));
});

describe("holding the legs in the air", () => {
  const expected = new Float32Array(12);

  beforeAll(async () => {
    const robot = await createReference(true);
    record(robot, model, WORKLOADS.step(model));
    expected.set(robot.state.jointTorque);
    robot.free();
  });

  test("takes the torque of gravity", () => {
    // Hip at 0.3, thigh at 1.05, calf at 1.05 - 1.2 = -0.15 rad from the vertical. Behind the thigh's axis lie its own centre
    // of mass, x = .003237 cos 1.05 + .027326 sin 1.05 = .0253 m, and the calf's, .2 sin 1.05 - .131975 sin .15 - .0047266
    // cos .15 = .1491 m: (1.013 · .0253 + .226 · .1491) kg·m · 9.81 · cos 0.3 = .556 N·m.
    expect(expected[1]).toBeCloseTo(0.556, 2);
  });

  // The solver leaves joints that carry others short of rest: at the training steps by 0.3 N·m, which is kp times 4 mrad.
  test.each([
    ["small steps", FINE, 0.02],
    ["the steps that we train at", TRAINING, 0.9],
  ] as const)("takes the same motor torques in both engines with %s", (_, options, toleranceNm) => {
    const world = createWorld({ ...options, fixedBase: true });
    record(world, model, WORKLOADS.step(model));
    const difference = maxDifference(world.state.jointTorque, expected);
    world.free();
    expect(difference).toBeLessThan(toleranceNm);
  });
});

test("standing still puts all four feet and nothing else on the ground", () => {
  const world = createWorld(TRAINING);
  record(world, model, WORKLOADS.stand(model));
  const { footContact, shellContact } = world.state;
  world.free();
  expect([...footContact]).toEqual([1, 1, 1, 1]);
  expect(shellContact[0]).toBe(0);
});
