import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MUJOCO_SETTINGS } from "../../../policy/sim2sim/mjcf.js";
import { type MujocoOptions, MujocoRobot } from "../../../policy/sim2sim/mujoco-robot.js";
import { physicsConfigSchema } from "../../../sim/config-sections.js";
import { nominalFeet } from "../../../sim/control/locomotion-control.js";
import { fromAxisAngle, IDENTITY, type Vec3 } from "../../../sim/math.js";
import { loadPhysics, PhysicsWorld } from "../../../sim/physics/world.js";
import { Rng } from "../../../sim/rng.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { distanceToGround, type Terrain } from "../../../sim/terrain/height-field.js";
import { modelOf } from "../../support/a1.js";

const model = modelOf();
const FRICTION = 0.8;
const STEP_S = 0.02;
const robots: MujocoRobot[] = [];

async function createRobot(options: Partial<MujocoOptions> = {}): Promise<MujocoRobot> {
  const robot = await MujocoRobot.create(model, { setting: MUJOCO_SETTINGS.rigid, friction: FRICTION, ...options });
  robots.push(robot);
  return robot;
}

/** In the default pose, at rest unless told. */
function place(robot: MujocoRobot, position: Vec3, rotation = IDENTITY, velocity?: Vec3): void {
  robot.place(0, { position, rotation, joints: model.qDefaultRad }, velocity);
}

