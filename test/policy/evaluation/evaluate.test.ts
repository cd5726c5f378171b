import { beforeAll, describe, expect, it } from "vitest";
import { gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import type { PolicyBundle } from "../../../policy/bundle/bundle.js";
import { Evaluation, type EvaluationOptions, evaluationEnv } from "../../../policy/evaluation/evaluate.js";
import { ALL_GAITS, PUSHED_TROT, type Scenario, STRESS_TEST } from "../../../policy/evaluation/scenario.js";
import { wilsonInterval } from "../../../policy/evaluation/statistics/wilson.js";
import type { GaitSource } from "../../../policy/runtime/gait-choice.js";
import type { ControllerKind } from "../../../sim/episode-log.js";
import { decodeEpisode, type EpisodeColumnName, type EpisodeLog } from "../../../sim/episode-log.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { constantPolicy } from "../../support/constant-policy.js";
import { type EnvOverrides, envConfig } from "../../support/envs.js";
import { selectorOf } from "../../support/selection.js";
import { model } from "../../support/world.js";

beforeAll(loadPhysics);

const STEP_S = 0.02;
const OPTIONS: EvaluationOptions = { terrain: "flat", level: 0, trials: 3, seed: 5, trialS: 1.4 };
const STEPS = 70;
const STANDING: EnvOverrides = {
  command: { vxMPerS: [0, 0], vyMPerS: [0, 0], yawRateRadPerS: [0, 0] },
};

function run(bundle: PolicyBundle, controller: ControllerKind, record = 0, options = OPTIONS) {
  const evaluation = new Evaluation(bundle, model, controller, options, record);
  let advances = 0;
  while (evaluation.advance()) advances++;
  const score = evaluation.result();
  const episodes = evaluation.episodes();
  const logs = episodes.map(({ name, bytes }) => decodeEpisode(bytes, name));
  evaluation.free();
  return { advances, score, episodes, logs };
}

function column(log: EpisodeLog, frame: number, name: EpisodeColumnName): number[] {
  const { offset, size } = log.column(name);
  return [...log.frame(frame).subarray(offset, offset + size)];
}

describe("robots that stand, by the gait memory alone", () => {
  let result: ReturnType<typeof run>;
  beforeAll(() => {
    result = run(constantPolicy(0, STANDING), "gaitMemoryAlone", 2);
  });

  it("are scored over the whole trial: no falls, hardly any error, all feet where they should be", () => {
    const { advances, score } = result;
    expect(advances).toBe(STEPS);
    expect(score.falls).toBe(0);
    expect(score.fallRateInterval).toEqual(wilsonInterval(0, 3));
    for (const error of [score.velocityErrorX, score.velocityErrorY, score.yawRateError]) {
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.02);
    }
    expect(score.contactErrorPercent).toBe(0);
    // A third of the weight's torque, 4 N·m of 33.5 at most, over hip, thigh and calf.
    expect(score.torqueSaturationPercent).toBeGreaterThan(2);
    expect(score.torqueSaturationPercent).toBeLessThan(15);
    // Nobody was told to walk.
    expect(score.costOfTransport).toBeNaN();
  });

  it("are recorded as often as asked, a frame for each step", () => {
    expect(result.logs.length).toBe(2);
    expect(new Set(result.episodes.map(({ name }) => name)).size).toBe(2);
    for (const log of result.logs) {
      expect(log.numFrames).toBe(STEPS);
      expect(column(log, 0, "time")[0]).toBeCloseTo(STEP_S, 5);
      expect(column(log, STEPS - 1, "time")[0]).toBeCloseTo(1.4, 5);
      const { header } = log; // nobody was told to walk, so the gait that ran is "stand", whatever the policy knows
      expect(header).toMatchObject({ controller: "gaitMemoryAlone", gait: "stand", fell: false, dtS: STEP_S, seed: 5 });
      expect(header.durationS).toBeCloseTo(1.4, 9);
    }
  });

  it("are recorded as they stood", () => {
    const [log] = result.logs;
    expect(column(log, STEPS - 1, "contact")).toEqual([1, 1, 1, 1]);
    expect(column(log, STEPS - 1, "scheduledContact")).toEqual([1, 1, 1, 1]);
    expect(column(log, STEPS - 1, "command")).toEqual([0, 0, 0]);
    const [, , z] = column(log, STEPS - 1, "basePosition");
    expect(Math.abs(z - model.nominalHeightM)).toBeLessThan(0.02);
    column(log, STEPS - 1, "jointPosition").forEach((q, j) => {
      expect(Math.abs(q - model.qDefaultRad[j])).toBeLessThan(0.15);
    });
  });
});

