import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS, NUM_LEGS } from "../../../gaits/types.js";
import { loadPhysics, PhysicsWorld } from "../../../sim/physics/world.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { a1Urdf, modelOf } from "../../support/a1.js";
import { apply, footCentre, linkPoses, matrixOf, sum } from "../../support/link-poses.js";
import { advance, createWorld, FLAT, model, PHYSICS, place, testTuning } from "../../support/world.js";

beforeAll(loadPhysics);

const G = 9.81;
const FINE = { timestepS: 0.001, solverIterations: 4, pgsIterations: 20 };

function createWorldOf(robot: RobotModel, fixedBase: boolean): PhysicsWorld {
  return new PhysicsWorld(robot, 1, FLAT, { ...PHYSICS, ...FINE, fixedBase });
}

describe("torque of the motors", () => {
  it("never reads beyond the cap, and is at the cap while the target is far", () => {
    const capped = modelOf(a1Urdf, { ...testTuning, torqueMaxNm: { hip: 3, thigh: 4, calf: 5 } });
    const world = createWorldOf(capped, true);
    place(world, 0, [0, 0, 1]);
    // 0.5 rad off: kp · 0.5 = 40 N·m asked for, with the sign of the way to go.
    const signs = capped.qDefaultRad.map((_, j) => (j % 2 === 0 ? 1 : -1));
    world.setTargets(capped.qDefaultRad.map((q, j) => q + 0.5 * signs[j]));
    advance(world, 0.001);
    const caps = signs.map((sign, j) => sign * [3, 4, 5][j % 3]);
    expect([...world.state.jointTorque]).toEqual([...caps]);
    for (let i = 0; i < 100; i++) {
      advance(world, 0.005);
      world.state.jointTorque.forEach((torque, j) => {
        expect(Math.abs(torque)).toBeLessThanOrEqual(Math.abs(caps[j]));
      });
    }
    world.free();
  });

  it("is capped in the engine too: a quarter of the torque that standing takes lets the robot sink", () => {
    // A leg carries 12.453 kg · 9.81 / 4 = 30.5 N; the foot is 0.2 m · sin 0.75 = 0.136 m ahead of the knee: 4.2 N·m at the calf.
    const sinks = (torqueMaxNm: number) => {
      const robot = modelOf(a1Urdf, { ...testTuning, torqueMaxNm });
      const world = createWorldOf(robot, false);
      place(world, 0, [0, 0, robot.nominalHeightM]);
      advance(world, 0.5);
      const sunkM = robot.nominalHeightM - world.state.basePosition[2];
      world.free();
      return sunkM;
    };
    expect(sinks(1)).toBeGreaterThan(0.1);
    expect(sinks(10)).toBeLessThan(0.03);
  });

  it("is kp · (target − angle) − kd · rate below the cap", () => {
    const world = createWorldOf(model, true);
    place(world, 0, [0, 0, 1]);
    const target = model.qDefaultRad.map((q, j) => q + 0.1 * Math.cos(j));
    world.setTargets(target);
    advance(world, 0.02);
    const { jointPosition: q, jointVelocity: rate, jointTorque } = world.state;
    expect(Math.max(...rate.map(Math.abs))).toBeGreaterThan(0.3);
    // kp 80 N·m/rad, kd 2 N·m·s/rad.
    jointTorque.forEach((torque, j) => {
      expect(torque).toBeCloseTo(80 * (target[j] - q[j]) - 2 * rate[j], 3);
    });
    world.free();
  });

  it("carries the weight: at rest the feet push as hard as gravity pulls, by the principle of virtual work", () => {
    const world = createWorldOf(model, false);
    place(world, 0, [0, 0, model.nominalHeightM]);
    advance(world, 2);
    const upwardN = groundForceZ(world);
    world.free();
    // Within 2 %: what is left of the motion, and of torques read to 0.05 N·m.
    expect(Math.abs(upwardN / (model.massKg * G) - 1)).toBeLessThan(0.02);
  });
});

