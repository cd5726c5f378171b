import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { GAITS, gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { decodeBundle, type PolicyBundle } from "../../../policy/bundle/bundle.js";
import { Controller } from "../../../policy/runtime/controller.js";
import { createEstimator, PolicyNetwork } from "../../../policy/runtime/inference.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { VecEnv } from "../../../sim/env.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { selectorOf } from "../../support/selection.js";
import { FLAT, model } from "../../support/world.js";

beforeAll(() => loadPhysics());

const STEPS = 100;
const { actorSize } = OBSERVATION_SPEC;

function pretrained(name: string): PolicyBundle {
  return decodeBundle(readFileSync(new URL(`../../../policy/pretrained/${name}.json`, import.meta.url), "utf8"), name);
}

/** An environment as the policy was trained in, but for commands and gaits, and the point of the stride that it began at. */
function startEnv(bundle: PolicyBundle): { env: VecEnv; strideCycle: number } {
  const { env } = bundle;
  const config = { ...env, command: { ...env.command, resampleS: 60, standShare: 0 }, episodeS: 60 };
  const reset = vi.spyOn(LocomotionControl.prototype, "reset");
  const model = createRobotModel(bundle.robot, bundle.robot.name);
  const world = new VecEnv(model, config, 1, FLAT, 5, { estimator: createEstimator(bundle) });
  const [, strideCycle] = reset.mock.calls[0];
  reset.mockRestore();
  return { env: world, strideCycle };
}

/** Tells both the same. Halfway, another gait; near the end, to stand. */
function command(step: number, ...controls: readonly LocomotionControl[]): void {
  for (const control of controls) {
    control.gaitCommand[0] = gaitIndex(step < STEPS / 2 ? "trot" : "amble");
    control.command.set(step < 80 ? [0.5, 0.1, 0.2] : [0, 0, 0]);
  }
}

describe.each(["locomotion", "trot"])("the controller of %s", (name) => {
  it("does what the environment and the policy do with the same readings, to the last bit", () => {
    const bundle = pretrained(name);
    const { env, strideCycle } = startEnv(bundle);
    const controller = new Controller(env.model, bundle, env.sensors.readings);
    controller.control.gaitCommand.set(env.control.gaitCommand);
    controller.control.command.set(env.control.command);
    controller.reset(strideCycle);
    const network = new PolicyNetwork(bundle);
    const actions = new Float32Array(NUM_JOINTS);
    for (let step = 0; step < STEPS; step++) {
      expect(controller.observation).toEqual(env.obs.subarray(0, actorSize));
      network.act(actions, 0, env.obs, 0);
      controller.act();
      expect(controller.action).toEqual(actions);
      command(step, env.control, controller.control);
      env.step(actions);
      expect([...env.terminated, ...env.truncated]).toEqual([0, 0]);
      expect(controller.control.jointTarget).toEqual(env.control.jointTarget);
      controller.sense();
      expect(controller.control.estimate.velocity).toEqual(env.control.estimate.velocity);
      expect(controller.control.jointReference).toEqual(env.control.jointReference);
    }
    expect(controller.control.action.some((action) => Math.abs(action) > 0.1)).toBe(true);
    env.free();
  });

  it("without its policy's corrections keeps to the gait memory's joint angles", () => {
    const bundle = pretrained(name);
    const { env } = startEnv(bundle);
    const controller = new Controller(env.model, bundle, env.sensors.readings);
    command(0, controller.control);
    controller.reset(0.25);
    controller.act("gaitMemoryAlone");
    const { jointTarget, jointReference } = controller.control;
    expect(controller.action).toEqual(new Float32Array(NUM_JOINTS));
    expect(jointTarget).toEqual(jointReference);
    controller.act();
    expect(jointTarget).not.toEqual(jointReference);
    env.free();
  });
});

describe("a controller with a gait selection policy", () => {
  it("walks as that says, at rest as well, until it is told a gait: then it stands at rest", () => {
    const readings = createRobotState(1);
    readings.projectedGravity[2] = -1;
    const pronk = gaitIndex("pronk");
    const controller = new Controller(model, selectorOf(SELECTABLE_GAITS.indexOf(pronk)), readings);
    controller.reset(0);
    const gaitAfter = (choose: () => void) => {
      choose();
      controller.sense();
      return GAITS[controller.control.gait.reference.gaitIndex[0]].id;
    };
    const likeliest = () => Math.max(...controller.gaitProbability!);
    expect(gaitAfter(() => controller.selectGait())).toBe("pronk");
    expect(likeliest()).toBeCloseTo(0.2797, 4); // e / (e + 7), from outputs of 1 and of seven times 0
    expect(gaitAfter(() => controller.tellGait(pronk))).toBe("stand");
    expect(likeliest()).toBe(0);
  });

  it("begins with a stand, also after another gait, and selects from the first step on", () => {
    const readings = createRobotState(1);
    readings.projectedGravity[2] = -1;
    const controller = new Controller(model, selectorOf(SELECTABLE_GAITS.indexOf(gaitIndex("pronk"))), readings);
    const step = (gait: number | "policy", isFirst: boolean) => {
      controller.control.command[0] = 0.5;
      controller.step(gait, isFirst);
      return GAITS[controller.control.gait.reference.gaitIndex[0]].id;
    };
    expect(step(gaitIndex("trot"), true)).toBe("trot");
    expect([step("policy", true), step("policy", false)]).toEqual(["stand", "pronk"]);
  });
});
