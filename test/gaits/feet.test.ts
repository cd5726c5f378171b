import { describe, expect, it } from "vitest";
import { GAITS, gaitIndex } from "../../gaits/library.js";
import { GaitMemory } from "../../gaits/memory.js";
import {
  bezier,
  MAX_FOOT_SPEED_X_M_PER_S,
  MAX_FOOT_SPEED_Y_M_PER_S,
  maxFootSpeedZ,
  raibertOffset,
  swingHeight,
} from "../../gaits/swing.js";
import { stepGait } from "../../policy/cli/bench/gait-step.js";
import { A1_GEOMETRY } from "./a1-geometry.js";

const HEIGHT_M = 0.31;
const GROUND_Z_M = 0.02 - 0.31;
const HIP_POINTS_M = [
  [0.183, 0.132],
  [0.183, -0.132],
  [-0.183, 0.132],
  [-0.183, -0.132],
];

function newMemory(dtS: number, gait: string, strideCycle = 0): GaitMemory {
  const memory = new GaitMemory({ numRobots: 1, dtS, geometry: A1_GEOMETRY, nominalHeightM: HEIGHT_M });
  memory.reset(0, gaitIndex(gait), strideCycle);
  return memory;
}

function foot(memory: GaitMemory, leg: number): number[] {
  return [...memory.reference.footTargetM.subarray(3 * leg, 3 * leg + 3)];
}

function expectFoot(memory: GaitMemory, leg: number, expected: number[]): void {
  foot(memory, leg).forEach((coordinate, axis) => {
    expect(coordinate).toBeCloseTo(expected[axis], 5);
  });
}

describe("swing curves", () => {
  it("follow the cubic Bezier s³ + 3 s² (1 - s)", () => {
    // s = 0.25: 0.015625 + 3 · 0.0625 · 0.75 = 0.15625
    expect([0, 0.25, 0.5, 1].map(bezier)).toEqual([0, 0.15625, 0.5, 1]);
    expect([0, 0.25, 0.5, 0.875, 1].map(swingHeight)).toEqual([0, 0.5, 1, 0.15625, 0]);
  });

  it("place the foothold by velocity, velocity error and centrifugal term, within reach", () => {
    // 1 · 0.2 / 2 + 0.03 · (1 - 0.5) + 0.01 = 0.1 + 0.015 + 0.01
    expect(raibertOffset(1, 0.5, 0.2, 0.01, 0.3)).toBeCloseTo(0.125, 12);
    expect(raibertOffset(9, 0, 0.2, 0, 0.3)).toBe(0.3);
    expect(raibertOffset(-9, 0, 0.2, 0, 0.2)).toBe(-0.2);
  });
});

describe("reference feet after reset", () => {
  it("stand under the hips with the sole on the ground", () => {
    const memory = newMemory(0.02, "stand");
    HIP_POINTS_M.forEach(([x, y], leg) => {
      expectFoot(memory, leg, [x, y, GROUND_Z_M]);
    });
  });

  it("lift swing feet to the height of their phase: 0.3 · 0.31 m in mid-swing", () => {
    // Trot at cycle 0.25: FL and RR at 0.25 in stance, FR and RL at 0.75, s = 0.5
    const memory = newMemory(0.02, "trot", 0.25);
    expectFoot(memory, 0, [0.183, 0.132, GROUND_Z_M]);
    expectFoot(memory, 1, [0.183, -0.132, GROUND_Z_M + 0.124]);
  });

  it("stay there at zero velocity, but for the height", () => {
    const memory = newMemory(0.02, "amble", 0.1);
    for (let i = 0; i < 60; i++) {
      stepGait(memory, 0, 0, 0, 0, 0, 0, 0, HEIGHT_M);
      HIP_POINTS_M.forEach(([x, y], leg) => {
        const lift = memory.reference.contact[leg] ? 0 : 0.124 * swingHeight(memory.reference.swingPhase[leg]);
        expectFoot(memory, leg, [x, y, GROUND_Z_M + lift]);
      });
    }
  });
});