afterAll(() => {
  for (const robot of robots) robot.free();
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const differences = Array.from(expected, (value, i) => Math.abs(actual[i] - value));
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

describe("sensors", () => {
  test("in free fall an accelerometer feels nothing", async () => {
    const robot = await createRobot();
    place(robot, [0, 0, 2]);
    robot.advance(STEP_S);
    robot.read();
    const { state } = robot;
    expectClose(state.deltaVelocity, [0, 0, 0], 1e-4);
    // 9.81 m/s² · 0.02 s
    expectClose(state.baseVelocity, [0, 0, -0.1962], 1e-4);
    expectClose(state.projectedGravity, [0, 0, -1], 1e-6);
    expect([...state.footContact, state.shellContact[0]]).toEqual([0, 0, 0, 0, 0]);
  });

  test("speak in the trunk's frame: nose down, gravity points forward", async () => {
    const robot = await createRobot();
    place(robot, [0, 0, 2], fromAxisAngle([0, 1, 0], Math.PI / 2));
    robot.advance(STEP_S);
    robot.read();
    expectClose(robot.state.projectedGravity, [1, 0, 0], 1e-4);
    expectClose(robot.state.baseVelocity, [0.1962, 0, 0], 1e-3);
  });

  test("at rest an accelerometer feels gravity's opposite, the feet the ground, and the trunk nothing", async () => {
    const robot = await createRobot();
    place(robot, [0, 0, model.nominalHeightM]);
    robot.advance(2);
    robot.read();
    robot.advance(STEP_S);
    robot.read();
    const { state } = robot;
    expectClose(state.deltaVelocity, [0, 0, 0.1962], 2e-3);
    expectClose(state.baseVelocity, [0, 0, 0], 2e-3);
    expect([...state.footContact, state.shellContact[0]]).toEqual([1, 1, 1, 1, 0]);
  });

  test("a robot on its back has its shell on the ground, and its feet not", async () => {
    const robot = await createRobot();
    place(robot, [0, 0, 0.2], fromAxisAngle([1, 0, 0], Math.PI));
    robot.advance(1);
    robot.read();
    expect([...robot.state.footContact, robot.state.shellContact[0]]).toEqual([0, 0, 0, 0, 1]);
  });

  test("time asked for in pieces adds up: 3.4 + 16.6 ms are a step", async () => {
    const robot = await createRobot();
    place(robot, [0, 0, 2]);
    for (let i = 0; i < 3; i++) {
      robot.advance(0.0034);
      robot.advance(0.0166);
    }
    robot.read();
    expectClose(robot.state.baseVelocity, [0, 0, -9.81 * 0.06], 1e-4);
  });

  describe("as Rapier's", () => {
    beforeAll(loadPhysics);

    test("of a robot that flails in the air", async () => {
      const turned = fromAxisAngle([0.6, 0, 0.8], 1);
      const start = model.qDefaultRad;
      const target = start.map((q, j) => q + (j % 3 === 0 ? 0.2 : 0.3) * (j < 6 ? 1 : -1));
      const robot = await createRobot({ setting: { ...MUJOCO_SETTINGS.rigid, timestepS: 0.001 } });
      const velocity: Vec3 = [0.6, -0.4, 0.2];
      place(robot, [1, 2, 3], turned, velocity);
      expectClose(robot.state.deltaVelocity, [0, 0, 0], 1e-6);
      robot.setTargets(target);
      const physics = { ...physicsConfigSchema.parse({}), timestepS: 0.001, pgsIterations: 16 };
      const world = new PhysicsWorld(model, 1, createTerrain({ kind: "flat", level: 0, seed: 0 }), physics);
      world.place(0, { position: [1, 2, 3], rotation: turned, joints: start }, velocity);
      world.setTargets(target);
      for (let i = 0; i < 2; i++) {
        robot.advance(STEP_S);
        robot.read();
        world.advance(STEP_S);
        world.read();
      }
      const [a, b] = [robot.state, world.state];
      world.free();
      // What is compared is far from 0: the trunk turns against its legs.
      expect(Math.hypot(...b.baseAngularVelocity)).toBeGreaterThan(0.5);
      expect(Math.hypot(...b.baseVelocity)).toBeGreaterThan(0.5);
      expectClose(a.baseAngularVelocity, b.baseAngularVelocity, 0.05);
      expectClose(a.baseVelocity, b.baseVelocity, 0.01);
      expectClose(a.deltaVelocity, b.deltaVelocity, 0.01);
      expectClose(a.projectedGravity, b.projectedGravity, 0.003);
      expectClose(a.basePosition, b.basePosition, 0.001);
      expectClose(a.baseRotation, b.baseRotation, 0.003);
      expectClose(a.jointPosition, b.jointPosition, 0.01);
      expectClose(a.jointVelocity, b.jointVelocity, 0.3);
      expectClose(a.jointTorque, b.jointTorque, 1);
    });
  });
});

describe("ground", () => {
  const rng = new Rng(3);
  /** Cells of 1 m, so that a foot is small beside them, and any of their triangles may be steep. */
  const terrain: Terrain = {
    spec: { kind: "rough", level: 1, seed: 0 },
    sizeM: 6,
    cellM: 1,
    verticesPerSide: 7,
    heightsM: Float32Array.from({ length: 49 }, () => rng.uniform(-0.15, 0.15)),
    frictionShare: new Float32Array(0),
    tiles: [],
  };

  test.each(Object.keys(MUJOCO_SETTINGS) as (keyof typeof MUJOCO_SETTINGS)[])(
    "has our triangles (%s)",
    async (name) => {
      const robot = await createRobot({ setting: MUJOCO_SETTINGS[name], terrain });
      const [footX, footY, footZ] = nominalFeet(model);
      const { radiusM } = model.feet[0];
      const touches = (x: number, y: number, z: number) => {
        place(robot, [x - footX, y - footY, z - footZ]);
        return robot.state.footContact[0] === 1;
      };
      for (let cellX = -2; cellX < 2; cellX++) {
        for (let cellY = -2; cellY < 2; cellY++) {
          // Deep inside both triangles of a cell: a quarter from its lowest corner, and from the opposite one.
          for (const inside of [0.25, 0.75]) {
            const [x, y] = [cellX + inside, cellY + inside];
            const high = 1;
            const slope = high - distanceToGround(terrain, x, y, high) / cosine(terrain, x, y);
            const touching = slope + radiusM / cosine(terrain, x, y);
            expect(touches(x, y, touching + 0.003)).toBe(false);
            expect(touches(x, y, touching - 0.003)).toBe(true);
          }
        }
      }
    },
  );

  /** Cosine of the ground's slope: how much a metre up takes a point away from it. */
  function cosine(ground: Terrain, x: number, y: number): number {
    return distanceToGround(ground, x, y, 3) - distanceToGround(ground, x, y, 2);
  }
});

test("where mujoco-js is not installed, it says what to do", async () => {
  vi.resetModules();
  vi.doMock("mujoco-js", () => {
    throw new Error("Cannot find package 'mujoco-js'");
  });
  const { loadMujoco } = await import("../../../policy/sim2sim/mujoco-robot.js");
  await expect(loadMujoco()).rejects.toThrow("MuJoCo is not installed: `npm install mujoco-js` brings it");
  vi.doUnmock("mujoco-js");
});
