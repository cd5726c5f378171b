import { describe, expect, it } from "vitest";
import { ForcePeaks } from "../../gaits/force-peaks.js";
import { modelOf } from "../support/a1.js";

const { legs } = modelOf();
/** All feet straight below their thighs' joints, as the knee bends twice as far back as the thigh leans forward. */
const POSE = Float32Array.from({ length: 24 }, (_, i) => [0, 0.7, -1.4][i % 3]);

/** Torques of robot 1's first leg that hold an upward push on its foot: on the knee, l sin 0.7 behind the foot. */
function holding(forceN: number): Float32Array {
  const torque = new Float32Array(24);
  torque[12] = -forceN * legs.abductionOffsetM[0];
  torque[14] = forceN * legs.calfLengthM * Math.sin(0.7);
  return torque;
}

describe("peaks of the ground's reaction force", () => {
  it("are the mean of the stances' largest, in body weights", () => {
    const peaks = new ForcePeaks(2, 10, legs);
    const down = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0);
    const up = new Uint8Array(8);
    expect(peaks.mean()).toBeNaN();
    for (const forceN of [20, 50, 30]) peaks.add(1, down, POSE, holding(forceN));
    peaks.add(1, up, POSE, holding(0));
    peaks.add(1, down, POSE, holding(100));
    peaks.add(1, up, POSE, holding(0));
    // In a stance still: does not count yet.
    peaks.add(1, down, POSE, holding(900));
    // (50 + 100) / 2 = 75 N of 98.1 N
    expect(peaks.mean()).toBeCloseTo(0.76453, 4);
  });
});
