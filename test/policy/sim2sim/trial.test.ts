import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decodeBundle } from "../../../policy/bundle/bundle.js";
import type { Scenario } from "../../../policy/evaluation/scenario.js";
import { createEvaluator } from "../../../policy/export/onnx/evaluator.js";
import { decodeModel } from "../../../policy/export/onnx/protobuf.js";
import { exportOnnx } from "../../../policy/export/onnx/write.js";
import { MUJOCO_SETTINGS } from "../../../policy/sim2sim/mjcf.js";
import { MujocoRobot } from "../../../policy/sim2sim/mujoco-robot.js";
import { NetworkController } from "../../../policy/sim2sim/network-controller.js";
import {
  BundleController,
  type RobotController,
  StudentController,
  studentRunner,
} from "../../../policy/sim2sim/robot-controller.js";
import { summarise } from "../../../policy/sim2sim/summary.js";
import { type Course, MujocoTrial, type TrialResult } from "../../../policy/sim2sim/trial.js";
import { IDENTITY } from "../../../sim/math.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { randomSelector } from "../../support/selection.js";
import { testStudent } from "../../support/student.js";

const path = new URL("../../../policy/pretrained/locomotion.json", import.meta.url);
const bundle = decodeBundle(readFileSync(path, "utf8"), "locomotion.json");
const model = createRobotModel(bundle.robot, bundle.robot.name);
const terrain = createTerrain({ kind: "flat", level: 0, seed: 0 });

function course(trialS: number): Course {
  const scenario: Scenario = { trialS, gaitSource: "told", tell: () => ({ gait: "trot", vx: 0.5, yawRate: 0 }) };
  return { model, env: bundle.env, terrain, scenario, seed: 1 };
}

let robot: MujocoRobot;
beforeAll(async () => {
  robot = await MujocoRobot.create(model, { setting: MUJOCO_SETTINGS.rigid, friction: 0.8, terrain });
});
afterAll(() => robot.free());

/** What a controller of unchanging targets, or of none, does. */
const constant = (target: Float32Array | null): RobotController => ({ reset() {}, step: async () => target });

describe("a trial in MuJoCo", () => {
  it("scores a walk after its first second, the same way every time", async () => {
    const walk = () => new MujocoTrial(robot, new BundleController(model, bundle), course(2), 0).run();
    const result = await walk();
    // Steps of 20 ms in the second one.
    expect(result).toMatchObject({ fell: false, samples: 50 });
    expect(result.vxErrorMPerS).toBeLessThan(0.4);
    expect(await walk()).toEqual(result);
    const other = await new MujocoTrial(robot, new BundleController(model, bundle), course(2), 1).run();
    expect(other.vxErrorMPerS).not.toBe(result.vxErrorMPerS);
  });

  it("measures what is off: who stands still lacks all of 0.5 m/s, and half of a trot's contacts", async () => {
    const result = await new MujocoTrial(robot, constant(model.qDefaultRad), course(3), 0).run();
    expect(result.fell).toBe(false);
    expect(result.vxErrorMPerS).toBeCloseTo(0.5, 1);
    // All four feet on the ground, where a trot has a foot down for its duty factor of the time: 0.5.
    expect(result.contactErrorPercent).toBeCloseTo(50, -1);
  });

  it("ends in a fall where the robot lies down, and where its controller gives up", async () => {
    const folded = model.qDefaultRad.map((_, j) => (j % 3 === 0 ? 0 : model.qMaxRad[j]));
    expect(await new MujocoTrial(robot, constant(folded), course(3), 0).run()).toMatchObject({ fell: true });
    expect(await new MujocoTrial(robot, constant(null), course(3), 0).run()).toMatchObject({ fell: true, samples: 0 });
  });
});

/** Both make the same of a walk, of 30 steps in each gait, that follows the first. */
async function expectAgreement(first: RobotController, second: RobotController, gaits: string[]): Promise<void> {
  for (const gait of gaits) {
    robot.place(0, { position: [0, 0, model.nominalHeightM], rotation: IDENTITY, joints: model.qDefaultRad });
    first.reset();
    second.reset();
    for (let step = 0; step < 30; step++) {
      const told = { gait, vx: 0.5, yawRate: step < 15 ? 0 : 0.4 };
      const expected = (await first.step(robot.state, told))!;
      const targets = (await second.step(robot.state, told))!;
      expected.forEach((q, j) => {
        expect(Math.abs(targets[j] - q)).toBeLessThan(1e-5);
      });
      robot.setTargets(expected);
      robot.advance(0.02);
      robot.read();
    }
  }
}

describe("controllers", () => {
  it("from exported networks do what the policy does, from each beginning on", async () => {
    const files = exportOnnx(bundle, model, "0.0.0");
    const runner = (name: string) => createEvaluator(decodeModel(files.get(name) as Uint8Array, name));
    const runners = { policy: runner("policy.onnx"), estimator: runner("estimator.onnx"), selector: null };
    const original = new BundleController(model, bundle);
    await expectAgreement(original, new NetworkController(model, bundle, runners), ["trot", "bound"]);
  });

  it("from exported networks select the gaits that the policy selects", async () => {
    const selecting = { ...bundle, selector: randomSelector(3) };
    const files = exportOnnx(selecting, model, "0.0.0");
    const runner = (name: string) => createEvaluator(decodeModel(files.get(name) as Uint8Array, name));
    const ask = vi.fn(runner("selector.onnx"));
    const runners = { policy: runner("policy.onnx"), estimator: runner("estimator.onnx"), selector: ask };
    const original = new BundleController(model, selecting, "policy");
    await expectAgreement(original, new NetworkController(model, selecting, runners), ["trot", "bound"]);
    // 2 · 30 steps make 2 · 10 turns, of which transitions take some.
    expect(ask.mock.calls.length).toBeGreaterThan(5);
    expect(ask.mock.calls.length).toBeLessThanOrEqual(20);
  });

  it("of students start anew with each reset", async () => {
    const bundle = testStudent(3);
    const student = new StudentController(model, bundle, studentRunner(bundle, model));
    robot.place(0, { position: [0, 0, model.nominalHeightM], rotation: IDENTITY, joints: model.qDefaultRad });
    const told = { gait: "trot", vx: 0.5, yawRate: 0 };
    const first = (await student.step(robot.state, told)).slice();
    expect((await student.step(robot.state, told)).slice()).not.toEqual(first);
    student.reset();
    expect((await student.step(robot.state, told)).slice()).toEqual(first);
  });
});

describe("a summary", () => {
  const result = (fell: boolean, samples: number, error: number): TrialResult => ({
    ...{ fell, samples, costOfTransport: 0, torqueSaturationPercent: 0, vyErrorMPerS: 0 },
    ...{ vxErrorMPerS: error, yawRateErrorRadPerS: 2 * error, contactErrorPercent: 10 * error },
  });

  it("weighs trials by their scored steps; one that fell before them counts as a fall alone", () => {
    const early = result(true, 0, Number.NaN);
    // (300 · 0.1 + 100 · 0.5) / 400 = 0.2
    expect(summarise([result(false, 300, 0.1), early, result(true, 100, 0.5)])).toEqual({
      ...{ trials: 3, falls: 2 },
      velocityErrorX: expect.closeTo(0.2),
      yawRateError: expect.closeTo(0.4),
      contactErrorPercent: expect.closeTo(2),
    });
  });
});
