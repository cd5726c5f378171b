import { beforeAll, describe, expect, it } from "vitest";
import { gaitIndex } from "../../../gaits/library.js";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { LocomotionControl } from "../../../sim/control/locomotion-control.js";
import { VecEnv } from "../../../sim/env.js";
import type { Quat, Vec3 } from "../../../sim/math.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { FootMotion } from "../../../sim/task/foot-motion.js";
import { REWARD_TERMS, type RewardName } from "../../../sim/task/reward.js";
import { createRewardSchema, type RewardSources, rewardTerm } from "../../../sim/task/reward-term.js";
import { createEnv, envConfig } from "../../support/envs.js";
import { FLAT, model } from "../../support/world.js";

beforeAll(loadPhysics);

const ROBOT = 1;

/** Two robots, of which the first one is a decoy: everything about it is wild. The second one is at rest, as it should be. */
function createSources(): RewardSources {
  const state = createRobotState(2);
  const control = new LocomotionControl(model, envConfig().control, 2);
  const [friction, payloadKg, motorStrength] = [new Float32Array(2), new Float32Array(2), new Float32Array(2)];
  const randomization = { friction, payloadKg, motorStrength };
  const privileged = { baseHeight: Float32Array.of(7, model.nominalHeightM), randomization };
  const feet = new FootMotion(model, state, FLAT);
  const previousAction = new Float32Array(2 * NUM_JOINTS);
  for (const values of [state.baseVelocity, state.baseAngularVelocity, state.projectedGravity, control.command]) {
    values.fill(0.7, 0, 3);
  }
  for (const values of [state.jointTorque, state.jointVelocity, control.action, previousAction]) {
    values.forEach((_, i) => {
      if (i < NUM_JOINTS) values[i] = Math.sin(i) * 5;
    });
  }
  state.projectedGravity.set([0, 0, -1], 3 * ROBOT);
  state.jointPosition.set(model.qDefaultRad, NUM_JOINTS * ROBOT);
  return { state, control, privileged, previousAction, feet, externalWork: Float32Array.of(9, 0) };
}

const REWARD_NAMES = Object.keys(REWARD_TERMS) as RewardName[];

function term(name: RewardName, sources: RewardSources): number {
  sources.feet.read(ROBOT);
  return REWARD_TERMS[name].of(sources, ROBOT);
}

/** What a term becomes after a change to a robot at rest. */
function valueAfter(name: RewardName, change: (sources: RewardSources) => void): number {
  const sources = createSources();
  change(sources);
  return term(name, sources);
}

describe("linearVelocity", () => {
  const of = (commandX: number, commandY: number, vx: number, vy: number, vz = 0) =>
    valueAfter("linearVelocity", ({ state, control }) => {
      control.command.set([commandX, commandY, 0.4], 3 * ROBOT);
      state.baseVelocity.set([vx, vy, vz], 3 * ROBOT);
    });

  it("is 1 where the robot moves as it is told, whatever else it does", () => {
    expect(of(0.8, -0.2, 0.8, -0.2)).toBe(1);
    expect(of(0.8, -0.2, 0.8, -0.2, 5)).toBe(1);
  });

  it("falls as exp(−error²/width) with the length of the error", () => {
    const ofError = (x: number, y: number) => of(0.5, 0.1, 0.5 + x, 0.1 + y);
    const once = ofError(0.2, 0);
    expect(once).toBeGreaterThan(0.05);
    expect(once).toBeLessThan(0.95);
    // Twice the error is four times the exponent; 0.12² + 0.16² = 0.2².
    expect(ofError(0.4, 0)).toBeCloseTo(once ** 4, 5);
    expect(ofError(-0.2, 0)).toBeCloseTo(once, 5);
    expect(ofError(0, 0.2)).toBeCloseTo(once, 5);
    expect(ofError(0.12, -0.16)).toBeCloseTo(once, 5);
  });
});

