import { describe, expect, it } from "vitest";
import { Balance } from "../../../sim/control/balance.js";
import { createRobotState } from "../../../sim/robot/state.js";

const LEVEL = [0, 0, -1];
const AT_REST = [0, 0, 0];

interface Motion {
  readonly gravity?: readonly number[];
  readonly rate?: readonly number[];
  readonly heightM?: number;
  readonly riseMPerS?: number;
}

/** What the second of two robots adds to the height of a stance foot at (x, y). */
function heightAt(
  { gravity = LEVEL, rate = AT_REST, heightM = 0, riseMPerS = 0 }: Motion,
  x: number,
  y: number,
): number {
  const state = createRobotState(2);
  state.projectedGravity.set(gravity, 3);
  state.baseAngularVelocity.set(rate, 3);
  const balance = new Balance();
  balance.set(state, 1, heightM, riseMPerS);
  return balance.height(x, y);
}

describe("height that balances the trunk", () => {
  it("is none for a level trunk at rest at its height", () => {
    expect(heightAt({}, 0.2, 0.1)).toBeCloseTo(0, 12);
  });

  it("takes back 0.3 of the height that a tilt gives a foot's side", () => {
    // Rolled to the right by 0.1 rad: gravity has a part sin 0.1 towards −y. The left side, y = 0.15, is up: its foot follows.
    const rolled = { gravity: [0, -Math.sin(0.1), -Math.cos(0.1)] };
    expect(heightAt(rolled, 0.2, 0.15)).toBeCloseTo(0.3 * Math.sin(0.1) * 0.15, 7);
    expect(heightAt(rolled, 0.2, -0.15)).toBeCloseTo(-0.3 * Math.sin(0.1) * 0.15, 7);
    // Nose down by 0.1 rad: gravity has a part sin 0.1 towards +x. The front is low: its feet push out.
    const noseDown = { gravity: [Math.sin(0.1), 0, -Math.cos(0.1)] };
    expect(heightAt(noseDown, 0.2, 0.15)).toBeCloseTo(-0.3 * Math.sin(0.1) * 0.2, 7);
  });

  it("goes along with the turning for 0.04 s", () => {
    // 1 rad/s about x lifts the left side, y = 0.15, at 0.15 m/s; 1 rad/s about y lowers the front, x = 0.2, at 0.2 m/s.
    expect(heightAt({ rate: [1, 0, 0] }, 0.2, 0.15)).toBeCloseTo(0.04 * 0.15, 9);
    expect(heightAt({ rate: [0, 1, 0] }, 0.2, 0.15)).toBeCloseTo(-0.04 * 0.2, 9);
    expect(heightAt({ rate: [0, 0, 1] }, 0.2, 0.15)).toBeCloseTo(0, 12);
  });

  it("takes back 0.3 of a trunk's excess height and goes along with its rising for 0.04 s, wherever the foot is", () => {
    // 0.3 · 0.02 + 0.04 · 0.5 = 0.026
    for (const side of [1, -1]) {
      expect(heightAt({ heightM: 0.02, riseMPerS: 0.5 }, 0.2 * side, 0.15 * side)).toBeCloseTo(0.026, 9);
    }
  });
});
