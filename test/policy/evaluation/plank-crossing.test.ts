import { beforeAll, describe, expect, it } from "vitest";
import { Evaluation, type EvaluationOptions } from "../../../policy/evaluation/evaluate.js";
import { Crossing } from "../../../policy/evaluation/plank-crossing.js";
import { LOOSE_PLANKS, type Scenario } from "../../../policy/evaluation/scenario.js";
import { wilsonInterval } from "../../../policy/evaluation/statistics/wilson.js";
import { decodeEpisode } from "../../../sim/episode-log.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotState } from "../../../sim/robot/state.js";
import { constantPolicy } from "../../support/constant-policy.js";
import { model } from "../../support/world.js";

beforeAll(loadPhysics);

describe("a goal 5 m ahead", () => {
  it("is reached by trunks that get there, when they do", () => {
    // Two by two lanes, 24 m apart: these start at x of -12 and 12 m.
    const crossing = new Crossing(5, 4, 1);
    expect(crossing.starts.slice(0, 2)).toEqual([
      { x: -12, y: -12, yaw: 0 },
      { x: 12, y: -12, yaw: 0 },
    ]);
    const step = (timeS: number, aheadM: readonly number[]) =>
      aheadM.forEach((ahead, robot) => {
        const position = new Float32Array(12);
        const { x, y } = crossing.starts[robot];
        position.set([x + ahead, y + 3, 0.3], 3 * robot);
        if (!crossing.hasReached(robot)) crossing.add(robot, timeS, { ...createRobotState(4), basePosition: position });
      });
    step(8, [4.99, -5.1, 3]);
    expect([0, 1, 2].map((robot) => crossing.hasReached(robot))).toEqual([false, false, false]);
    expect(crossing.result()).toEqual({ reached: 0, reachedInterval: wilsonInterval(0, 4), timeToGoalS: Number.NaN });
    step(10, [5.01, 0, 4]);
    step(13, [5.5, 0, 5.2]);
    expect([0, 1, 2].map((robot) => crossing.hasReached(robot))).toEqual([true, false, true]);
    // (10 + 13) / 2 = 11.5 s
    expect(crossing.result()).toEqual({ reached: 2, reachedInterval: wilsonInterval(2, 4), timeToGoalS: 11.5 });
  });
});

describe("a robot on its lane", () => {
  /** One beside the middle by so much, turned to the left by so much. */
  function yawRate(asideM: number, headingRad: number): number {
    const crossing = new Crossing(5, 4, 1);
    const state = createRobotState(4);
    // The fourth lane starts at (12, 12) m.
    state.basePosition.set([14, 12 + asideM, 0.3], 9);
    state.baseRotation.set([0, 0, Math.sin(headingRad / 2), Math.cos(headingRad / 2)], 12);
    return crossing.yawRate(3, state);
  }

  it("is steered to a point of the middle, 1 m ahead", () => {
    expect(yawRate(0, 0)).toBeCloseTo(0, 6);
    expect(yawRate(0, 0.2)).toBeCloseTo(-0.2, 6);
    // atan(0.3) = 0.2915: to the right of where it is, and as it is headed there, not at all.
    expect(yawRate(0.3, 0)).toBeCloseTo(-0.2915, 4);
    expect(yawRate(0.3, -0.2915)).toBeCloseTo(0, 4);
    expect([yawRate(2, 0), yawRate(-2, 0)]).toEqual([-0.5, 0.5]);
  });
});

describe("trials across loose planks", () => {
  const TRIALS = 2;
  /** By the gait memory alone, in a trot. */
  function run(scenario: Scenario, seed = 5) {
    const { trialS } = scenario;
    const options: EvaluationOptions = { terrain: "flat", level: 0, trials: TRIALS, seed, trialS };
    const bundle = constantPolicy(0, {});
    const evaluation = new Evaluation(bundle, model, "gaitMemoryAlone", options, TRIALS, scenario, { gait: "trot" });
    let steps = 0;
    while (evaluation.advance()) steps++;
    const [score, episodes] = [evaluation.result(), evaluation.episodes()];
    evaluation.free();
    const logs = episodes.map(({ name, bytes }) => decodeEpisode(bytes, name));
    const x = logs.map((log) => {
      const { offset } = log.column("basePosition");
      return Array.from({ length: log.numFrames }, (_, frame) => log.frame(frame)[offset]);
    });
    return { score, episodes, x, steps };
  }

  it("start on lanes of their own, meet planks, and are the same for the same seed", () => {
    const short = { ...LOOSE_PLANKS, trialS: 2.5 };
    const first = run(short);
    // Two lanes, 24 m apart.
    expect(first.x[0][0]).toBeCloseTo(-12, 1);
    expect(first.x[1][0]).toBeCloseTo(12, 1);
    expect(run(short)).toEqual(first);
    expect(run(short, 6).episodes).not.toEqual(first.episodes);
  });

  it("end at the goal, or with a fall, or when time is up", () => {
    const { score, x, steps } = run({ ...LOOSE_PLANKS, trialS: 4, planks: { goalM: 0.4 } });
    expect(score).toMatchObject({ falls: 0, reached: TRIALS, reachedInterval: wilsonInterval(TRIALS, TRIALS) });
    // At about 0.5 m/s, from rest.
    expect(score.timeToGoalS).toBeGreaterThan(0.7);
    expect(score.timeToGoalS).toBeLessThan(2.5);
    x.forEach((way, robot) => {
      const aheadM = way.map((at) => at - (robot === 0 ? -12 : 12));
      expect(aheadM.at(-1)).toBeGreaterThanOrEqual(0.4);
      expect(aheadM.at(-2)).toBeLessThan(0.4);
    });
    expect(steps).toBe(Math.max(...x.map((way) => way.length)));
    const [a, b] = x.map((way) => way.length);
    expect(score.timeToGoalS).toBeCloseTo((0.02 * (a + b)) / 2, 9);
    expect(run({ ...LOOSE_PLANKS, trialS: 0.5 })).toMatchObject({ steps: 25, score: { reached: 0 } });
  });
});
