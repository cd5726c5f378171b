import { describe, expect, it } from "vitest";
import { GaitUsage } from "../../gaits/gait-usage.js";
import { gaitIndex } from "../../gaits/library.js";

describe("gait usage", () => {
  it("counts gaits and the cost of transport by commanded speed", () => {
    const usage = new GaitUsage(10);
    const [torque, rate] = [new Float32Array(24), new Float32Array(24)];
    torque.fill(1, 12);
    rate.fill(-2, 12); // 24 W of robot 1
    for (const speed of [0.9, 1.1, 1]) usage.add(1, gaitIndex("trot"), 1.1, speed, torque, rate);
    usage.add(1, gaitIndex("run"), 1.24, 1, torque, rate);
    usage.add(1, gaitIndex("stand"), -0.1, 0, torque, rate);
    usage.add(0, gaitIndex("run"), 99, 1, torque, rate);
    const [standing, trotting, fastest] = usage.summary();
    expect(standing).toMatchObject({ fromMPerS: 0, steps: 1, gaits: { stand: 1 } });
    expect(trotting).toMatchObject({ fromMPerS: 1, steps: 4, gaits: { trot: 0.75, run: 0.25 } });
    // 4 · 24 W / (98.1 N · 4 m/s)
    expect(trotting.costOfTransport).toBeCloseTo(0.244648, 6);
    expect(fastest).toMatchObject({ fromMPerS: 2.75, gaits: { run: 1 }, costOfTransport: 0 });
  });
});