describe("robots that fall", () => {
  // Every joint is asked for the upper limit of what an action can do: they collapse, stand up anew and collapse again.
  const bundle = constantPolicy(100, { ...STANDING, control: { actionScaleRad: 1.5 } });
  let result: ReturnType<typeof run>;
  beforeAll(() => {
    result = run(bundle, "policy", 3);
  });

  it("count once each, at their first fall", () => {
    expect(result.score.falls).toBe(3);
    expect(result.score.fallRateInterval).toEqual(wilsonInterval(3, 3));
  });

  it("are recorded until the step before they fell, and never after", () => {
    for (const { header, numFrames } of result.logs) {
      expect(header.fell).toBe(true);
      const fallStep = Math.round(header.durationS / STEP_S);
      expect(fallStep).toBeLessThan(STEPS / 2);
      expect(numFrames).toBe(fallStep - 1);
    }
  });

  it("have no score where they fell before it began", () => {
    expect(result.score.velocityErrorX).toBeNaN();
  });

  it("stand where the same robots do nothing", () => {
    expect(run(bundle, "gaitMemoryAlone").score.falls).toBe(0);
  });
});

describe("trials", () => {
  const WALKING: EnvOverrides = { command: { gaits: ["walking-trot"] } };

  it("are the same for the same seed, to the last bit, others for another", () => {
    const bundle = constantPolicy(0.01, WALKING);
    const short = { ...OPTIONS, trialS: 0.3 };
    const first = run(bundle, "policy", 2, short);
    expect(run(bundle, "policy", 2, short).episodes).toEqual(first.episodes);
    const other = run(bundle, "policy", 2, { ...short, seed: 6 });
    expect(column(other.logs[0], 0, "command")).not.toEqual(column(first.logs[0], 0, "command"));
  });

  it("are recorded with the schedule of each step", () => {
    const { logs } = run(constantPolicy(0, WALKING), "gaitMemoryAlone", 1, { ...OPTIONS, trialS: 0.5 });
    // A walking trot's stride takes half a second: within it, each foot is scheduled to touch the ground and to leave it.
    for (let leg = 0; leg < 4; leg++) {
      const scheduled = Array.from({ length: 25 }, (_, i) => column(logs[0], i, "scheduledContact")[leg]);
      expect(new Set(scheduled)).toEqual(new Set([0, 1]));
    }
  });

  it("give both controllers the same commands and the same start", () => {
    const bundle = constantPolicy(0.05, WALKING);
    const short = { ...OPTIONS, trialS: 0.1 };
    const [policy, zero] = [run(bundle, "policy", 3, short), run(bundle, "gaitMemoryAlone", 3, short)];
    policy.logs.forEach((log, robot) => {
      expect(column(log, 0, "command")).toEqual(column(zero.logs[robot], 0, "command"));
      const [[x, y], [x0, y0]] = [log, zero.logs[robot]].map((each) => column(each, 0, "basePosition"));
      expect(Math.hypot(x - x0, y - y0)).toBeLessThan(0.01);
      expect(column(log, 0, "jointTarget")).not.toEqual(column(zero.logs[robot], 0, "jointTarget"));
    });
  });

  it("are on the ground that was asked for", () => {
    const rough = { ...OPTIONS, terrain: "rough", level: 2, trialS: 0.1 } as const;
    const [{ header }] = run(constantPolicy(0, STANDING), "gaitMemoryAlone", 1, rough).logs;
    expect(header.terrain).toMatchObject({ kind: "rough", level: 2 });
    expect(header.label).toContain("rough");
  });
});

