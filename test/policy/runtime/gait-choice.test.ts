import { describe, expect, it } from "vitest";
import { gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { createChooser, FroudeRule, GaitSelector, type GaitSource } from "../../../policy/runtime/gait-choice.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { envConfig } from "../../support/envs.js";
import { selectorOf } from "../../support/selection.js";
import { model } from "../../support/world.js";

const ROBOT = 1;
const [stand, trot, run, pronk] = ["stand", "trot", "run", "pronk"].map(gaitIndex);

function createControl(): LocomotionControl {
  const control = new LocomotionControl(model, envConfig().control, 2);
  control.gaitCommand.fill(trot);
  return control;
}

describe("gaits by speed", () => {
  function chosen(vx: number, yawRate = 0): number {
    const control = createControl();
    control.command.set([vx, 0, yawRate], 3 * ROBOT);
    new FroudeRule(control).choose(ROBOT);
    expect(control.gaitCommand[0]).toBe(trot);
    return control.gaitCommand[ROBOT];
  }

  it("are a stand, a trot and above a Froude number of 0.74 a run", () => {
    expect(chosen(0)).toBe(stand);
    expect(chosen(0.1)).toBe(trot);
    expect(chosen(0, 0.5)).toBe(trot);
    // √(0.74 · 9.81 · 0.4) = 1.704 m/s; rotary gallops, from 2.43 m/s on, can't be selected.
    expect([1.7, 1.71, 3].map((vx) => chosen(vx))).toEqual([trot, run, run]);
  });
});

describe("a gait selection policy", () => {
  function createSelector(decisionSteps: number) {
    const control = createControl();
    const { selector } = selectorOf(SELECTABLE_GAITS.indexOf(pronk), decisionSteps);
    const chooser = new GaitSelector(selector!, control, createRobotState(2));
    chooser.reset(ROBOT);
    return { control, chooser };
  }

  it("chooses every few steps", () => {
    const { control, chooser } = createSelector(3);
    const heeded = Array.from({ length: 7 }, () => {
      control.gaitCommand[ROBOT] = trot;
      chooser.choose(ROBOT);
      return control.gaitCommand[ROBOT] === pronk;
    });
    expect(heeded).toEqual([true, false, false, true, false, false, true]);
    expect(control.gaitCommand[0]).toBe(trot);
  });

  it("does not while a transition runs", () => {
    const { control, chooser } = createSelector(1);
    control.gait.reference.transition[ROBOT] = 1;
    chooser.choose(ROBOT);
    expect(control.gaitCommand[ROBOT]).toBe(trot);
    control.gait.reference.transition[ROBOT] = 0;
    chooser.choose(ROBOT);
    expect(control.gaitCommand[ROBOT]).toBe(pronk);
  });

  it("tells how likely it found each gait, until the robot starts anew", () => {
    const { chooser } = createSelector(1);
    const told = () => [...chooser.probabilities].map((share) => Number(share.toFixed(4)));
    expect(told()).toEqual(Array(16).fill(0)); // two robots
    chooser.choose(ROBOT);
    // The pronk's output is 1, that of the other seven 0: e / (e + 7) = 0.2797, 1 / (e + 7) = 0.1029
    expect(told()).toEqual([
      ...Array(8).fill(0),
      ...SELECTABLE_GAITS.map((gait) => (gait === pronk ? 0.2797 : 0.1029)),
    ]);
    chooser.reset(ROBOT);
    expect(told()).toEqual(Array(16).fill(0));
  });
});

describe("who chooses", () => {
  it("is who the source names; the speed for a policy that cannot", () => {
    const { selector } = selectorOf(SELECTABLE_GAITS.indexOf(pronk));
    const chosen = (source: GaitSource, policy: typeof selector) => {
      const control = createControl();
      const chooser = createChooser(source, control, createRobotState(2), policy);
      chooser?.reset(ROBOT);
      chooser?.choose(ROBOT);
      return control.gaitCommand[ROBOT];
    };
    expect(chosen("told", selector)).toBe(trot);
    expect(chosen("policy", selector)).toBe(pronk);
    expect(chosen("policy", null)).toBe(stand);
    expect(chosen("by-speed", selector)).toBe(stand);
    expect(chosen({ gait: "run" }, selector)).toBe(run);
    expect(() => chosen({ gait: "swim" }, selector)).toThrow(RangeError);
  });
});
