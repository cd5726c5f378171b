import { beforeAll, describe, expect, it } from "vitest";
import { footPosition } from "../../../gaits/kinematics.js";
import { GAITS, gaitIndex } from "../../../gaits/library.js";
import { NUM_JOINTS, NUM_LEGS } from "../../../gaits/types.js";
import { LocomotionControl, MAX_ACTION } from "../../../sim/control/locomotion-control.js";
import type { VecEnv } from "../../../sim/env.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { createEnv, type EnvOverrides, envConfig } from "../../support/envs.js";
import { footCentre, linkPoses, ORIGIN } from "../../support/link-poses.js";
import { model, rowOf } from "../../support/world.js";

beforeAll(loadPhysics);

function createControl(
  actionMode: "residual" | "absolute",
  numRobots = 2,
  overrides: EnvOverrides["control"] = {},
): LocomotionControl {
  const { control } = envConfig({ control: { actionMode, actionScaleRad: 0.2, ...overrides } });
  const locomotion = new LocomotionControl(model, control, numRobots);
  for (let robot = 0; robot < numRobots; robot++) locomotion.gait.reset(robot, gaitIndex("trot"), 0);
  return locomotion;
}

/** The second robot's targets after an action of its own, from a reference of 0.3 rad above the default pose. */
function targetsOf(control: LocomotionControl, action: readonly number[]): number[] {
  model.qDefaultRad.forEach((q, j) => {
    control.jointReference[NUM_JOINTS + j] = q + 0.3;
  });
  const actions = new Float32Array(2 * NUM_JOINTS);
  actions.set(action, NUM_JOINTS);
  control.act(1, actions, NUM_JOINTS);
  return [...rowOf(control.jointTarget, 1, NUM_JOINTS)];
}

const SMALL = Array.from({ length: NUM_JOINTS }, (_, j) => 0.5 * Math.sin(1 + j));

describe("an action", () => {
  it("moves targets from the gait memory's reference in residual mode", () => {
    const control = createControl("residual");
    targetsOf(control, SMALL).forEach((target, j) => {
      expect(target).toBeCloseTo(model.qDefaultRad[j] + 0.3 + 0.2 * SMALL[j], 5);
    });
  });

  it("moves targets from the default pose in absolute mode", () => {
    targetsOf(createControl("absolute"), SMALL).forEach((target, j) => {
      expect(target).toBeCloseTo(model.qDefaultRad[j] + 0.2 * SMALL[j], 5);
    });
  });

  it("is one robot's: the other's action and targets stay as they are", () => {
    const control = createControl("absolute");
    targetsOf(control, SMALL);
    expect([...rowOf(control.action, 0, NUM_JOINTS)]).toEqual(new Array(NUM_JOINTS).fill(0));
    expect([...rowOf(control.jointTarget, 0, NUM_JOINTS)]).toEqual(new Array(NUM_JOINTS).fill(0));
    rowOf(control.action, 1, NUM_JOINTS).forEach((a, j) => {
      expect(a).toBeCloseTo(SMALL[j], 6);
    });
  });

  it("counts by its share: 0.4 at first, then 0.4 + 0.4 · 0.6 = 0.64 of an action that stays", () => {
    const control = createControl("absolute", 2, { actionShare: 0.4 });
    for (const share of [0.4, 0.64]) {
      targetsOf(control, SMALL).forEach((target, j) => {
        expect(target).toBeCloseTo(model.qDefaultRad[j] + 0.2 * share * SMALL[j], 5);
      });
    }
  });

  it("counts a fifth while the robot stands", () => {
    const control = createControl("absolute");
    control.gait.reset(1, gaitIndex("stand"), 0);
    targetsOf(control, SMALL).forEach((target, j) => {
      expect(target).toBeCloseTo(model.qDefaultRad[j] + 0.2 * 0.2 * SMALL[j], 5);
    });
  });

  it("is cut off at ± MAX_ACTION", () => {
    const control = createControl("absolute");
    targetsOf(control, [100, -100, ...SMALL.slice(2)]);
    expect([...control.action.subarray(NUM_JOINTS, NUM_JOINTS + 2)]).toEqual([MAX_ACTION, -MAX_ACTION]);
  });

  it("can be foreseen, and asked for by its targets", () => {
    const control = createControl("residual", 2, { actionShare: 0.4 });
    const past = targetsOf(control, SMALL);
    const wanted = new Float32Array(2 * NUM_JOINTS);
    wanted.set(
      past.map((q, j) => q - 0.1 * SMALL[j]),
      NUM_JOINTS,
    );
    const action = new Float32Array(2 * NUM_JOINTS);
    control.actionFor(action, 1, wanted, NUM_JOINTS);
    const foreseen = new Float32Array(2 * NUM_JOINTS);
    control.preview(foreseen, 1, action, NUM_JOINTS);
    expect([...rowOf(control.jointTarget, 1, NUM_JOINTS)]).toEqual(past);
    const got = targetsOf(control, [...rowOf(action, 1, NUM_JOINTS)]);
    expect([...rowOf(foreseen, 1, NUM_JOINTS)]).toEqual(got);
    got.forEach((q, j) => {
      expect(q).toBeCloseTo(wanted[NUM_JOINTS + j], 5);
    });
  });

  it.each([
    ["upper", 1, model.qMaxRad],
    ["lower", -1, model.qMinRad],
  ] as const)("never asks for more than the %s joint limits", (_, sign, limits) => {
    // From references a hair within the limits, by up to MAX_ACTION · 0.2 rad.
    const control = createControl("residual");
    control.jointReference.set(limits.map((q) => q - 0.01 * sign));
    control.act(0, new Float32Array(NUM_JOINTS).fill(sign * MAX_ACTION), 0);
    expect([...control.jointTarget.subarray(0, NUM_JOINTS)]).toEqual([...limits]);
  });
});

