import { beforeAll, describe, expect, it } from "vitest";
import { startBackend } from "../../../../policy/cli/training/backend.js";
import { parseTrainConfig } from "../../../../policy/config/parse.js";
import type { TrainConfig } from "../../../../policy/config/schema.js";
import { taskOf } from "../../../../policy/config/tasks.js";
import { actorCriticLayout, gradientLength } from "../../../../policy/ppo/actor-critic.js";
import { DeviceLearner } from "../../../../policy/ppo/device/learner.js";
import { createDeviceMemory, DeviceExchange } from "../../../../policy/ppo/device-exchange.js";
import { Learner } from "../../../../policy/ppo/learner.js";
import { Rollout } from "../../../../policy/ppo/rollout.js";
import type { UpdateSummary } from "../../../../policy/ppo/update-log.js";
import { createSharedMemory, WorkerGroup } from "../../../../policy/threads/all-reduce.js";
import { Rng } from "../../../../sim/rng.js";
import { randomNumbers } from "../../../support/learning.js";

beforeAll(async () => {
  await startBackend("wasm");
});

const HORIZON = 8;
const ROBOTS = 6;
/** Of the order of samples. */
const SEED = 9;

type Overrides = Readonly<Record<string, unknown>>;

function configOf(ppo: Overrides = {}, rest: Overrides = {}): TrainConfig {
  return parseTrainConfig(
    {
      ...{ numEnvs: ROBOTS, workers: 1, seed: 1 },
      network: { actorHidden: [10, 8], criticHidden: [9], estimatorHidden: [7] },
      ppo: { horizon: HORIZON, epochs: 3, minibatches: 1, learningRate: 1e-3, ...ppo },
      ...rest,
    },
    "test",
  );
}

function loneGroup(config: TrainConfig): WorkerGroup {
  const { spec } = taskOf(config).observation;
  const floats = gradientLength(actorCriticLayout(config, spec));
  return new WorkerGroup(createSharedMemory(1, floats, 1 + 2 * spec.size), 0, 1);
}

/** A rollout of random observations, rewards and targets in which the learner acted. */
function act(learner: Learner, config: TrainConfig): Rollout {
  const { observation, actions } = taskOf(config);
  const learned = learner.layout.estimator.layers.length > 0;
  const rollout = new Rollout(HORIZON, ROBOTS, observation.spec.size, actions, learned);
  rollout.obs.set(randomNumbers(rollout.obs.length, 1));
  rollout.reward.set(randomNumbers(rollout.reward.length, 2, 3));
  rollout.estimatorInputs.set(randomNumbers(rollout.estimatorInputs.length, 3));
  // Contacts are 0 or 1.
  rollout.estimatorTargets.set(
    randomNumbers(rollout.estimatorTargets.length, 4).map((x, i) => (i % 8 < 4 ? x : Number(x > 0))),
  );
  rollout.locked.set(randomNumbers(rollout.locked.length, 5).map((x) => Number(x > 1)));
  if (rollout.advice.length > 0) {
    for (let t = 0; t < HORIZON; t++)
      rollout.advise(
        t,
        new Uint8Array(ROBOTS).map((_, robot) => (robot + t) % actions.numOutputs),
        0.3,
      );
  }
  learner.beginRollout();
  const rng = new Rng(4);
  for (let t = 0; t < HORIZON; t++) learner.act(rollout, t, rng);
  learner.values(rollout.value, rollout.obs);
  return rollout;
}

interface Conditions {
  /** Makes of a rollout what it likes. */
  readonly spoil?: (rollout: Rollout) => void;
  /** Standard deviation of all actions at the start. */
  readonly std?: number;
}

