import { beforeEach, describe, expect, it } from "vitest";
import { froudeNumber, GAITS, gaitIndex, isStanding } from "../../gaits/library.js";
import { GaitMemory } from "../../gaits/memory.js";
import { transitionDurationS } from "../../gaits/transition.js";
import { stepGait } from "../../policy/cli/bench/gait-step.js";
import { A1_GEOMETRY } from "./a1-geometry.js";

const HEIGHT_M = 0.31;
const newMemory = (dtS: number, numRobots = 1) =>
  new GaitMemory({ numRobots, dtS, geometry: A1_GEOMETRY, nominalHeightM: HEIGHT_M });
const stepAt = (memory: GaitMemory, vx: number, robot = 0) => stepGait(memory, robot, vx, 0, 0, vx, 0, 0, HEIGHT_M);

/** Distance around the stride between two phases, cycles, 0..0.5. */
function phaseDistance(a: number, b: number): number {
  const difference = Math.abs(a - b) % 1;
  return Math.min(difference, 1 - difference);
}

function expectOffsets(memory: GaitMemory, gait: number): void {
  const { phase } = memory.reference;
  const { phaseOffset } = GAITS[gait];
  for (let leg = 1; leg < 4; leg++) {
    expect(phaseDistance(phase[leg] - phase[0], phaseOffset[leg] - phaseOffset[0])).toBeLessThan(1e-6);
  }
}

function forEachPair(visit: (from: number, to: number) => void): void {
  for (let from = 0; from < GAITS.length; from++) for (let to = 0; to < GAITS.length; to++) visit(from, to);
}