describe("yawRate", () => {
  const ofError = (error: number) =>
    valueAfter("yawRate", ({ state, control }) => {
      control.command.set([0, 0, -0.5], 3 * ROBOT);
      state.baseAngularVelocity.set([1, 1, -0.5 + error], 3 * ROBOT);
    });

  it("is 1 at the commanded rate and falls as exp(−error²/width)", () => {
    expect(ofError(0)).toBe(1);
    const once = ofError(0.2);
    expect(once).toBeGreaterThan(0.05);
    expect(once).toBeLessThan(0.95);
    expect(ofError(-0.2)).toBeCloseTo(once, 5);
    expect(ofError(0.4)).toBeCloseTo(once ** 4, 5);
  });
});

describe("contactSchedule", () => {
  /** A trot: feet touch the ground up to phase 0.5. */
  const of = (phase: number[], touching: number[]) =>
    valueAfter("contactSchedule", ({ state, control }) => {
      control.gait.reset(ROBOT, gaitIndex("trot"), 0);
      const { reference } = control.gait;
      reference.phase.set(phase, 4 * ROBOT);
      reference.contact.set(
        phase.map((p) => (p < 0.5 ? 1 : 0)),
        4 * ROBOT,
      );
      state.footContact.set(touching, 4 * ROBOT);
    });

  it("is the share of feet that touch the ground when they should, and don't when they should not", () => {
    const phase = [0.25, 0.75, 0.75, 0.25];
    expect(of(phase, [1, 0, 0, 1])).toBe(1);
    expect(of(phase, [0, 0, 0, 1])).toBe(0.75);
    expect(of(phase, [1, 1, 0, 1])).toBe(0.75);
    expect(of(phase, [0, 1, 1, 0])).toBe(0);
  });

  it("takes either for right at the moment of touchdown or lift-off", () => {
    const phase = [0.001, 0.499, 0.501, 0.999];
    expect(of(phase, [1, 1, 1, 1])).toBe(1);
    expect(of(phase, [0, 0, 0, 0])).toBe(1);
  });
});

describe("penalties, by hand", () => {
  it("have upright at 1 − cos(tilt), and no more than 1", () => {
    const ofGravity = (x: number, y: number, z: number) =>
      valueAfter("upright", ({ state }) => state.projectedGravity.set([x, y, z], 3 * ROBOT));
    expect(ofGravity(0, 0, -1)).toBe(0);
    expect(ofGravity(0.6, 0, -0.8)).toBeCloseTo(0.2, 6);
    expect(ofGravity(0, -Math.SQRT1_2, -Math.SQRT1_2)).toBeCloseTo(1 - Math.SQRT1_2, 6);
    expect(ofGravity(0, 0, 1)).toBe(1);
  });

  it("have the square of the height error", () => {
    const ofHeight = (above: number) =>
      valueAfter("baseHeight", ({ privileged }) => {
        privileged.baseHeight[ROBOT] = model.nominalHeightM + above;
      });
    expect(ofHeight(0)).toBeCloseTo(0, 12);
    expect(ofHeight(0.1)).toBeCloseTo(0.01, 6);
    expect(ofHeight(-0.2)).toBeCloseTo(0.04, 6);
  });

  it("have the squares of vertical velocity, and of roll and pitch rate without yaw", () => {
    expect(valueAfter("verticalVelocity", ({ state }) => state.baseVelocity.set([3, 3, -0.5], 3 * ROBOT))).toBe(0.25);
    // 0.5² + 2² = 4.25
    expect(valueAfter("rollPitchRate", ({ state }) => state.baseAngularVelocity.set([0.5, -2, 9], 3 * ROBOT))).toBe(
      4.25,
    );
  });

  it("have sums of squares over the joints for torque and action", () => {
    const numbers = [3, -4, ...new Array(9).fill(0), 12];
    // 9 + 16 + 144 = 169
    expect(valueAfter("torque", ({ state }) => state.jointTorque.set(numbers, NUM_JOINTS))).toBe(169);
    expect(valueAfter("actionSize", ({ control }) => control.action.set(numbers, NUM_JOINTS))).toBe(169);
  });

  it("have the squared change of the action from the step before", () => {
    const rate = valueAfter("actionRate", ({ control, previousAction }) => {
      control.action.set([1, 2, ...new Array(10).fill(0.5)], NUM_JOINTS);
      previousAction.set([2, -1, ...new Array(10).fill(0.5)], NUM_JOINTS);
    });
    // (1 − 2)² + (2 + 1)² = 10
    expect(rate).toBe(10);
  });
});