describe("the environment of an evaluation", () => {
  it("is the bundle's, but for chance at the start and easy commands", () => {
    const env = envConfig({
      command: { standShare: 0.5, fullSpeedShare: 0.5, straightShare: 0.5, noYawShare: 0.5, vxMPerS: [-0.2, 0.7] },
      randomization: { pushMPerS: 1 },
    });
    const config = evaluationEnv(env, { ...OPTIONS, maxVxMPerS: 2 });
    expect(config.control).toEqual(env.control);
    expect(config.physics).toEqual(env.physics);
    expect(config.command).toMatchObject({ vxMPerS: [-0.2, 2], straightShare: 0, noYawShare: 0 });
    expect(config.command).toMatchObject({ standShare: 0, fullSpeedShare: 0 });
    const { friction, pushMPerS, startJointRad, startVelocityMPerS } = config.randomization;
    expect(friction).toEqual([env.physics.friction, env.physics.friction]);
    expect([pushMPerS, startJointRad, startVelocityMPerS]).toEqual([0, 0, 0]);
    expect(config.episodeS).toBeGreaterThan(OPTIONS.trialS);
    expect(evaluationEnv(env, OPTIONS).command.vxMPerS).toEqual([-0.2, 0.7]);
    expect(gaitIndex(config.command.gaits[0])).toBeGreaterThanOrEqual(0);
  });

  it("asks robots to walk ahead where there is something ahead of them", () => {
    const env = envConfig({ command: { vxMPerS: [-0.2, 0.7] } });
    const onStairs = { ...OPTIONS, terrain: "stairs-up", level: 1 } as const;
    const { command } = evaluationEnv(env, onStairs);
    expect(command).toMatchObject({ vxMPerS: [0.3, 0.7], standShare: 0, straightShare: 1, noYawShare: 1 });
    expect(evaluationEnv(env, { ...onStairs, maxVxMPerS: 0.1 }).command.vxMPerS).toEqual([0.1, 0.1]);
  });
});