describe("GaitMemory construction", () => {
  it("rejects sizes that make no sense and gaits outside the library", () => {
    const options = { numRobots: 1, dtS: 0.02, geometry: A1_GEOMETRY, nominalHeightM: HEIGHT_M };
    expect(() => new GaitMemory({ ...options, numRobots: 0 })).toThrow(RangeError);
    expect(() => new GaitMemory({ ...options, dtS: 0 })).toThrow(RangeError);
    expect(() => new GaitMemory({ ...options, nominalHeightM: Number.NaN })).toThrow(RangeError);
    expect(() => new GaitMemory(options).select(0, 13)).toThrow(RangeError);
    expect(() => new GaitMemory(options).reset(0, -1, 0)).toThrow(RangeError);
  });

  it("leaves every robot standing until its reset", () => {
    const { reference } = newMemory(0.02, 2);
    expect([...reference.gaitIndex]).toEqual([gaitIndex("stand"), gaitIndex("stand")]);
    expect([...reference.contact]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(reference.footTargetM[12]).toBeCloseTo(0.183, 6);
    expect(reference.footTargetM[14]).toBeCloseTo(0.02 - HEIGHT_M, 6);
  });
});

describe("phases of a steady gait", () => {
  it("advance by dt / period, start at the stride cycle plus the offset", () => {
    const memory = newMemory(0.02);
    memory.reset(0, gaitIndex("amble"), 1.1);
    // 1.1 + [0, .5, .25, .75], wrapped
    [0.1, 0.6, 0.35, 0.85].forEach((phase, leg) => {
      expect(memory.reference.phase[leg]).toBeCloseTo(phase, 6);
    });
    stepAt(memory, 0);
    // + 0.02 / 0.5
    [0.14, 0.64, 0.39, 0.89].forEach((phase, leg) => {
      expect(memory.reference.phase[leg]).toBeCloseTo(phase, 6);
    });
    expect([...memory.reference.contact]).toEqual([1, 0, 1, 0]);
    // FR: (0.64 - 0.625) / 0.375 = 0.04; RR: (0.89 - 0.625) / 0.375
    expect(memory.reference.swingPhase[1]).toBeCloseTo(0.04, 5);
    expect(memory.reference.swingPhase[3]).toBeCloseTo(0.706667, 5);
    expect(memory.reference.swingPhase[0]).toBe(0);
  });

  it("stay frozen, all feet down, while standing", () => {
    const memory = newMemory(0.02);
    memory.reset(0, gaitIndex("stand"), 0.3);
    for (let i = 0; i < 100; i++) stepAt(memory, 0.5);
    for (let leg = 0; leg < 4; leg++) expect(memory.reference.phase[leg]).toBeCloseTo(0.3, 6);
    expect([...memory.reference.contact]).toEqual([1, 1, 1, 1]);
  });

  it("meet the duty factor over a period, for every gait and leg", () => {
    const dtS = 0.002;
    const memory = newMemory(dtS);
    GAITS.forEach((gait, index) => {
      memory.reset(0, index, 0);
      const samples = Math.round(gait.periodS / dtS);
      const stance = [0, 0, 0, 0];
      for (let i = 0; i < samples; i++) {
        stepAt(memory, 0.3);
        for (let leg = 0; leg < 4; leg++) stance[leg] += memory.reference.contact[leg];
      }
      // A stride is a whole number of samples, so the count is off by one sample at most.
      for (const count of stance) expect(Math.abs(count - gait.dutyFactor * samples)).toBeLessThanOrEqual(1);
    });
  });

  it("repeat exactly stride after stride at the policy's rate", () => {
    const memory = newMemory(0.02);
    memory.reset(0, gaitIndex("trot"), 0);
    // 0.4 s / 0.02 s = 20 samples a stride, of which half in stance: 10 000 strides count 100 000 stance samples a leg.
    const stance = [0, 0, 0, 0];
    for (let i = 0; i < 200_000; i++) {
      stepAt(memory, 0.3);
      for (let leg = 0; leg < 4; leg++) stance[leg] += memory.reference.contact[leg];
    }
    expect(stance).toEqual([100_000, 100_000, 100_000, 100_000]);
  });
});

describe.each([0.02, 0.002])("transitions at dt %f s", (dtS) => {
  let memory: GaitMemory;
  beforeEach(() => {
    memory = newMemory(dtS);
  });

  it("all end on the target's offsets after their computed length, with phases in [0, 1) throughout", () => {
    const vx = 0.6;
    const froude = froudeNumber(vx, 0, 0.2256, 0.4);
    forEachPair((from, to) => {
      memory.reset(0, from, 0.37);
      for (let i = 0; i < 7; i++) stepAt(memory, vx);
      memory.select(0, to);
      expect(memory.reference.transition[0]).toBe(from === to ? 0 : 1);
      expect(memory.reference.gaitIndex[0]).toBe(to);
      const steps = from === to ? 1 : Math.ceil(transitionDurationS(GAITS[from], GAITS[to], froude) / dtS - 1e-6);
      for (let i = 1; i <= steps; i++) {
        stepAt(memory, vx);
        expect(memory.reference.phase.every((phase) => phase >= 0 && phase < 1)).toBe(true);
        expect(memory.reference.transition[0]).toBe(i < steps ? 1 : 0);
      }
      expectOffsets(memory, to);
      for (let i = 0; i < 50; i++) stepAt(memory, vx);
      expectOffsets(memory, to);
    });
  });

  it("ignore choices while they run", () => {
    memory.reset(0, gaitIndex("run"), 0);
    memory.select(0, gaitIndex("trot"));
    stepAt(memory, 0);
    memory.select(0, gaitIndex("pronk"));
    expect(memory.reference.gaitIndex[0]).toBe(gaitIndex("trot"));
    for (let i = 0; i < 1 / dtS; i++) stepAt(memory, 0);
    memory.select(0, gaitIndex("pronk"));
    expect(memory.reference.gaitIndex[0]).toBe(gaitIndex("pronk"));
  });
});

it("a transition takes the time that the commanded speed allows", () => {
  const memory = newMemory(0.002);
  memory.reset(0, gaitIndex("trot"), 0);
  memory.select(0, gaitIndex("run"));
  let steps = 0;
  for (; memory.reference.transition[0] === 1; steps++) stepGait(memory, 0, 1, 0, 0, 0, 0, 0, HEIGHT_M);
  // Fr = 1 / 3.924: 105 frames at 4 a step = 26.25 steps of 2 ms; at the measured speed of 0 it would be 175 / 4
  expect(steps).toBe(27);
});

it("a transition blends stride rate, duty factor and offsets linearly", () => {
  const memory = newMemory(0.07);
  memory.reset(0, gaitIndex("run"), 0);
  memory.select(0, gaitIndex("pace"));
  stepAt(memory, 0);
  // N = (150 + 175) / 2 = 162.5 → 163 frames; S ratio 0.12² / 0.175² = 0.47, n = 1; 0.326 s; share = 0.07 / 0.326
  const share = 0.07 / 0.326;
  const cycle = 0.07 * (1 / 0.3 + share * (1 / 0.35 - 1 / 0.3));
  // Shifts from 0 .5 .5 0 to .25 .75 .25 .75, the shorter way: +.25 +.25 -.25 -.25
  const offsets = [0.25 * share, 0.5 + 0.25 * share, 0.5 - 0.25 * share, 1 - 0.25 * share];
  offsets.forEach((offset, leg) => {
    expect(phaseDistance(memory.reference.phase[leg], cycle + offset)).toBeLessThan(1e-6);
  });
  // FR and RL are in swing at the blended duty factor 0.4 + 0.1 share.
  const duty = 0.4 + 0.1 * share;
  const phaseFr = cycle + offsets[1];
  expect(memory.reference.swingPhase[1]).toBeCloseTo((phaseFr - duty) / (1 - duty), 5);
});

it("robots do not affect each other", () => {
  const together = newMemory(0.02, 3);
  const alone = [newMemory(0.02), newMemory(0.02), newMemory(0.02)];
  const start = ["trot", "stand", "amble"].map(gaitIndex);
  const next = ["bound", "hop", "run"].map(gaitIndex);
  for (let robot = 0; robot < 3; robot++) {
    together.reset(robot, start[robot], 0.2 * robot);
    alone[robot].reset(0, start[robot], 0.2 * robot);
  }
  for (let i = 0; i < 80; i++) {
    for (let robot = 0; robot < 3; robot++) {
      if (i === 10 * (robot + 1)) {
        together.select(robot, next[robot]);
        alone[robot].select(0, next[robot]);
      }
      const vx = 0.4 * robot + Math.sin(0.1 * i);
      stepGait(together, robot, vx, 0.1, 0.3, 0.9 * vx, 0, 0.2, HEIGHT_M);
      stepGait(alone[robot], 0, vx, 0.1, 0.3, 0.9 * vx, 0, 0.2, HEIGHT_M);
    }
  }
  for (const key of ["phase", "contact", "swingPhase", "footTargetM", "gaitIndex", "transition"] as const) {
    expect([...together.reference[key]]).toEqual(alone.flatMap((memory) => [...memory.reference[key]]));
  }
});

it("knows which gaits stand", () => {
  expect(GAITS.filter(isStanding).map((gait) => gait.id)).toEqual(["stand"]);
});
