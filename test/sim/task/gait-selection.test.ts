import { describe, expect, it } from "vitest";
import { gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { SELECTION_OBSERVATION, SELECTION_SPEC, SelectionState } from "../../../sim/task/gait-selection.js";
import { envConfig } from "../../support/envs.js";
import { model } from "../../support/world.js";

const ROBOT = 1;

function createState() {
  const control = new LocomotionControl(model, envConfig().control, 2);
  return { control, selection: new SelectionState(control), readings: createRobotState(2) };
}

function slice(row: Float32Array, name: string): number[] {
  const { offset, size } = SELECTION_SPEC.slices.find((each) => each.name === name)!;
  return [...row.subarray(offset, offset + size)];
}

describe("the observation of a gait selection policy", () => {
  it("has the source's 66 numbers", () => {
    expect(SELECTION_SPEC.actorSize).toBe(66);
  });

  it("tells the selected gait, and how stable the one is that runs", () => {
    const { control, selection, readings } = createState();
    control.gaitCommand[ROBOT] = gaitIndex("pronk");
    control.gait.reset(ROBOT, gaitIndex("pronk"), 0);
    selection.reset(ROBOT);
    const row = new Float32Array(66);
    SELECTION_OBSERVATION.actorWriter({ control, selection, readings }).write(row, 0, ROBOT);
    expect(slice(row, "lastGait")[0]).toBe(0.25 * SELECTABLE_GAITS.indexOf(gaitIndex("pronk")));
    // S = g (T D)² / h = 9.81 · (0.5 · 0.5)² / 0.4
    expect(slice(row, "stabilityNumber")[0]).toBeCloseTo(1.5328, 4);
  });

  it("tells jumps of the command as accelerations that fade", () => {
    const { control, selection } = createState();
    selection.reset(ROBOT);
    control.command[3 * ROBOT] = 2;
    selection.advance(ROBOT);
    // 2 m/s in the filter's 0.2 s, then 0.02 / 0.2 less with each step.
    expect(selection.commandAcceleration[3 * ROBOT]).toBeCloseTo(10, 5);
    selection.advance(ROBOT);
    expect(selection.commandAcceleration[3 * ROBOT]).toBeCloseTo(9, 5);
    for (let i = 0; i < 100; i++) selection.advance(ROBOT);
    expect(selection.commandAcceleration[3 * ROBOT]).toBeLessThan(0.001);
    expect(selection.commandAcceleration[0]).toBe(0);
  });
});