describe("trials of a scenario", () => {
  const score = (scenario: Scenario, trialS = 2) => {
    const options = { ...OPTIONS, trialS };
    const evaluation = new Evaluation(constantPolicy(0, STANDING), model, "gaitMemoryAlone", options, 3, scenario);
    while (evaluation.advance());
    const result = { score: evaluation.result(), episodes: evaluation.episodes() };
    evaluation.free();
    return result;
  };

  it("are told what to do, and their footfalls measured", () => {
    const { score: still } = score({
      trialS: 2,
      gaitSource: "told",
      tell: () => ({ gait: "trot", vx: 0, yawRate: 0 }),
    });
    expect(still.footfalls).toHaveLength(1);
    expect(still.footfalls[0]).toMatchObject({ gait: "stand", dutyFactor: [1, 1, 1, 1], dutyFactorError: 0 });
    expect(still.driftM).toBeLessThan(0.02);

    const { score: trotting } = score(
      { trialS: 2, gaitSource: "told", tell: () => ({ gait: "trot", vx: 0.4, yawRate: 0 }) },
      4,
    );
    expect(trotting.footfalls[0].gait).toBe("trot");
    // Settled for 3.2 of 4 s: 160 steps less the one that starts the count, of 3 robots.
    expect(Math.abs(trotting.footfalls[0].samples - 3 * 160)).toBeLessThan(10);
    expect(trotting.footfalls[0].dutyFactorError).toBeLessThan(0.15);
    expect(trotting.driftM).toBeGreaterThan(0.6);
  });

  it("change gait when the scenario does", () => {
    const { score: all } = score({ ...ALL_GAITS, tell: (trial, timeS) => ALL_GAITS.tell(trial, timeS + 13.2) }, 4.4);
    expect(all.footfalls.map(({ gait }) => gait).sort()).toEqual(["amble", "stand"]);
  });

  it("are pushed when it says so, each from another side", () => {
    const push = { velocityChangeMPerS: 0.5, everyS: 1 };
    const quiet: Scenario = { trialS: 2, gaitSource: "told", tell: () => ({ gait: "trot", vx: 0, yawRate: 0 }) };
    const logsOf = (scenario: Scenario) => score(scenario).episodes.map(({ bytes }) => decodeEpisode(bytes, "test"));
    const velocities = (logs: readonly EpisodeLog[]) => logs.map((log) => [...column(log, 50, "baseVelocity")]);
    const logs = logsOf({ ...quiet, pushes: push });
    const pushed = velocities(logs);
    const still = velocities(logsOf(quiet));
    const changes = pushed.map((v, i) => [v[0] - still[i][0], v[1] - still[i][1]]);
    for (const [x, y] of changes) expect(Math.hypot(x, y)).toBeGreaterThan(0.2);
    expect(
      Math.abs(Math.atan2(changes[0][1], changes[0][0]) - Math.atan2(changes[1][1], changes[1][0])),
    ).toBeGreaterThan(0.05);
    for (const log of logs) {
      // The step after 1 s, and no other one, is told to have begun with a push.
      const pushes = Array.from({ length: log.numFrames }, (_, frame) => [...column(log, frame, "push")]);
      expect(pushes.findIndex((values) => values.some((value) => value !== 0))).toBe(50);
      expect(pushes.filter((values) => values.some((value) => value !== 0))).toHaveLength(1);
      const [, , , dx, dy, dz] = pushes[50];
      expect([Math.hypot(dx, dy), dz]).toEqual([expect.closeTo(0.5, 6), 0]);
    }
    expect(PUSHED_TROT.pushes).toEqual({ velocityChangeMPerS: 0.5, everyS: 3 });
  });
});