describe("the gait memory", () => {
  it("moves on by one policy step with every step of the environment", () => {
    const env = createEnv(2);
    env.age.fill(0);
    const { phase } = env.control.gait.reference;
    const start = phase.slice();
    for (let t = 0; t < 8; t++) env.step(new Float32Array(2 * NUM_JOINTS));
    const { periodS } = GAITS[gaitIndex("trot")];
    phase.forEach((p, i) => {
      const cycles = (8 * 0.02) / periodS;
      const expected = start[i] + cycles - Math.floor(start[i] + cycles);
      // 0.9999 and 0.0001 are neighbours.
      expect(Math.cos(2 * Math.PI * (p - expected))).toBeCloseTo(1, 6);
    });
    env.free();
  });

  it("goes on stepping until the robot is slower than 0.3 m/s, before it stands", () => {
    const control = createControl("residual", 1, { estimator: "odometry" });
    const state = createRobotState(1);
    state.projectedGravity[2] = -1;
    control.command.set([2.5, 0, 0]);
    control.reset(0, 0.05, state);
    control.command.fill(0);
    const gaitAt = (vx: number, vy: number) => {
      control.estimate.odometry.velocity.set([vx, vy, 0]);
      control.advance(0, state);
      return GAITS[control.gait.reference.gaitIndex[0]].id;
    };
    // √(0.25² + 0.2²) = 0.32, √(0.25² + 0.1²) = 0.27
    expect(gaitAt(2.4, 0)).toBe("trot");
    expect(gaitAt(0.25, -0.2)).toBe("trot");
    expect(gaitAt(0.25, -0.1)).toBe("stand");
    expect(gaitAt(0.25, -0.2)).toBe("stand"); // pushed while it stands
  });

  it("is led 1.2 times as fast forward as commanded, and as fast as commanded sideways", () => {
    const control = createControl("residual", 1);
    const state = createRobotState(1);
    state.projectedGravity[2] = -1;
    control.reset(0, 0.05, state);
    control.command.set([0.4, -0.2, 0]);
    const before = control.gait.reference.footTargetM.slice();
    control.advance(0, state);
    const { footTargetM, contact } = control.gait.reference;
    const stance = contact.indexOf(1);
    // In 0.02 s the ground passes by 1.2 · 0.4 · 0.02 = 0.0096 m backward and 0.2 · 0.02 = 0.004 m to the left.
    expect(footTargetM[3 * stance] - before[3 * stance]).toBeCloseTo(-0.0096, 5);
    expect(footTargetM[3 * stance + 1] - before[3 * stance + 1]).toBeCloseTo(0.004, 5);
  });

  it("has feet led ahead by what the motors lag: kd/kp of where they go, 1.25 steps at 2/80 s", () => {
    const control = createControl("residual", 2, { gravityFeedForward: false });
    const state = createRobotState(2);
    state.projectedGravity.set([0, 0, -1], 3);
    state.deltaVelocity[5] = 9.81 * 0.02; // At rest: the ground's push against gravity.
    const { footTargetM } = control.gait.reference;
    const asked = () => {
      const foot = new Float32Array(3 * NUM_LEGS);
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        footPosition(foot, 3 * leg, model.legs, leg, control.jointReference, NUM_JOINTS + 3 * leg);
      }
      return foot;
    };
    control.reset(1, 0.05, state);
    const before = rowOf(footTargetM, 1, 12).slice();
    // At the start nothing moves yet.
    asked().forEach((x, k) => {
      expect(x).toBeCloseTo(before[k], 5);
    });
    control.command.set([0.8, 0, 0], 3);
    control.advance(1, state);
    const after = rowOf(footTargetM, 1, 12);
    let moved = 0;
    asked().forEach((x, k) => {
      expect(x).toBeCloseTo(after[k] + 1.25 * (after[k] - before[k]), 5);
      moved = Math.max(moved, Math.abs(after[k] - before[k]));
    });
    expect(moved).toBeGreaterThan(0.015);
  });

  it("has stance feet keep the trunk upright: nose down by 0.1 rad, front legs reach down and rear legs give way", () => {
    const heights = (gx: number) => {
      const control = createControl("residual", 1, { gravityFeedForward: false });
      const state = createRobotState(1);
      state.projectedGravity.set([gx, 0, -Math.sqrt(1 - gx * gx)]);
      control.command[0] = 0.1;
      control.reset(0, 0.05, state);
      const poses = linkPoses(model, ORIGIN, [...control.jointReference]);
      const { contact } = control.gait.reference;
      return [0, 1, 2, 3].filter((leg) => contact[leg]).map((leg) => footCentre(model, poses, leg));
    };
    const [level, tilted] = [heights(0), heights(Math.sin(0.1))];
    expect(level).toHaveLength(2);
    level.forEach(([x, , z], i) => {
      // balance.ts: 0.3 · sin 0.1 · x, as far as the legs' kinematics goes (2 mm).
      expect(Math.abs(tilted[i][2] - z + 0.3 * Math.sin(0.1) * x)).toBeLessThan(5e-4);
      expect(Math.abs(x)).toBeGreaterThan(0.15);
    });
  });

  it("starts robots at different points of the stride", () => {
    const env = createEnv(20);
    const firsts = Array.from({ length: 20 }, (_, robot) => env.control.gait.reference.phase[NUM_LEGS * robot]);
    env.free();
    expect(new Set(firsts).size).toBeGreaterThan(15);
    expect(Math.max(...firsts) - Math.min(...firsts)).toBeGreaterThan(0.6);
  });

  it("has nominal feet where the feet are in the default pose", () => {
    const poses = linkPoses(model, ORIGIN, model.qDefaultRad);
    const { nominalFeet } = createControl("residual");
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      footCentre(model, poses, leg).forEach((x, k) => {
        expect(Math.abs(nominalFeet[3 * leg + k] - x)).toBeLessThan(0.002);
      });
    }
  });
});

