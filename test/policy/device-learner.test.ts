import { beforeAll, describe, expect, it } from "vitest";
import { actorCriticLayout, gradientLength } from "../../policy/actor-critic.js";
import { createSharedMemory, WorkerGroup } from "../../policy/all-reduce.js";
import { startBackend } from "../../policy/cli/backend.js";
import { parseTrainConfig, type TrainConfig } from "../../policy/config.js";
import { createDeviceMemory, DeviceExchange } from "../../policy/device-exchange.js";
import { DeviceLearner } from "../../policy/device-learner.js";
import { Learner } from "../../policy/learner.js";
import { Rollout } from "../../policy/rollout.js";
import { taskInterface } from "../../policy/training-task.js";
import type { UpdateSummary } from "../../policy/update-log.js";
import { Rng } from "../../sim/rng.js";
import { randomNumbers } from "../support/learning.js";

beforeAll(async () => {
  await startBackend("wasm");
});

const HORIZON = 8;
const ROBOTS = 6;

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
  const { spec } = taskInterface(config);
  const floats = gradientLength(actorCriticLayout(config, spec));
  return new WorkerGroup(createSharedMemory(1, floats, 1 + 2 * spec.size), 0, 1);
}

/** A rollout of random observations, rewards and targets in which the learner acted. */
function act(learner: Learner, config: TrainConfig): Rollout {
  const { spec, numActions, numOutputs } = taskInterface(config);
  const learned = learner.layout.estimator.layers.length > 0;
  const rollout = new Rollout(HORIZON, ROBOTS, spec.size, numActions, learned, numOutputs);
  rollout.obs.set(randomNumbers(rollout.obs.length, 1));
  rollout.reward.set(randomNumbers(rollout.reward.length, 2, 3));
  rollout.estimatorInputs.set(randomNumbers(rollout.estimatorInputs.length, 3));
  // Contacts are 0 or 1.
  rollout.estimatorTargets.set(
    randomNumbers(rollout.estimatorTargets.length, 4).map((x, i) => (i % 8 < 4 ? x : Number(x > 0))),
  );
  rollout.locked.set(randomNumbers(rollout.locked.length, 5).map((x) => Number(x > 1)));
  learner.beginRollout();
  const rng = new Rng(4);
  for (let t = 0; t < HORIZON; t++) learner.act(rollout, t, rng);
  learner.values(rollout.value, rollout.obs);
  return rollout;
}

/** Two iterations' updates, by the learner itself and on the device. `spoil` makes of a rollout what it likes. */
async function learnTwice(config: TrainConfig, spoil: (rollout: Rollout) => void = () => undefined) {
  const { spec } = taskInterface(config);
  const own = new Learner(config, spec, loneGroup(config));
  const group = loneGroup(config);
  const exchange = new DeviceExchange(createDeviceMemory(config), config, group.pulse);
  const onDevice = new DeviceLearner(config);
  let handOver: () => void = () => undefined;
  const remote = new Learner(config, spec, group, {
    learn: (...given: Parameters<DeviceExchange["handOver"]>) => {
      handOver = () => exchange.handOver(...given);
      return { kl: 0, valueLoss: 0, estimatorLoss: 0, skipped: 0, fault: "" };
    },
  } as unknown as DeviceExchange);
  const summaries: UpdateSummary[] = [];
  const statistics = [1, 2].map(() => ({}) as Readonly<Record<string, number>>);
  for (const i of [0, 1]) {
    const rollouts = [own, remote].map((learner) => act(learner, config));
    rollouts.forEach(spoil);
    const { learningRate } = own;
    statistics[i] = own.update(rollouts[0], new Rng(9));
    remote.update(rollouts[1], new Rng(9));
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

describe("learning on a device", () => {
  it.each([
    ["of a trot", configOf()],
    ["of a mirrored trot", configOf({ mirror: true })],
    ["of gradients that are clipped", configOf({ maxGradientNorm: 1e-3 })],
    ["with a state estimator", configOf({}, { env: { control: { estimator: "learned" } } })],
    ["to select gaits", configOf({}, { task: "gait-selection" })],
  ])("makes of one minibatch what the learner itself makes: %s", async (_name, config) => {
    const { own, remote, statistics, summaries } = await learnTwice(config);
    expect(own.params).not.toEqual(new Learner(config, taskInterface(config).spec, loneGroup(config)).params);
    expect(largestDifference(remote.params, own.params)).toBeLessThan(1e-5);
    expect(largestDifference(remote.adam.m, own.adam.m)).toBeLessThan(1e-5);
    expect(largestDifference(remote.adam.v, own.adam.v)).toBeLessThan(1e-5);
    expect(remote.adam.t).toBe(own.adam.t);
    summaries.forEach(({ kl, valueLoss, estimatorLoss, skipped }, i) => {
      expect(kl).toBeCloseTo(statistics[i].kl, 5);
      expect(valueLoss).toBeCloseTo(statistics[i].valueLoss, 4);
      expect(estimatorLoss).toBeCloseTo(statistics[i].estimatorLoss, 5);
      expect(skipped).toBe(0);
    });
  });
});