describe("gaits of one's own choice", () => {
  function trialOf(source: GaitSource | undefined, bundle = constantPolicy(0, {})) {
    const scenario: Scenario = { trialS: 0.6, gaitSource: "policy", tell: () => ({ gait: "run", vx: 0, yawRate: 0 }) };
    const evaluation = new Evaluation(
      bundle,
      model,
      "gaitMemoryAlone",
      { ...OPTIONS, trialS: 0.6 },
      0,
      scenario,
      source,
    );
    while (evaluation.advance());
    const { traces } = evaluation.result();
    evaluation.free();
    return traces;
  }
  const everyTenth = (gait: string) => Array(6).fill(gaitIndex(gait));

  it("are kept on the spot, or left for a stand, as whoever chooses them likes", () => {
    expect(trialOf({ gait: "trot" })).toEqual(Array(3).fill(everyTenth("trot")));
    expect(trialOf("by-speed")).toEqual(Array(3).fill(everyTenth("stand")));
    const hopper = selectorOf(SELECTABLE_GAITS.indexOf(gaitIndex("hop")));
    expect(trialOf("policy", hopper)).toEqual(Array(3).fill(everyTenth("hop")));
    // Whoever is named chooses, not the policy; and it is the scenario's source that is named unless another one is.
    expect(trialOf("by-speed", hopper)).toEqual(Array(3).fill(everyTenth("stand")));
    expect(trialOf(undefined, hopper)).toEqual(trialOf("policy", hopper));
  });

  it("are none where they are told, though the policy could choose", () => {
    const hopper = selectorOf(SELECTABLE_GAITS.indexOf(gaitIndex("hop")));
    const tell = () => ({ gait: "trot", vx: 0.4, yawRate: 0 });
    const gaitOf = (gaitSource: "told" | "policy") => {
      const scenario: Scenario = { trialS: 0.6, gaitSource, tell };
      const options = { ...OPTIONS, trialS: 0.6 };
      const evaluation = new Evaluation(hopper, model, "gaitMemoryAlone", options, 1, scenario);
      while (evaluation.advance());
      const { gait } = decodeEpisode(evaluation.episodes()[0].bytes, "own.episode").header;
      const { traces } = evaluation.result();
      evaluation.free();
      return { gait, traced: traces.length };
    };
    expect(gaitOf("told")).toEqual({ gait: "trot", traced: 0 });
    expect(gaitOf("policy")).toEqual({ gait: "hop", traced: 3 });
  });

  it("are recorded with the probabilities of a policy that chooses them", () => {
    const record = (bundle: PolicyBundle) => {
      const evaluation = new Evaluation(bundle, model, "gaitMemoryAlone", { ...OPTIONS, trialS: 0.2 }, 1);
      while (evaluation.advance());
      const log = decodeEpisode(evaluation.episodes()[0].bytes, "chosen.episode");
      evaluation.free();
      const { offset, size } = log.column("gaitProbability");
      return [...log.frame(log.numFrames - 1).subarray(offset, offset + size)].map((share) => Number(share.toFixed(4)));
    };
    const hop = SELECTABLE_GAITS.indexOf(gaitIndex("hop"));
    // e / (e + 7) and 1 / (e + 7), from outputs of 1 and of seven times 0
    expect(record(selectorOf(hop))).toEqual(SELECTABLE_GAITS.map((_, i) => (i === hop ? 0.2797 : 0.1029)));
    expect(record(constantPolicy(0, {}))).toEqual(Array(8).fill(0));
  });

  it("meet half waves, faster ones and jumps in the stress test", () => {
    const at = (timeS: number) => {
      const { vx, yawRate } = STRESS_TEST.tell(0, timeS);
      return [vx, yawRate].map((value) => Math.abs(Math.round(1000 * value) / 1000));
    };
    expect([0, 1.25, 5, 12.5].map(at)).toEqual([
      [0, 0],
      // 2.1 sin(π / 8), sin(π / 2)
      [0.804, 1],
      [2.1, 0],
      [2.1, 0],
    ]);
    expect([15, 17, 19, 21, 23, 24.9].map((timeS) => at(timeS)[0])).toEqual([0, 1.5, 0.1, 2.5, 0, 0]);
  });
});

it("a trial ends at the edge of the ground, without a fall and unscored from there", () => {
  // 40 m of ground: after at most 19.4 · √2 + 4 m along its diagonal, that is 32 of 45 m, the first robot is at the edge.
  const tell = (trial: number) => ({ gait: "trot", vx: trial === 1 ? 1.5 : 0, yawRate: 0 });
  const options: EvaluationOptions = { terrain: "rough", level: 0.05, trials: 2, seed: 3, trialS: 30 };
  const evaluation = new Evaluation(constantPolicy(0, STANDING), model, "gaitMemoryAlone", options, 2, {
    trialS: 30,
    gaitSource: "told",
    tell,
  });
  while (evaluation.advance());
  const [stands, leaves] = evaluation.episodes().map(({ name, bytes }) => decodeEpisode(bytes, name));
  expect(evaluation.result().falls).toBe(0);
  evaluation.free();
  expect(stands.header).toMatchObject({ fell: false, durationS: 30 });
  expect(leaves.header.fell).toBe(false);
  expect(leaves.header.durationS).toBeLessThan(30);
  const [x, y] = column(leaves, leaves.numFrames - 1, "basePosition");
  // It was last seen within a step of 0.1 m of the line that is 0.6 m off the edge.
  expect(Math.max(Math.abs(x), Math.abs(y))).toBeGreaterThan(19.3);
  expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(19.4);
});
