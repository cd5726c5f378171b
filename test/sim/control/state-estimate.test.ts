import { beforeEach, describe, expect, it } from "vitest";
import { NUM_LEGS } from "../../../gaits/types.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS, StateEstimate } from "../../../sim/control/state-estimate.js";
import { createRobotState, type RobotState } from "../../../sim/robot/state.js";
import { model } from "../../support/world.js";

const STEP_S = 0.02;
const ALL_DOWN = new Uint8Array(2 * NUM_LEGS).fill(1);
const FRAME_SIZE = (ESTIMATOR_INPUTS - 8) / 4;

let state: RobotState;

/** Two robots at rest in the default pose, all feet on the ground. */
beforeEach(() => {
  state = createRobotState(2);
  for (const robot of [0, 1]) {
    state.projectedGravity.set([0, 0, -1], 3 * robot);
    state.deltaVelocity.set([0, 0, 9.81 * STEP_S], 3 * robot);
    state.jointPosition.set(model.qDefaultRad, 12 * robot);
  }
  state.footContact.fill(1);
});

function step(estimate: StateEstimate, command = new Float32Array(6)): void {
  for (const robot of [0, 1]) {
    estimate.sense(robot, state, ALL_DOWN);
    estimate.conclude(robot, state, command);
  }
}

describe("an estimate by odometry", () => {
  it("is the odometry's, with contacts as sensed", () => {
    const estimate = new StateEstimate(model, "odometry", STEP_S, 2);
    for (const robot of [0, 1]) estimate.reset(robot, state);
    state.jointVelocity.fill(0.5, 12);
    state.footContact[5] = 0;
    step(estimate);
    step(estimate);
    expect([...estimate.velocity]).toEqual([...estimate.odometry.velocity]);
    expect([...estimate.height]).toEqual([...estimate.odometry.height]);
    expect(Math.abs(estimate.velocity[3])).toBeGreaterThan(1e-3);
    expect([...estimate.contactProbability]).toEqual([1, 1, 1, 1, 1, 0, 1, 1]);
    expect(estimate.inputs).toHaveLength(0);
  });
});

describe("no estimate", () => {
  it("takes the robot to move as commanded, at its nominal height", () => {
    const estimate = new StateEstimate(model, "none", STEP_S, 2);
    for (const robot of [0, 1]) estimate.reset(robot, state);
    state.jointVelocity.fill(0.5);
    step(estimate, Float32Array.of(0.5, -0.25, 1, 0.75, 0, 0));
    expect([...estimate.velocity]).toEqual([0.5, -0.25, 0, 0.75, 0, 0]);
    expect([...estimate.height]).toEqual([...Float32Array.of(model.nominalHeightM, model.nominalHeightM)]);
  });
});

describe("a learned estimate", () => {
  it("corrects the odometry: outputs of 1 are 1/4 m/s and 1/20 m, and a logit of 0 an even chance", () => {
    const estimate = new StateEstimate(model, "learned", STEP_S, 2);
    for (const robot of [0, 1]) estimate.reset(robot, state);
    for (const robot of [0, 1]) estimate.sense(robot, state, ALL_DOWN);
    estimate.outputs.set([1, -2, 0.5, 1, 0, 2, -2, 100], ESTIMATOR_OUTPUTS);
    estimate.conclude(1, state, new Float32Array(6));
    const { velocity, height } = estimate.odometry;
    [0.25, -0.5, 0.125].forEach((correction, k) => {
      expect(estimate.velocity[3 + k] - velocity[3 + k]).toBeCloseTo(correction, 6);
    });
    expect(estimate.height[1] - height[1]).toBeCloseTo(0.05, 6);
    // 1 / (1 + exp(-2)) = 0.880797
    [0.5, 0.880797, 0.119203, 1].forEach((chance, leg) => {
      expect(estimate.contactProbability[NUM_LEGS + leg]).toBeCloseTo(chance, 5);
    });
  });

  it("is right when its outputs are what it is taught", () => {
    const estimate = new StateEstimate(model, "learned", STEP_S, 2);
    for (const robot of [0, 1]) estimate.reset(robot, state);
    estimate.sense(0, state, ALL_DOWN);
    state.baseVelocity.set([0.7, -0.1, 0.05]);
    const targets = new Float32Array(2 * ESTIMATOR_OUTPUTS);
    estimate.writeTargets(targets, 0, state, Float32Array.of(0.28, 0));
    estimate.outputs.set(targets);
    estimate.conclude(0, state, new Float32Array(6));
    expect(estimate.velocity[0]).toBeCloseTo(0.7, 6);
    expect(estimate.velocity[1]).toBeCloseTo(-0.1, 6);
    expect(estimate.velocity[2]).toBeCloseTo(0.05, 6);
    expect(estimate.height[0]).toBeCloseTo(0.28, 6);
    expect([...targets.subarray(4, 8)]).toEqual([1, 1, 1, 1]);
  });

  it("sees the last four steps, the oldest first, of its own robot", () => {
    const estimate = new StateEstimate(model, "learned", STEP_S, 2);
    for (const robot of [0, 1]) estimate.reset(robot, state);
    // The gyroscope's x comes after gravity's three numbers, at half its value.
    const gyro = (robot: number) =>
      [0, 1, 2, 3].map((frame) => estimate.inputs[robot * ESTIMATOR_INPUTS + frame * FRAME_SIZE + 3]);
    for (const value of [1, 2, 3, 4, 5]) {
      state.baseAngularVelocity[3] = value;
      step(estimate);
    }
    expect(gyro(1)).toEqual([1, 1.5, 2, 2.5]);
    expect(gyro(0)).toEqual([0, 0, 0, 0]);
    state.baseAngularVelocity[3] = -1;
    estimate.reset(1, state);
    expect(gyro(1)).toEqual([-0.5, -0.5, -0.5, -0.5]);
  });
});