describe("gravity feed-forward", () => {
  /** Height of a robot's reference feet in the base frame, m. */
  function footHeights(env: VecEnv, robot: number): number[] {
    const poses = linkPoses(model, ORIGIN, rowOf(env.control.jointReference, robot, NUM_JOINTS));
    return [0, 1, 2, 3].map((leg) => footCentre(model, poses, leg)[2]);
  }

  it("reaches for a point below the ground with the legs in stance, and with no others", () => {
    const [off, on] = [false, true].map((gravityFeedForward) => createEnv(6, { control: { gravityFeedForward } }));
    let stances = 0;
    for (let robot = 0; robot < 6; robot++) {
      const [without, raised] = [footHeights(off, robot), footHeights(on, robot)];
      for (let leg = 0; leg < NUM_LEGS; leg++) {
        const stance = on.control.gait.reference.contact[NUM_LEGS * robot + leg];
        stances += stance;
        if (stance) expect(raised[leg] - without[leg]).toBeLessThan(-0.002);
        else expect(raised[leg]).toBe(without[leg]);
      }
    }
    expect(stances).toBeGreaterThan(0);
    expect(stances).toBeLessThan(6 * NUM_LEGS);
    off.free();
    on.free();
  });

  it("carries the weight of a robot that stands: it sags less than a third as far", () => {
    const sagM = (gravityFeedForward: boolean) => {
      const env = createEnv(1, {
        episodeS: 60,
        control: { gravityFeedForward },
        command: { gaits: ["stand"] },
        randomization: { startJointRad: 0, startVelocityMPerS: 0 },
      });
      for (let t = 0; t < 60; t++) env.step(new Float32Array(NUM_JOINTS));
      const heightM = env.physics.state.basePosition[2];
      env.free();
      return Math.abs(model.nominalHeightM - heightM);
    };
    const without = sagM(false);
    // 30.5 N on each leg of about 80 N·m/rad / (0.14 m)² at knee and thigh in series: some 10 mm.
    expect(without).toBeGreaterThan(0.004);
    expect(sagM(true)).toBeLessThan(without / 3);
  });
});