/** Two iterations' updates, by the learner itself and on the device. */
async function learnTwice(config: TrainConfig, { spoil, std }: Conditions = {}) {
  const { spec } = taskOf(config).observation;
  const own = new Learner(config, spec, loneGroup(config));
  const group = loneGroup(config);
  const exchange = new DeviceExchange(createDeviceMemory(config), config, group.heartbeat);
  const onDevice = new DeviceLearner(config);
  let handOver: () => void = () => undefined;
  const remote = new Learner(config, spec, group, {
    learn: (...[worker, rollout, moments, replica]: Parameters<DeviceExchange["learn"]>) => {
      handOver = () => exchange.handOver(worker, rollout, moments, replica, SEED);
      return { kl: 0, valueLoss: 0, estimatorLoss: 0, skipped: 0, fault: "" };
    },
  } as unknown as DeviceExchange);
  for (const { params, layout } of [own, remote]) if (std) params.fill(Math.log(std), layout.logStd);
  const summaries: UpdateSummary[] = [];
  const statistics = [1, 2].map(() => ({}) as Readonly<Record<string, number>>);
  for (const i of [0, 1]) {
    const rollouts = [own, remote].map((learner) => act(learner, config));
    if (spoil) rollouts.forEach(spoil);
    const { learningRate } = own;
    statistics[i] = own.update(rollouts[0], new Rng(SEED));
    remote.update(rollouts[1], new Rng(SEED));
    remote.learningRate = learningRate;
    handOver();
    await onDevice.update(exchange, () => undefined);
    summaries.push(exchange.takeOver(remote));
    remote.learningRate = own.learningRate;
  }
  onDevice.dispose();
  return { own, remote, statistics, summaries };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

function expectSameNetworks(remote: Learner, own: Learner): void {
  expect(largestDifference(remote.params, own.params)).toBeLessThan(1e-5);
  expect(largestDifference(remote.adam.m, own.adam.m)).toBeLessThan(1e-5);
  expect(largestDifference(remote.adam.v, own.adam.v)).toBeLessThan(1e-5);
  expect(remote.adam.t).toBe(own.adam.t);
}

/** Log standard deviations are the last parameters. */
const logStdOf = ({ params, layout }: Learner) => params.subarray(layout.logStd);

describe("learning on a device", () => {
  it.each([
    ["of a trot", configOf()],
    ["of a mirrored trot", configOf({ mirror: true })],
    ["of gradients that are clipped", configOf({ maxGradientNorm: 1e-3 })],
    ["of ratios that are clipped", configOf({ clip: 0.01, epochs: 6 })],
    ["of minibatches of 16 samples", configOf({ minibatches: 3 })],
    ["of minibatches that have no halves", configOf({ minibatches: 16 })],
    ["with a state estimator", configOf({}, { env: { control: { estimator: "learned" } } })],
    ["to select gaits", configOf({}, { task: "gait-selection" })],
  ])("makes what the learner itself makes: %s", async (_name, config) => {
    const { own, remote, statistics, summaries } = await learnTwice(config);
    expect(own.params).not.toEqual(new Learner(config, taskOf(config).observation.spec, loneGroup(config)).params);
    expectSameNetworks(remote, own);
    summaries.forEach(({ kl, valueLoss, estimatorLoss, skipped }, i) => {
      expect(kl).toBeCloseTo(statistics[i].kl, 5);
      expect(valueLoss).toBeCloseTo(statistics[i].valueLoss, 4);
      expect(estimatorLoss).toBeCloseTo(statistics[i].estimatorLoss, 5);
      expect(skipped).toBe(0);
    });
  });

  it.each([
    // Each update moves the logarithm by the learning rate, 1e-3, in the first case up: its weight makes entropy all that counts.
    ["the highest", configOf({ entropyWeight: 1000 }), 3.999, 4],
    ["the lowest", configOf({}, { network: { minStd: 0.1 } }), 0.1001, 0.1],
  ])("keeps exploration noise within its limits: %s", async (_name, config, std, limit) => {
    const { own, remote } = await learnTwice(config, { std });
    expect([...logStdOf(own)]).toContain(Math.fround(Math.log(limit)));
    expect(largestDifference(logStdOf(remote), logStdOf(own))).toBeLessThan(1e-6);
  });

  it("makes no update of a minibatch with a sample that is not a number, counts it, and makes the others", async () => {
    const config = configOf({ minibatches: 2 });
    // Three of the actor's observations: one of an epoch's two minibatches has them, in each of 3 epochs.
    const spoil = ({ obs }: Rollout) => obs.fill(Number.NaN, 0, 3);
    const { own, remote, summaries } = await learnTwice(config, { spoil });
    expect(summaries.map(({ skipped }) => skipped)).toEqual([3, 3]);
    expect(summaries[0].fault).toBe("gradient's norm is NaN");
    expect(remote.adam.t).toBe(2 * 3);
    expect(remote.params.every(Number.isFinite)).toBe(true);
    expectSameNetworks(remote, own);
  });

  it.each([
    ["rewards that are infinite", (rollout: Rollout) => rollout.reward.fill(Number.POSITIVE_INFINITY, 3, 4), /NaN$/],
    [
      "rewards too large to learn from",
      (rollout: Rollout) => rollout.reward.fill(1e7),
      /^gradient's norm is \d\.\d\de\+7$/,
    ],
    [
      "actions that are never drawn",
      (rollout: Rollout) => rollout.output.fill(50),
      /^KL divergence is \d\.\d\de\+4, value loss \d/,
    ],
  ])("changes nothing for %s", async (_name, spoil, fault) => {
    const config = configOf();
    const { remote, summaries } = await learnTwice(config, { spoil });
    expect(summaries.map(({ skipped }) => skipped)).toEqual([3, 3]);
    expect(summaries[0].fault).toMatch(fault);
    expect(remote.params).toEqual(new Learner(config, taskOf(config).observation.spec, loneGroup(config)).params);
    expect([remote.adam.t, remote.adam.m.some((value) => value !== 0)]).toEqual([0, false]);
  });
});
