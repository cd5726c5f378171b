import { describe, expect, it } from "vitest";
import { STUDENT_FRAME_SIZE } from "../../../policy/student/bundle.js";
import { StudentHistory } from "../../../policy/student/history.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { modelOf } from "../../support/a1.js";

const model = modelOf();

/** Of two robots, the second of which is looked at. */
function createHistory(length: number) {
  const readings = createRobotState(2);
  const command = new Float32Array(6);
  const lastAction = new Float32Array(24);
  const history = new StudentHistory(model, { readings, command, lastAction }, length, 2);
  const row = () => [...history.inputs.subarray(length * STUDENT_FRAME_SIZE)];
  return { readings, command, lastAction, history, row };
}

describe("what a student is told", () => {
  it("is each term's frames one after the other, the oldest first, scaled", () => {
    const { readings, command, lastAction, history, row } = createHistory(2);
    readings.jointPosition.set(model.qDefaultRad, 12);
    history.reset(1);
    readings.baseAngularVelocity.set([1, 2, 3], 3);
    readings.projectedGravity.set([0, 0, -1], 3);
    command.set([0.5, 0, -0.8], 3);
    readings.jointPosition[12 + 4] += 0.25;
    readings.jointVelocity[12 + 11] = 10;
    lastAction[12 + 7] = -2;
    history.push(1);
    const numbers = row();
    // Rates (0.25 a rad/s) at 0, gravity at 6, command at 12, positions at 18, velocities (0.05 a rad/s) at 42, actions at 66;
    // of each the frame of the reset, then the one now.
    expect(numbers.slice(0, 18)).toEqual([
      0,
      0,
      0,
      0.25,
      0.5,
      0.75,
      0,
      0,
      0,
      0,
      0,
      -1,
      0,
      0,
      0,
      0.5,
      0,
      Math.fround(-0.8),
    ]);
    const others = numbers.slice(18).flatMap((value, i) => (value === 0 ? [] : [[18 + i, value]]));
    expect(others).toEqual([
      [18 + 12 + 4, 0.25],
      [42 + 12 + 11, 0.5],
      [66 + 12 + 7, -2],
    ]);
    expect(history.inputs.subarray(0, 90).every((value) => value === 0)).toBe(true);
  });

  it("starts from the present throughout, or from nothing before it", () => {
    const { readings, history, row } = createHistory(3);
    readings.projectedGravity.set([0, 0, -1], 3);
    const gravity = () => row().slice(9, 18);
    history.reset(1);
    expect(gravity()).toEqual([0, 0, -1, 0, 0, -1, 0, 0, -1]);
    history.clear(1);
    expect(gravity()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, -1]);
  });
});
