import { beforeAll, describe, expect, it } from "vitest";
import { startBackend } from "../../../policy/cli/training/backend.js";
import type { TrainConfig } from "../../../policy/config/schema.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../../policy/training/checkpoint.js";
import type { IterationMetrics } from "../../../policy/training/progress.js";
import { Trainer } from "../../../policy/training/trainer.js";
import { ESTIMATOR_INPUTS } from "../../../sim/control/state-estimate.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { REWARD_TERMS } from "../../../sim/task/reward.js";
import { loneWorker, testRobot, tinyTrainConfig } from "../../support/learning.js";
import { model } from "../../support/world.js";

beforeAll(async () => {
  await startBackend("wasm");
  await loadPhysics();
});

function createTrainer(config: TrainConfig): Trainer {
  return new Trainer(config, testRobot, model, loneWorker(config));
}

/** Trains up to an iteration; keeps all checkpoints as they were written to disk. */
function train(config: TrainConfig, iterations: number, from?: Checkpoint) {
  const trainer = createTrainer(config);
  if (from) trainer.restore(from);
  const initial = trainer.learner.params.slice();
  const metrics: IterationMetrics[] = [];
  const checkpoints: Checkpoint[] = [];
  trainer.run(
    { iterations },
    {
      iteration: (each) => metrics.push(each),
      checkpoint: (each) => checkpoints.push(decodeCheckpoint(encodeCheckpoint(each), "test")),
    },
  );
  return { trainer, initial, metrics, checkpoints, last: checkpoints[checkpoints.length - 1] };
}

/** What a checkpoint holds but for the time that it took. */
function withoutTime({ trainingS: _, ...rest }: Checkpoint): Omit<Checkpoint, "trainingS"> {
  return rest;
}

const CONFIG = () => tinyTrainConfig({ env: { episodeS: 0.3 } });

describe("two iterations of training", () => {
  it("change all parts of the weights and leave them finite", () => {
    const { trainer, initial } = train(CONFIG(), 2);
    const { params, layout } = trainer.learner;
    for (const [begin, end] of [
      [layout.actor.begin, layout.actor.end],
      [layout.critic.begin, layout.critic.end],
      [layout.logStd, layout.size],
    ]) {
      expect(params.subarray(begin, end)).not.toEqual(initial.subarray(begin, end));
    }
    expect(params.every(Number.isFinite)).toBe(true);
  });

  it("report iterations, steps and every reward term", () => {
    const { metrics } = train(CONFIG(), 2);
    // 6 robots · 8 steps a rollout.
    expect(metrics.map(({ iteration, steps }) => [iteration, steps])).toEqual([
      [1, 48],
      [2, 96],
    ]);
    for (const name of Object.keys(REWARD_TERMS)) expect(Number.isFinite(metrics[1][`reward/${name}`])).toBe(true);
    for (const name of ["kl", "valueLoss", "learningRate", "meanStd", "velocityErrorX", "falls", "episodes"]) {
      expect(Number.isFinite(metrics[1][name])).toBe(true);
    }
    expect(metrics[1].trainingS).toBeGreaterThan(metrics[0].trainingS);
    // Episodes are 15 steps long: within 16 steps every robot's has ended.
    expect(metrics[0].episodes + metrics[1].episodes).toBeGreaterThanOrEqual(6);
  });

  it("keep what a state estimator was told beside what it should have said, step by step and robot by robot", () => {
    const { rollout } = train(tinyTrainConfig({ env: { control: { estimator: "learned" } } }), 1).trainer;
    const { estimatorInputs, estimatorTargets, numEnvs, horizon, done } = rollout;
    const inputs = (k: number, from: number, to: number) => [
      ...estimatorInputs.subarray(k * ESTIMATOR_INPUTS + from, k * ESTIMATOR_INPUTS + to),
    ];
    for (let k = 0; k < numEnvs * horizon; k++) {
      // Of four frames of 49 numbers the newest ends with the contacts, which are true here, as the last four targets are.
      expect(inputs(k, 4 * 49 - 4, 4 * 49)).toEqual([...estimatorTargets.subarray(8 * k + 4, 8 * k + 8)]);
      if (k < numEnvs || done[k - numEnvs]) continue;
      // The step before has the frames before.
      expect(inputs(k, 0, 3 * 49)).toEqual(inputs(k - numEnvs, 49, 4 * 49));
      expect(inputs(k, 3 * 49, 4 * 49)).not.toEqual(inputs(k - numEnvs, 3 * 49, 4 * 49));
    }
  });

  it("fill the normaliser with every observation that was acted on", () => {
    const { checkpoints, initial } = train(CONFIG(), 2);
    const untrained = createTrainer(CONFIG());
    expect(checkpoints[0].normalizer.count).toBe(untrained.learner.normalizer.count + 96);
    // A trunk that stays upright: the mean of gravity's z leans from the prior's 0 towards −1.
    const z = OBSERVATION_SPEC.slices.find(({ name }) => name === "projectedGravity")!.offset + 2;
    expect(checkpoints[0].normalizer.mean[z]).toBeLessThan(-0.05);
    expect(initial).toEqual(untrained.learner.params);
  });
});

describe("the same seed", () => {
  it("gives the same training, to the last bit, and another seed another one", () => {
    const [first, second] = [train(CONFIG(), 3), train(CONFIG(), 3)];
    expect(withoutTime(second.last)).toEqual(withoutTime(first.last));
    const untimed = ({ falls, reward, kl, valueLoss, meanStd }: IterationMetrics) => ({
      falls,
      reward,
      kl,
      valueLoss,
      meanStd,
    });
    expect(second.metrics.map(untimed)).toEqual(first.metrics.map(untimed));
    expect(train({ ...CONFIG(), seed: 2 }, 3).last.params).not.toEqual(first.last.params);
  });
});