describe("a steady trot", () => {
  it("lands v T D / 2 ahead of the hip, sweeps back at the commanded speed and swings along the Bezier", () => {
    const memory = newMemory(0.02, "trot");
    const stepOnce = () => stepGait(memory, 0, 0.5, 0, 0, 0.5, 0, 0, HEIGHT_M);
    for (let i = 0; i < 40; i++) stepOnce();
    // Two strides of 20 steps: FL touches down, phase 0. 0.5 · 0.2 / 2 = 0.05 ahead
    expectFoot(memory, 0, [0.183 + 0.05, 0.132, GROUND_Z_M]);
    for (let i = 0; i < 5; i++) stepOnce();
    // 0.1 s of stance at 0.5 m/s
    expectFoot(memory, 0, [0.183, 0.132, GROUND_Z_M]);
    for (let i = 0; i < 5; i++) stepOnce();
    // Lift-off
    expectFoot(memory, 0, [0.183 - 0.05, 0.132, GROUND_Z_M]);
    for (let i = 0; i < 2; i++) stepOnce();
    // s = 0.04 / 0.2 = 0.2: Bezier 0.008 + 3 · 0.04 · 0.8 = 0.104 of 0.1 m; height Bezier(0.4) = 0.064 + 0.288 = 0.352
    expectFoot(memory, 0, [0.183 - 0.05 + 0.0104, 0.132, GROUND_Z_M + 0.352 * 0.124]);
  });

  it("sweeps by the command but steps by the measured velocity, feedback and centrifugal term", () => {
    const memory = newMemory(0.02, "trot");
    // From cycle 0, FR (phase 0.5) swings for 10 steps and lands at step 10.
    for (let i = 0; i < 10; i++) stepGait(memory, 0, 0.4, 0, 0, 0.6, 0.1, 0.5, 0.3);
    // FR at (0.183, -0.132): v_hip = (0.6 + 0.5 · 0.132, 0.1 + 0.5 · 0.183) = (0.666, 0.1915); v_cmd = (0.4, 0)
    // z / 2g · omega = 0.3 / 19.62 · 0.5 = 0.00764526
    // x: 0.666 · 0.1 + 0.03 · 0.266 + 0.00764526 · 0.1 = 0.0666 + 0.00798 + 0.00076453 = 0.07534453
    // y: 0.1915 · 0.1 + 0.03 · 0.1915 - 0.00764526 · 0.6 = 0.01915 + 0.005745 - 0.00458716 = 0.02030784
    expectFoot(memory, 1, [0.183 + 0.07534453, -0.132 + 0.02030784, GROUND_Z_M]);
    stepGait(memory, 0, 0.4, 0, 0, 0.6, 0.1, 0.5, 0.3);
    expectFoot(memory, 1, [0.183 + 0.07534453 - 0.4 * 0.02, -0.132 + 0.02030784, GROUND_Z_M]);
  });

  it("carries stance feet with the commanded yaw rate", () => {
    const memory = newMemory(0.02, "trot");
    stepGait(memory, 0, 0, 0, 1, 0, 0, 1, HEIGHT_M);
    // FL at (0.183, 0.132): hip velocity (-0.132, 0.183) m/s; the foot goes the other way for 0.02 s
    expectFoot(memory, 0, [0.183 + 0.00264, 0.132 - 0.00366, GROUND_Z_M]);
  });
});

describe("limits", () => {
  it("keep feet within 0.30 m and 0.20 m of the point under the hip at any command", () => {
    const memory = newMemory(0.02, "static-walk");
    for (let i = 0; i < 300; i++) {
      stepGait(memory, 0, 4, -4, 3, 4, -4, 3, HEIGHT_M);
      HIP_POINTS_M.forEach(([x, y], leg) => {
        const [footX, footY, footZ] = foot(memory, leg);
        expect(Math.abs(footX - x)).toBeLessThan(0.3 + 1e-6);
        expect(Math.abs(footY - y)).toBeLessThan(0.2 + 1e-6);
        expect(footZ).toBeGreaterThan(GROUND_Z_M - 1e-6);
        expect(footZ).toBeLessThan(GROUND_Z_M + 0.124 + 1e-6);
      });
    }
  });

  it("do not carry away the feet of a robot that stands", () => {
    const memory = newMemory(0.02, "stand");
    for (let i = 0; i < 100; i++) stepGait(memory, 0, 0.5, 0, 0.5, 0, 0, 0, HEIGHT_M);
    expectFoot(memory, 0, [0.183, 0.132, GROUND_Z_M]);
  });

  it("set a foot down where it is when the robot comes to stand in mid-swing", () => {
    const memory = newMemory(0.02, "trot");
    for (let i = 0; i < 24; i++) stepGait(memory, 0, 0.5, 0, 0, 0.5, 0, 0, HEIGHT_M);
    const [x, y] = foot(memory, 1);
    memory.select(0, gaitIndex("stand"));
    for (let i = 0; i < 10; i++) stepGait(memory, 0, 0, 0, 0, 0.2, 0, 0, HEIGHT_M);
    expectFoot(memory, 1, [x, y, GROUND_Z_M]);
  });
});