/**
 * Sum of the vertical ground forces on the feet. A small turn dq of one leg's joints at a held base does no work in all:
 * τ · dq − dU + F · dp = 0 for each joint, with U the leg's potential energy and p the foot: (∂p/∂q)ᵀ F = ∂U/∂q − τ.
 */
function groundForceZ({ state }: PhysicsWorld): number {
  const q = Array.from(state.jointPosition);
  const base = { position: [0, 0, 0] as const, rotation: matrixOf(state.baseRotation) };
  const energyJ = (angles: number[]) => {
    const poses = linkPoses(model, base, angles);
    return model.links.reduce((total, { massKg, comM }, i) => {
      return total + massKg * G * sum(poses[i].position, apply(poses[i].rotation, comM))[2];
    }, 0);
  };
  const h = 1e-4;
  const derivative = <T>(of: (angles: number[]) => T, j: number, difference: (a: T, b: T) => T): T => {
    const [up, down] = [h, -h].map((step) => of(q.map((angle, k) => (k === j ? angle + step : angle))));
    return difference(up, down);
  };
  let total = 0;
  for (let leg = 0; leg < NUM_LEGS; leg++) {
    const foot = (angles: number[]): readonly number[] => footCentre(model, linkPoses(model, base, angles), leg);
    const rows = [0, 1, 2].map((k) => {
      const j = 3 * leg + k;
      const slope = derivative(energyJ, j, (a, b) => (a - b) / (2 * h));
      const column = derivative(foot, j, (a, b) => a.map((x, i) => (x - b[i]) / (2 * h)));
      return { column, right: slope - state.jointTorque[j] };
    });
    // Cramer's rule for F_z of the three equations column · F = right.
    const [a, b, c] = rows.map(({ column }) => column);
    const [ra, rb, rc] = rows.map(({ right }) => right);
    total +=
      determinant([a[0], a[1], ra], [b[0], b[1], rb], [c[0], c[1], rc]) /
      determinant([a[0], a[1], a[2]], [b[0], b[1], b[2]], [c[0], c[1], c[2]]);
  }
  return total;
}

type Row = readonly [number, number, number];

function determinant(a: Row, b: Row, c: Row): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
}

describe("joint limits", () => {
  it.each([
    ["upper", 10, model.qMaxRad],
    ["lower", -10, model.qMinRad],
  ] as const)("clamp targets beyond the %s ones", (_, target, limits) => {
    const world = createWorld(1, { ...FINE, fixedBase: true });
    place(world, 0, [0, 0, 1]);
    world.setTargets(new Float32Array(NUM_JOINTS).fill(target));
    advance(world, 1.5);
    // Motors hold against gravity with an error of up to 1.3 N·m / 80 N·m/rad = 0.016 rad, and don't press against the stop. The
    // engine knows angles within half a turn of zero: the A1's upper limit of the thigh, 240°, is none that its motors can hold.
    const { jointPosition, jointTorque } = world.state;
    for (let j = 0; j < NUM_JOINTS; j++) {
      if (Math.abs(limits[j]) > Math.PI) continue;
      expect(Math.abs(jointPosition[j] - limits[j])).toBeLessThan(0.02);
      expect(Math.abs(jointTorque[j])).toBeLessThan(2);
    }
    world.free();
  });

  it("stop legs that fall without motors, with no more than 0.02 rad of overshoot", () => {
    const limp = modelOf(a1Urdf, { ...testTuning, kp: 1e-6, kd: 1e-6 });
    const world = createWorldOf(limp, true);
    place(world, 0, [0, 0, 1]);
    let beyondRad = 0;
    for (let i = 0; i < 200; i++) {
      advance(world, 0.005);
      world.state.jointPosition.forEach((q, j) => {
        beyondRad = Math.max(beyondRad, q - limp.qMaxRad[j], limp.qMinRad[j] - q);
      });
    }
    // Shins that hang free would straighten to 0 rad; the limit is −52.5°.
    const calves = [0, 1, 2, 3].map((leg) => world.state.jointPosition[3 * leg + 2]);
    world.free();
    expect(beyondRad).toBeLessThan(0.02);
    for (const calf of calves) expect(Math.abs(calf - (-52.5 * Math.PI) / 180)).toBeLessThan(0.1);
  });
});
