import { describe, expect, it } from "vitest";
import { Recovery } from "../../../policy/evaluation/recovery.js";

describe("recovery from pushes", () => {
  /** Two seconds of steps after a push, with v_x errors in the last half second that take turns. */
  function pushed(errors: readonly number[], steps = 100): Recovery {
    const recovery = new Recovery(2, 0.02);
    const command = Float32Array.of(0, 0, 0, 0.5, 0, 0);
    recovery.push(1);
    for (let i = 0; i < steps; i++) {
      // 75 of the 100 steps are before the last half second.
      const error = i < 75 ? 3 : errors[i % errors.length];
      recovery.add(1, command, Float32Array.of(0, 0, 0, 0.5 + error, 0.1, 0));
    }
    return recovery;
  }

  it("is to be near the command on average, two seconds later", () => {
    // Means are 0.4 / 25 and 0.1 m/s: 0.101 m/s in all.
    expect(pushed([0.4, -0.4])).toMatchObject({ pushed: 1, recovered: 1 });
    // √(0.18² + 0.1²) = 0.206 m/s
    expect(pushed([0.18])).toMatchObject({ pushed: 1, recovered: 0 });
  });

  it("is not that of a robot that fell before", () => {
    expect(pushed([0], 99)).toMatchObject({ pushed: 1, recovered: 0 });
  });
});
