import { beforeAll, describe, expect, test } from "vitest";
import { PlainLearner } from "../../../policy/cli/bench/plain-learner.js";
import { registerGradients } from "../../../policy/cli/bench/tfjs-gradients.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { parseTrainConfig } from "../../../policy/config/parse.js";
import type { TrainConfig } from "../../../policy/config/schema.js";
import { gaussianSpace } from "../../../policy/config/task.js";
import { actorCriticLayout, gradientLength } from "../../../policy/ppo/actor-critic.js";
import { Learner } from "../../../policy/ppo/learner.js";
import { Rollout } from "../../../policy/ppo/rollout.js";
import { createSharedMemory, WorkerGroup } from "../../../policy/threads/all-reduce.js";
import { Rng } from "../../../sim/rng.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";

const HORIZON = 6;
const ROBOTS = 4;
const ACTIONS = 12;
/** Adam's first update leaves (1 − β₁) g in its first moment, β₁ = 0.9. */
const FIRST_MOMENT_SHARE = 0.1;

function tinyConfig(ppo: Partial<TrainConfig["ppo"]>): TrainConfig {
  const network = { actorHidden: [9, 7], criticHidden: [8, 5] };
  // One learning rate throughout: the plain learner's does not follow the KL divergence.
  const rates = { learningRate: 1e-3, minLearningRate: 1e-3, maxLearningRate: 1e-3, criticLearningRate: 1e-3 };
  return parseTrainConfig(
    { numEnvs: ROBOTS, workers: 1, network, ppo: { horizon: HORIZON, ...rates, ...ppo } },
    "test",
  );
}

function createLearner(config: TrainConfig): Learner {
  const floats = gradientLength(actorCriticLayout(config, OBSERVATION_SPEC));
  return new Learner(config, OBSERVATION_SPEC, new WorkerGroup(createSharedMemory(1, floats, 1), 0, 1));
}

/** Random lives of robots that the learner steers, some as if by a policy so unlike its own that the clip is active. */
function randomRollout(learner: Learner): Rollout {
  const rng = new Rng(3);
  const rollout = new Rollout(HORIZON, ROBOTS, OBSERVATION_SPEC.size, gaussianSpace(ACTIONS));
  for (const values of [rollout.obs, rollout.reward, rollout.value]) {
    for (let i = 0; i < values.length; i++) values[i] = rng.normal();
  }
  learner.beginRollout();
  for (let t = 0; t < HORIZON; t++) learner.act(rollout, t, rng);
  for (let k = 0; k < rollout.samples; k++) {
    rollout.logProb[k] += rng.uniform(-0.4, 0.4);
    rollout.done[k] = k % 7 === 3 ? 1 : 0;
  }
  return rollout;
}

/** Updates two learners with the same weights by the same rollout. */
function updateBoth(ppo: Partial<TrainConfig["ppo"]>): { learner: Learner; plain: PlainLearner } {
  const config = tinyConfig(ppo);
  const learner = createLearner(config);
  const plain = new PlainLearner(learner.layout, learner.params.slice(), config.ppo, config.ppo.learningRate);
  const rollout = randomRollout(learner);
  learner.update(rollout, new Rng(1));
  plain.update(rollout, new Rng(1));
  plain.dispose();
  return { learner, plain };
}

/** |a − b| / |a|. */
function relativeDifference(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i])) / Math.hypot(...a);
}

beforeAll(async () => {
  await startBackend("wasm");
  await registerGradients();
});

describe("The learner and TensorFlow.js's own differentiation agree", () => {
  test("on the gradient of each layer", () => {
    const { learner, plain } = updateBoth({ epochs: 1, minibatches: 1, maxGradientNorm: 1e9 });
    const { layout } = learner;
    const slices = [...layout.actor.layers, ...layout.critic.layers].flatMap(({ inputs, outputs, weights, biases }) => [
      [weights, weights + inputs * outputs],
      [biases, biases + outputs],
    ]);
    for (const [begin, end] of [...slices, [layout.logStd, layout.size]]) {
      const expected = plain.adam.m.subarray(begin, end);
      expect(Math.hypot(...expected) / FIRST_MOMENT_SHARE).toBeGreaterThan(1e-3);
      expect(relativeDifference(expected, learner.adam.m.subarray(begin, end))).toBeLessThan(1e-4);
    }
  });

  test("on the weights after several epochs of minibatches", () => {
    const { learner, plain } = updateBoth({ epochs: 3, minibatches: 4 });
    const start = createLearner(tinyConfig({})).params;
    const moved = (params: Float32Array) => params.map((value, i) => value - start[i]);
    expect(relativeDifference(moved(plain.params), moved(learner.params))).toBeLessThan(1e-4);
  });
});