describe("the feet's terms", () => {
  it("are exp(−distance² / 0.02) from the reference feet: e^−2 with all four 10 cm off", () => {
    const closeness = valueAfter("referenceFeet", ({ control, feet }) => {
      feet.read(ROBOT);
      for (let leg = 0; leg < 4; leg++) {
        for (let k = 0; k < 3; k++) {
          const off = k === 1 ? 0.1 : 0;
          control.gait.reference.footTargetM[12 * ROBOT + 3 * leg + k] = feet.position[3 * leg + k] + off;
        }
      }
    });
    expect(closeness).toBeCloseTo(Math.exp(-2), 5);
  });

  it("have the squared sliding speed of the feet on the ground, not of those in the air", () => {
    const slip = valueAfter("slip", ({ state }) => {
      state.baseVelocity.set([0.3, 0.4, 9], 3 * ROBOT);
      state.footContact.set([1, 0, 1, 0], 4 * ROBOT);
    });
    // 2 · (0.3² + 0.4²)
    expect(slip).toBeCloseTo(0.5, 5);
  });
});

describe("jointLimits", () => {
  it("is how far joints are in the outer twentieths of their ranges", () => {
    const { qMinRad, qMaxRad } = model;
    const sum = valueAfter("jointLimits", ({ state }) => {
      state.jointPosition[NUM_JOINTS * ROBOT] = qMaxRad[0];
      state.jointPosition[NUM_JOINTS * ROBOT + 4] = qMinRad[4] - 0.1;
    });
    const twentieth = (j: number) => 0.05 * (qMaxRad[j] - qMinRad[j]);
    expect(sum).toBeCloseTo(twentieth(0) + twentieth(4) + 0.1, 5);
  });
});

describe("shellNear", () => {
  const of = (gapM: number) => valueAfter("shellNear", ({ state }) => state.shellGapM.set([0, gapM]));

  it("grows from 0 at 10 mm above the ground to 1 where something touches it, or has sunk in", () => {
    expect(of(0.01)).toBeCloseTo(0, 6);
    expect(of(0.004)).toBeCloseTo(0.6, 6);
    expect(of(0)).toBe(1);
    expect(of(-0.003)).toBe(1);
  });
});

describe("what gaits are selected by", () => {
  it("is the power of the joints over the robot's weight", () => {
    const value = valueAfter("energy", ({ state }) => {
      state.jointTorque.set([10, -2], NUM_JOINTS * ROBOT);
      state.jointVelocity.set([-3, -1], NUM_JOINTS * ROBOT);
    });
    // 30 W + 2 W
    expect(value).toBeCloseTo(32 / (model.massKg * 9.81), 6);
  });

  it("is the mean share of the torque limits", () => {
    const value = valueAfter("torqueSaturation", ({ state }) => {
      state.jointTorque.set([-model.torqueMaxNm[0] / 2, model.torqueMaxNm[1]], NUM_JOINTS * ROBOT);
    });
    expect(value).toBeCloseTo(1.5 / 12, 6);
  });

  it("is the share of feet that are not as scheduled", () => {
    const value = valueAfter("contactError", ({ state, control }) => {
      control.gait.reference.contact.set([1, 1, 0, 0], 4 * ROBOT);
      state.footContact.set([1, 0, 1, 1], 4 * ROBOT);
    });
    expect(value).toBe(0.75);
  });

  it("is the step's external work", () => {
    expect(valueAfter("externalWork", ({ externalWork }) => externalWork.fill(0.3, ROBOT))).toBeCloseTo(0.3, 6);
  });
});

