import { describe, expect, it } from "vitest";
import { balanceHeight } from "../../sim/balance.js";
import { createRobotState } from "../../sim/state.js";

/** Of the second of two robots: gravity in the base frame, gyroscope. */
function stateWith(gravity: readonly number[], rate: readonly number[]) {
  const state = createRobotState(2);
  state.projectedGravity.set(gravity, 3);
  state.baseAngularVelocity.set(rate, 3);
  return state;
}

describe("height that keeps the trunk upright", () => {
  it("is none for a level trunk at rest", () => {
    expect(balanceHeight(stateWith([0, 0, -1], [0, 0, 0]), 1, 0.2, 0.1)).toBeCloseTo(0, 12);
  });

  it("takes back 0.3 of the height that a tilt gives a foot's side", () => {
    // Rolled to the right by 0.1 rad: gravity has a part sin 0.1 towards −y. The left side, y = 0.15, is up: its foot follows.
    const state = stateWith([0, -Math.sin(0.1), -Math.cos(0.1)], [0, 0, 0]);
    expect(balanceHeight(state, 1, 0.2, 0.15)).toBeCloseTo(0.3 * Math.sin(0.1) * 0.15, 7);
    expect(balanceHeight(state, 1, 0.2, -0.15)).toBeCloseTo(-0.3 * Math.sin(0.1) * 0.15, 7);
    // Nose down by 0.1 rad: gravity has a part sin 0.1 towards +x. The front is low: its feet push out.
    const noseDown = stateWith([Math.sin(0.1), 0, -Math.cos(0.1)], [0, 0, 0]);
    expect(balanceHeight(noseDown, 1, 0.2, 0.15)).toBeCloseTo(-0.3 * Math.sin(0.1) * 0.2, 7);
  });

  it("goes along with the turning for 0.04 s", () => {
    // 1 rad/s about x lifts the left side, y = 0.15, at 0.15 m/s; 1 rad/s about y lowers the front, x = 0.2, at 0.2 m/s.
    expect(balanceHeight(stateWith([0, 0, -1], [1, 0, 0]), 1, 0.2, 0.15)).toBeCloseTo(0.04 * 0.15, 9);
    expect(balanceHeight(stateWith([0, 0, -1], [0, 1, 0]), 1, 0.2, 0.15)).toBeCloseTo(-0.04 * 0.2, 9);
    expect(balanceHeight(stateWith([0, 0, -1], [0, 0, 1]), 1, 0.2, 0.15)).toBeCloseTo(0, 12);
  });
});
