import { describe, expect, it } from "vitest";
import { bounceHeight, bouncePush, bouncesPerStride } from "../../gaits/bounce.js";
import { GAITS, gaitIndex } from "../../gaits/library.js";
import { GaitMemory } from "../../gaits/memory.js";
import { stepGait } from "../../policy/cli/bench/gait-step.js";
import { model } from "../support/world.js";

const bouncesOf = (id: string) => bouncesPerStride(GAITS[gaitIndex(id)]);

describe("gaits that leap", () => {
  it("are those whose front legs and whose hind legs move together, with a flight between", () => {
    expect(GAITS.filter((gait) => bouncesPerStride(gait) > 0).map(({ id }) => id)).toEqual(["bound", "pronk", "hop"]);
    expect([bouncesOf("pronk"), bouncesOf("hop"), bouncesOf("bound")]).toEqual([1, 1, 2]);
  });

  it("are none without a flight", () => {
    const bound = GAITS[gaitIndex("bound")];
    expect(bouncesPerStride({ ...bound, dutyFactor: 0.5 })).toBe(0);
  });
});

describe("the height of a bouncing trunk", () => {
  it("is that of its touchdown at both ends of the stance", () => {
    expect(bounceHeight(0, 0.25, 0.5)).toBe(0);
    // t = T_s: fall (T − T_s) T_s + T_s² = T T_s, push T T_s: the same.
    expect(bounceHeight(1, 0.25, 0.5)).toBeCloseTo(0, 12);
  });

  it("is lowest in the middle: 9.4 cm down in a pronk", () => {
    // t = 0.125: fall 0.25 · 0.125 + 0.125² = 0.046875; push 0.5 · (0.125 − 0.25/π) = 0.0227113;
    // 0.8 · 9.81 / 2 · (0.0227113 − 0.046875) = −0.094818
    expect(bounceHeight(0.5, 0.25, 0.5)).toBeCloseTo(-0.094818, 5);
    expect(bounceHeight(0.5, 0.25, 0.5)).toBeLessThan(bounceHeight(0.4, 0.25, 0.5));
  });

  it("has the acceleration of its push: z'' = 0.8 g (T / T_s · push − 1)", () => {
    const [stanceS, bounceS, h] = [0.16, 0.2, 1e-3];
    const z = (s: number) => bounceHeight(s, stanceS, bounceS);
    for (const s of [0.2, 0.5, 0.9]) {
      const acceleration = (z(s + h) - 2 * z(s) + z(s - h)) / (h * stanceS) ** 2;
      expect(acceleration).toBeCloseTo(0.8 * 9.81 * ((bounceS / stanceS) * bouncePush(s) - 1), 3);
    }
  });

  it("is what a pronking robot's reference feet give way by", () => {
    const { legs: geometry, nominalHeightM } = model;
    const memory = new GaitMemory({ numRobots: 1, dtS: 0.005, geometry, nominalHeightM });
    memory.reset(0, gaitIndex("pronk"), 0);
    const groundZM = geometry.footRadiusM - nominalHeightM;
    // 25 steps of 5 ms: half of the stance.
    for (let i = 0; i < 25; i++) stepGait(memory, 0, 0, 0, 0, 0, 0, 0, nominalHeightM);
    expect(memory.reference.contact[0]).toBe(1);
    expect(memory.reference.footTargetM[2] - groundZM).toBeCloseTo(0.0948, 3);
  });
});

describe("the push of the ground", () => {
  it("is half a sine whose mean is 1", () => {
    const samples = Array.from({ length: 1000 }, (_, i) => bouncePush((i + 0.5) / 1000));
    expect(samples.reduce((a, b) => a + b) / 1000).toBeCloseTo(1, 5);
    expect(bouncePush(0.5)).toBeCloseTo(Math.PI / 2, 12);
  });
});