describe("every term", () => {
  it.each(REWARD_NAMES)("%s is a number between 0 and 1 for a robot at rest, and one robot's own", (name) => {
    const sources = createSources();
    const value = term(name, sources);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
    sources.state.baseVelocity.fill(-3, 0, 3);
    sources.state.jointTorque.fill(11, 0, NUM_JOINTS);
    sources.control.action.fill(-2, 0, NUM_JOINTS);
    sources.privileged.baseHeight[0] = -1;
    sources.state.footContact.fill(1, 0, 4);
    expect(term(name, sources)).toBe(value);
  });
});

describe("the environment's reward", () => {
  const SLOW = { vxMPerS: [0.05, 0.05], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] } as const;
  const ZERO_WEIGHTS = Object.fromEntries(REWARD_NAMES.map((name) => [name, 0]));

  /** Reward of one robot in its first step, put on its back where `fall` is given, for these weights. */
  function firstReward(weights: Record<string, number>, onItsBack = false) {
    const env = createEnv(1, { command: SLOW, reward: { ...ZERO_WEIGHTS, ...weights } }, 3);
    env.age.fill(0);
    if (onItsBack) {
      env.physics.place(0, { position: [0, 0, 0.1], rotation: [1, 0, 0, 0], joints: model.qDefaultRad });
    }
    env.statistics.clear();
    env.step(new Float32Array(NUM_JOINTS).fill(0.3));
    const result = { reward: env.reward[0], fell: env.terminated[0], summary: env.statistics.summary() };
    env.free();
    return result;
  }

  it("is the weighted sum of the terms times the scale, and the statistics hold each weighted term", () => {
    const { reward, summary } = firstReward({
      linearVelocity: 2,
      upright: -0.5,
      actionSize: -0.1,
      scale: 0.25,
      fall: 0,
    });
    // 12 joints · 0.3² = 1.08
    expect(summary["reward/actionSize"]).toBeCloseTo(-0.108, 5);
    expect(summary["reward/linearVelocity"]).toBeGreaterThan(0.5);
    const sum = REWARD_NAMES.reduce((total, name) => total + summary[`reward/${name}`], 0);
    expect(reward).toBeCloseTo(0.25 * sum, 6);
    expect(summary.reward).toBeCloseTo(sum, 9);
    const doubled = firstReward({ linearVelocity: 4, upright: -1, actionSize: -0.2, scale: 0.25, fall: 0 });
    expect(doubled.reward).toBeCloseTo(2 * reward, 6);
  });

  it("is zero with no weights, and adds the fall's own, unscaled, where the robot falls", () => {
    expect(firstReward({ scale: 0.01, fall: -0.7 }).reward).toBe(0);
    const fallen = firstReward({ scale: 0.01, fall: -0.7 }, true);
    expect(fallen.fell).toBe(1);
    expect(fallen.reward).toBeCloseTo(-0.7, 6);
  });

  it("charges the first action of an episode against no action", () => {
    const { summary } = firstReward({ actionRate: -1, scale: 1, fall: 0 });
    expect(summary["reward/actionRate"]).toBeCloseTo(-1.08, 5);
  });

  it("charges each action against the one of the step before", () => {
    const env = createEnv(1, { reward: { ...ZERO_WEIGHTS, actionRate: -1 } }, 3);
    env.age.fill(0);
    const rates = [0.3, 0.3, 0.1].map((size) => {
      env.statistics.clear();
      env.step(new Float32Array(NUM_JOINTS).fill(size));
      return env.statistics.summary()["reward/actionRate"];
    });
    env.free();
    // 12 joints: .3² from nothing, no change, .2²
    [-1.08, 0, -0.48].forEach((expected, t) => {
      expect(rates[t]).toBeCloseTo(expected, 5);
    });
  });

  it("is the same whatever the robot's heading", () => {
    // At 0.5 m/s along its heading, as commanded: taken in the world's frame, velocities would be off by up to 1 m/s.
    for (const yaw of [0, 1, 2, 4]) {
      const env = createEnv(1, {
        command: { vxMPerS: [0.5, 0.5], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] },
        reward: { ...ZERO_WEIGHTS, linearVelocity: 1, scale: 1 },
      });
      env.age.fill(0);
      const rotation: Quat = [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)];
      const velocity: Vec3 = [0.5 * Math.cos(yaw), 0.5 * Math.sin(yaw), 0];
      const position: Vec3 = [0, 0, model.nominalHeightM + 0.01];
      env.physics.place(0, { position, rotation, joints: model.qDefaultRad }, velocity);
      env.step(new Float32Array(NUM_JOINTS));
      expect(env.reward[0]).toBeGreaterThan(0.9);
      env.free();
    }
  });
});