it("a foot that a transition catches in mid-swing goes one more step of its way, then sweeps back", () => {
  const memory = newMemory(0.02, "trot");
  const stepOnce = () => stepGait(memory, 0, 2.5, 0, 0, 2.5, 0, 0, HEIGHT_M);
  for (let i = 0; i < 45; i++) stepOnce();
  // Cycle 0.25: RL at phase 0.75 is half way from -0.25 to +0.25 m about its hip (2.5 · 0.2 / 2), at full clearance.
  expectFoot(memory, 2, [-0.183, 0.132, GROUND_Z_M + 0.124]);
  memory.select(0, gaitIndex("bound"));
  stepOnce();
  // Fr = 6.25 / 3.924 = 1.593: N = round(200 exp(-3.186)) = 8 frames, n = round(1 + 0.04 / 0.0256) = 3: within one step.
  // Bound: RL at phase 0.3 is in stance; swing 0.24 s, stance 0.16 s, foothold 2.5 · 0.16 / 2 = 0.2
  // s = 0.5 + 0.02 / 0.24 = 0.583333, Bezier 0.623843: -0.25 + 0.45 · 0.623843 = 0.030729, then -2.5 · 0.02 = -0.05;
  // the foot falls at the bound, 2.945 · 0.02 = 0.0589
  expect(memory.reference.transition[0]).toBe(0);
  expectFoot(memory, 2, [-0.183 - 0.019271, 0.132, GROUND_Z_M + 0.124 - 0.0589]);
});

describe("speed bound", () => {
  it("is that of the fastest legitimate swings, the hop's across the whole reach, the bound's up and down", () => {
    // 1.5 · 0.6 / 0.15, 1.5 · 0.4 / 0.15, 1.5 · 2 · 1.9 · 0.124 / 0.24
    expect(MAX_FOOT_SPEED_X_M_PER_S).toBeCloseTo(6, 9);
    expect(MAX_FOOT_SPEED_Y_M_PER_S).toBeCloseTo(4, 9);
    expect(maxFootSpeedZ(HEIGHT_M)).toBeCloseTo(2.945, 9);
  });

  it.each([0.02, 0.002])("holds through every transition with changing commands, dt %f s", (dtS) => {
    const bound = [MAX_FOOT_SPEED_X_M_PER_S, MAX_FOOT_SPEED_Y_M_PER_S, maxFootSpeedZ(HEIGHT_M)];
    // Single precision resolves 0.4 m to 3e-8 m.
    const maxStepM = bound.map((speed) => speed * dtS + 1e-7);
    const before = new Float32Array(12);
    let worst = 0;
    for (let from = 0; from < GAITS.length; from++) {
      for (let to = 0; to < GAITS.length; to++) {
        const memory = newMemory(dtS, GAITS[from].id, 0.13);
        for (let i = 0; i < 0.8 / dtS; i++) {
          if (i === Math.round(0.3 / dtS)) memory.select(0, to);
          const vx = 3 * Math.sign(Math.sin(37 * i * dtS));
          const vy = Math.sign(Math.cos(23 * i * dtS));
          before.set(memory.reference.footTargetM);
          stepGait(memory, 0, vx, vy, 2 * vy, -vx, vy, vx, HEIGHT_M);
          for (let k = 0; k < 12; k++) {
            worst = Math.max(worst, Math.abs(memory.reference.footTargetM[k] - before[k]) / maxStepM[k % 3]);
          }
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(1);
  });

  it("lifts the feet of a bound higher, over which the trunk pitches down", () => {
    const memory = newMemory(0.002, "bound");
    let highestM = GROUND_Z_M;
    for (let i = 0; i < 200; i++) {
      stepGait(memory, 0, 0, 0, 0, 0, 0, 0, HEIGHT_M);
      for (let leg = 0; leg < 4; leg++) highestM = Math.max(highestM, foot(memory, leg)[2]);
    }
    // 1.9 times the clearance of 0.4 · 0.31 m, within a millimetre: swings of 0.24 s are sampled every 2 ms.
    expect(highestM).toBeGreaterThan(GROUND_Z_M + 0.2346);
    expect(highestM).toBeLessThanOrEqual(GROUND_Z_M + 0.2356 + 1e-6);
  });

  it("leaves the fastest legitimate swing unaltered", () => {
    const memory = newMemory(0.002, "hop");
    // In flight feet get 0.6 of the clearance.
    // At 4 m/s the hop's foothold and its lift-off point lie at the edges of the reach: 4 · 0.15 / 2 = 0.3 m.
    for (let i = 0; i < 300; i++) stepGait(memory, 0, 4, 0, 0, 4, 0, 0, HEIGHT_M);
    let lagM = 0;
    for (let i = 0; i < 150; i++) {
      stepGait(memory, 0, 4, 0, 0, 4, 0, 0, HEIGHT_M);
      const s = memory.reference.swingPhase[0];
      if (memory.reference.contact[0] === 1) continue;
      lagM = Math.max(lagM, Math.abs(foot(memory, 0)[0] - (0.183 - 0.3 + 0.6 * bezier(s))));
      lagM = Math.max(lagM, Math.abs(foot(memory, 0)[2] - (GROUND_Z_M + 0.6 * 0.124 * swingHeight(s))));
    }
    expect(lagM).toBeLessThan(1e-5);
  });
});
