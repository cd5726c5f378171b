import { describe, expect, it } from "vitest";
import { BiomechanicsAccumulator } from "../../gaits/biomechanics.js";

const TORQUE_MAX_NM = Float32Array.from([0, 1, 2, 3].flatMap(() => [20, 40, 50]));

/** Buffers of two robots; robot 1 is the one under test, robot 0 is filled with figures that must not leak into it. */
function buffers() {
  return {
    torque: new Float32Array(24).fill(7),
    jointVelocity: new Float32Array(24).fill(-3),
    contact: Uint8Array.from([1, 1, 1, 1, 1, 0, 1, 0]),
    scheduled: Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0]),
    command: Float32Array.from([5, 5, 5, 0.5, 0, 0.25]),
    velocity: Float32Array.from([0, 0, 0, 0.25, 0, -0.25]),
  };
}

function newAccumulator(): BiomechanicsAccumulator {
  return new BiomechanicsAccumulator({ numRobots: 2, massKg: 10, torqueMaxNm: TORQUE_MAX_NM });
}

function add(metrics: BiomechanicsAccumulator, robot: number, b: ReturnType<typeof buffers>): void {
  metrics.add(robot, b.torque, b.jointVelocity, b.contact, b.scheduled, b.command, b.velocity);
}

describe("BiomechanicsAccumulator", () => {
  it("computes each metric of one sample by its definition", () => {
    const metrics = newAccumulator();
    const b = buffers();
    b.torque.fill(0, 12);
    b.torque[12] = -10; // 10 / 20 of the limit
    b.torque[14] = 5; // 5 / 50
    b.jointVelocity[12] = 2; // 20 W
    b.jointVelocity[14] = 1; // 5 W
    add(metrics, 0, b);
    add(metrics, 1, b);
    const summary = metrics.summary(1);
    expect(summary.samples).toBe(1);
    // 25 W / (10 kg · 9.81 · 0.25 m/s) = 25 / 24.525
    expect(summary.costOfTransport).toBeCloseTo(1.019368, 6);
    // (0.5 + 0.1) / 12 joints
    expect(summary.torqueSaturationPercent).toBeCloseTo(5, 6);
    // One foot of four, RL, differs.
    expect(summary.contactErrorPercent).toBe(25);
    expect(summary.vxErrorMPerS).toBeCloseTo(0.25, 6);
    expect(summary.vyErrorMPerS).toBe(0);
    expect(summary.yawRateErrorRadPerS).toBeCloseTo(0.5, 6);
  });

  it("weighs energy against distance, over samples with a commanded speed above 0.3 m/s only", () => {
    const metrics = newAccumulator();
    const b = buffers();
    b.torque.fill(1);
    b.jointVelocity.fill(1); // 12 W
    add(metrics, 1, b); // 0.25 m/s
    b.velocity.set([0.45, 0.6], 3); // 0.75 m/s
    add(metrics, 1, b);
    b.command.set([0.2, 0.2], 3); // |v_cmd| = 0.283: does not count
    b.jointVelocity.fill(100);
    add(metrics, 1, b);
    b.command.set([0.22, 0.22], 3); // 0.311: counts, though neither axis exceeds 0.3
    b.jointVelocity.fill(2); // 24 W
    b.velocity.set([0, -1], 3);
    add(metrics, 1, b);
    // (12 + 12 + 24) / (98.1 · (0.25 + 0.75 + 1)) = 48 / 196.2
    expect(metrics.summary(1).costOfTransport).toBeCloseTo(0.244648, 5);
  });

  it("averages errors over samples without letting signs cancel", () => {
    const metrics = newAccumulator();
    const b = buffers();
    b.command.set([0, 0, 0], 3);
    b.velocity.set([0.1, -0.2, 0.3], 3);
    add(metrics, 1, b);
    b.velocity.set([-0.3, 0.2, -0.1], 3);
    add(metrics, 1, b);
    const summary = metrics.summary(1);
    expect(summary.vxErrorMPerS).toBeCloseTo(0.2, 6);
    expect(summary.vyErrorMPerS).toBeCloseTo(0.2, 6);
    expect(summary.yawRateErrorRadPerS).toBeCloseTo(0.2, 6);
    expect(summary.costOfTransport).toBeNaN();
  });

  it("pools robots by sample and resets one at a time", () => {
    const metrics = newAccumulator();
    const b = buffers();
    add(metrics, 0, b); // 4 contact errors of 4
    add(metrics, 1, b); // 1 of 4
    add(metrics, 1, b);
    // 6 of 12
    expect(metrics.pooledSummary().contactErrorPercent).toBe(50);
    expect(metrics.pooledSummary().samples).toBe(3);
    metrics.reset(0);
    expect(metrics.summary(0).samples).toBe(0);
    expect(metrics.summary(0).contactErrorPercent).toBeNaN();
    expect(metrics.summary(1).contactErrorPercent).toBe(25);
  });

  it("rejects limits and masses that cannot be divided by", () => {
    const options = { numRobots: 1, massKg: 10, torqueMaxNm: TORQUE_MAX_NM };
    expect(() => new BiomechanicsAccumulator({ ...options, massKg: 0 })).toThrow(RangeError);
    expect(() => new BiomechanicsAccumulator({ ...options, torqueMaxNm: new Float32Array(12) })).toThrow(RangeError);
    expect(() => new BiomechanicsAccumulator({ ...options, torqueMaxNm: new Float32Array(3) })).toThrow(RangeError);
  });
});