describe("a term of a task's own", () => {
  const lift = rewardTerm({
    says: "m of the front left sole above the ground",
    of: ({ feet }) => feet.heightM(0),
  });

  it("is off until the config gives it a weight, and then counts with it, by its name", () => {
    const rewards = { ...REWARD_TERMS, lift };
    const weights = { ...Object.fromEntries(Object.keys(REWARD_TERMS).map((name) => [name, 0])), scale: 1, fall: 0 };
    const rewardOf = (weight: number) => {
      const config = { ...envConfig(), reward: { ...weights, lift: weight } };
      const env = new VecEnv(model, config, 1, FLAT, 1, { rewards });
      env.reset(0);
      env.step(new Float32Array(NUM_JOINTS));
      const [reward, told] = [env.reward[0], env.statistics.summary()["reward/lift"]];
      env.free();
      return { reward, told };
    };
    expect(rewardOf(0)).toEqual({ reward: 0, told: 0 });
    const { reward, told } = rewardOf(1000);
    expect(told).toBeCloseTo(reward, 3);
    expect(rewardOf(2000).reward).toBeCloseTo(2 * reward, 2);
  });

  it("is told of the feet of the robot that it is asked for", () => {
    const heightsM: number[][] = [[], []];
    const of: typeof lift.of = ({ feet }, robot) => heightsM[robot].push(feet.heightM(0));
    const config = { ...envConfig(), reward: { lift: 1, scale: 1, fall: 0 } };
    const env = new VecEnv(model, config, 2, FLAT, 1, { rewards: { lift: rewardTerm({ ...lift, of }) } });
    const { physics } = env;
    const pose = { rotation: [0, 0, 0, 1] as Quat, joints: model.qDefaultRad };
    const place = (robot: number, x: number, z: number) =>
      physics.place(robot, { ...pose, position: [x, 0, z] }, [0, 0, 0]);
    place(0, 0, model.nominalHeightM);
    place(1, 3, model.nominalHeightM + 0.4);
    env.step(new Float32Array(2 * NUM_JOINTS));
    // The second one falls from 0.4 m: g t² / 2 = 2 mm in the step of 0.02 s. Trunks are at 0.3 and 0.7 m.
    expect(Math.abs(heightsM[0][0])).toBeLessThan(0.03);
    expect(Math.abs(heightsM[1][0] - 0.4)).toBeLessThan(0.03);
    env.free();
  });

  it("has a field of the config by its name, and of no other", () => {
    const schema = createRewardSchema({ ...REWARD_TERMS, lift }, false);
    expect(schema.parse({ lift: 3 }).lift).toBe(3);
    expect(schema.parse({}).lift).toBe(0);
    expect(schema.safeParse({ lifted: 3 }).success).toBe(false);
  });
});