describe("checkpoints", () => {
  it("are written at the end of every segment and at the end", () => {
    const { checkpoints } = train(CONFIG(), 5);
    expect(checkpoints.map(({ iteration }) => iteration)).toEqual([2, 4, 5]);
    expect(checkpoints[2].steps).toBe(5 * 48);
    expect(checkpoints[2].adamUpdates).toBe(5 * 4);
  });

  it("let a run go on, from its file at a segment's end, as if it had never stopped", () => {
    const whole = train(CONFIG(), 4);
    const rest = train(CONFIG(), 4, whole.checkpoints[0]);
    expect(rest.metrics.map(({ iteration, steps }) => [iteration, steps])).toEqual([
      [3, 144],
      [4, 192],
    ]);
    expect(withoutTime(rest.last)).toEqual(withoutTime(whole.last));
    expect(rest.last.params).not.toEqual(whole.checkpoints[0].params);
    expect(rest.last.trainingS).toBeGreaterThan(whole.checkpoints[0].trainingS);
  });

  it("keep every robot's row of the terrain curriculum", () => {
    const config = tinyTrainConfig({
      env: { episodeS: 0.1, terrain: { kind: "mixed", level: 1, curriculum: true }, command: { vxMPerS: [0.9, 1] } },
    });
    const start = { ...createTrainer(config).checkpoint(), terrainRows: [8, 8, 5, 5, 5, 1] };
    const whole = train(config, 4, start);
    const [middle, last] = whole.checkpoints.map(({ terrainRows }) => terrainRows);
    // Nobody walks half of what is commanded within 0.1 s from rest: of 32 steps, each robot ends 6 episodes at least.
    expect(Math.max(...last)).toBeLessThan(Math.max(...middle));
    expect(Math.max(...middle)).toBeLessThan(8);
    const rest = train(config, 4, whole.checkpoints[0]);
    expect(withoutTime(rest.last)).toEqual(withoutTime(whole.last));
    const meanRow = last.reduce((sum, row) => sum + row, 0) / 6;
    expect(whole.metrics[3].terrainLevel).toBeCloseTo((meanRow + 1) / 9, 9);
  });

  it("keep the curriculum over gaits and speeds, and the running means of rewards", () => {
    const config = tinyTrainConfig({
      env: { command: { curriculum: true, gaits: ["trot", "pace"] }, reward: { energy: -0.1 } },
      ppo: { horizon: 40 },
    });
    const fresh = createTrainer(config).checkpoint();
    const commandShare = { trot: 0.7, pace: 0.7 };
    const start = { ...fresh, curriculum: { ...fresh.curriculum, commandShare } };
    const whole = train(config, 4, start);
    const [middle, last] = whole.checkpoints;
    expect(last.curriculum).not.toEqual(middle.curriculum);
    expect(middle.rewardMeans.energy).toBeGreaterThan(0);
    const rest = train(config, 4, middle);
    expect(withoutTime(rest.last)).toEqual(withoutTime(last));
    expect(train(config, 4, { ...middle, curriculum: start.curriculum }).last.params).not.toEqual(last.params);
  });

  it("are what a stopped run ends with", () => {
    const trainer = createTrainer(CONFIG());
    const iterations: number[] = [];
    trainer.run(
      { trainingS: 1e-9 },
      { iteration: () => {}, checkpoint: ({ iteration }) => iterations.push(iteration) },
    );
    expect(iterations).toEqual([1]);
  });
});

describe("rewards of a rollout", () => {
  const noReward = Object.fromEntries(Object.keys(REWARD_TERMS).map((name) => [name, 0]));

  /** The start of a training whose critic values every state the same: its weights are zero, its last bias is the value. */
  function constantCritic(config: TrainConfig, value: number): Checkpoint {
    const trainer = createTrainer(config);
    const { critic } = trainer.learner.layout;
    const start = decodeCheckpoint(encodeCheckpoint(trainer.checkpoint()), "test");
    start.params.fill(0, critic.begin, critic.end);
    start.params[critic.end - 1] = value;
    return start;
  }

  it("are bootstrapped with the final state's value where time ran out, and only there", () => {
    // Robots that stand and earn nothing: episodes of 5 steps end by time alone.
    const config = tinyTrainConfig({
      env: {
        episodeS: 0.1,
        command: { gaits: ["stand"] },
        reward: { ...noReward, scale: 1, fall: 0 },
      },
      ppo: { horizon: 10, discount: 0.9 },
    });
    const { reward, done } = train(config, 1, constantCritic(config, 2)).trainer.rollout;
    expect([...done].filter((flag) => flag === 1).length).toBe(2 * 6);
    reward.forEach((r, k) => {
      // γ V = .9 · 2
      expect(r).toBeCloseTo(done[k] ? 1.8 : 0, 6);
    });
  });

  it("are the fall's own where a robot fell, with no value behind it", () => {
    const config = tinyTrainConfig({
      env: {
        episodeS: 60,
        control: { actionMode: "absolute", actionScaleRad: 1.5 },
        reward: { ...noReward, fall: -0.25 },
      },
      network: { initialStd: 2 },
      ppo: { horizon: 40 },
    });
    const { trainer, metrics } = train(config, 1, constantCritic(config, 2));
    const { reward, done } = trainer.rollout;
    expect(metrics[0].falls).toBeGreaterThan(0);
    const ends = [...reward].filter((_, k) => done[k] === 1);
    expect(ends.filter((r) => r === -0.25).length).toBe(metrics[0].falls);
    expect(reward.every((r, k) => done[k] === 1 || r === 0)).toBe(true);
  });
});
