import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeBundle, encodeBundle, type PolicyBundle } from "../../../policy/bundle/bundle.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { observationTerm, registerTask } from "../../../policy/config/define-task.js";
import { parseTrainConfig } from "../../../policy/config/parse.js";
import type { TrainConfig } from "../../../policy/config/schema.js";
import { taskOf, trot } from "../../../policy/config/tasks.js";
import { actorCriticLayout, initialParams } from "../../../policy/ppo/actor-critic.js";
import { PolicyNetwork } from "../../../policy/runtime/inference.js";
import type { Checkpoint } from "../../../policy/training/checkpoint.js";
import { createBundle } from "../../../policy/training/create-bundle.js";
import { createTrainingEnv } from "../../../policy/training/env.js";
import { FrozenPolicy } from "../../../policy/training/frozen-policy.js";
import type { IterationMetrics } from "../../../policy/training/progress.js";
import { Trainer } from "../../../policy/training/trainer.js";
import { warmStart } from "../../../policy/training/warm-start.js";
import { InputError } from "../../../sim/errors.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { deriveSeed } from "../../../sim/rng.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { SELECTION_SPEC } from "../../../sim/task/gait-selection.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { loneWorker, randomCheckpoint, randomNumbers, testRobot, tinyTrainConfig } from "../../support/learning.js";
import { randomSelector, selectorOf, tinySelectionConfig, walkedRobot } from "../../support/selection.js";
import { FLAT } from "../../support/world.js";

const LEARNED = { env: { control: { estimator: "learned" } } } as const;

/** One actor-critic's parts, out of its parameters. */
function partsOf({ config, params }: Checkpoint) {
  const { actor, critic, estimator, logStd } = actorCriticLayout(config, taskOf(config).observation.spec);
  return {
    actor: params.slice(actor.begin, actor.end),
    critic: params.slice(critic.begin, critic.end),
    estimator: params.slice(estimator.begin, estimator.end),
    logStd: params.slice(logStd),
  };
}

/** Actions of a policy on rows of random numbers. */
function actionsOf(bundle: PolicyBundle, rows = 20): Float32Array {
  const { actorSize } = bundle.observation;
  const network = new PolicyNetwork(bundle);
  const actions = new Float32Array(12 * rows);
  const obs = randomNumbers(rows * actorSize, 9);
  for (let row = 0; row < rows; row++) {
    const out = new Float32Array(12);
    network.act(out, 0, obs, row * actorSize);
    actions.set(out, 12 * row);
  }
  return actions;
}

function expectClose(got: Float32Array, expected: Float32Array): void {
  expect(expected.some((value) => Math.abs(value) > 0.01)).toBe(true);
  expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5);
}

describe("a training that goes on from a checkpoint", () => {
  it("takes over networks, exploration noise and normaliser, and begins all else anew", () => {
    const from = randomCheckpoint(tinyTrainConfig(LEARNED));
    const config = tinyTrainConfig({ ...LEARNED, seed: 5, ppo: { learningRate: 2e-4 } });
    const { checkpoint, misfits } = warmStart(config, testRobot, from, "old");
    expect(misfits).toEqual([]);
    expect(partsOf(checkpoint)).toEqual({ ...partsOf(from), actor: from.averageActor });
    expect(checkpoint.averageActor).toEqual(from.averageActor);
    expect(checkpoint.normalizer).toEqual(from.normalizer);
    expect(checkpoint).toMatchObject({ config, iteration: 0, steps: 0, trainingS: 0, learningRate: 2e-4 });
    expect(checkpoint.adamUpdates).toBe(0);
    expect(checkpoint.adamM.every((moment) => moment === 0)).toBe(true);
    expect(checkpoint.adamV.every((moment) => moment === 0)).toBe(true);
  });

  it("names layers of other widths, which start as the config's seed says, and takes the rest", () => {
    const from = randomCheckpoint(tinyTrainConfig());
    const config = tinyTrainConfig({ ...LEARNED, network: { actorHidden: [10, 7, 6] } });
    const { checkpoint, misfits } = warmStart(config, testRobot, from, "old");
    const { estimator } = actorCriticLayout(config, OBSERVATION_SPEC);
    expect(misfits).toEqual([
      "actor.layers.1: got 10 x 8, expected 10 x 7: starts new",
      "actor.layers.2: got 8 x 12, expected 7 x 6: starts new",
      "actor.layers.3: got none, expected 6 x 12: starts new",
      ...estimator.layers.map(
        ({ inputs, outputs }, i) => `estimator.layers.${i}: got none, expected ${inputs} x ${outputs}: starts new`,
      ),
    ]);
    const first = (OBSERVATION_SPEC.actorSize + 1) * 10;
    const fresh = initialParams(config, actorCriticLayout(config, OBSERVATION_SPEC));
    const { actor, critic, logStd } = partsOf(checkpoint);
    expect(actor.subarray(0, first)).toEqual(from.averageActor.subarray(0, first));
    expect(actor.subarray(first)).toEqual(fresh.subarray(first, actor.length));
    expect(critic).toEqual(partsOf(from).critic);
    expect(logStd).toEqual(partsOf(from).logStd);
  });

  it("leaves out layers that the network has no more", () => {
    const from = randomCheckpoint(tinyTrainConfig());
    const { misfits } = warmStart(tinyTrainConfig({ network: { actorHidden: [10] } }), testRobot, from, "old");
    expect(misfits).toEqual([
      "actor.layers.1: got 10 x 8, expected 10 x 12: starts new",
      "actor.layers.2: got 8 x 12, expected none: left out",
    ]);
  });

  it("is refused where no layer fits", () => {
    const config = tinyTrainConfig({ network: { actorHidden: [11, 9], criticHidden: [12] } });
    const start = () => warmStart(config, testRobot, createBundle(randomCheckpoint()), "old.json");
    expect(start).toThrow(InputError);
    expect(start).toThrow(/^old\.json: none of its layers fits: actor\.layers\.0: got \d+ x 10, expected \d+ x 11: /);
  });
});

describe("a training that goes on from a policy", () => {
  it("hands out a policy that acts the same, though it is a share of what learns; critic and noise start new", () => {
    const bundle = createBundle(randomCheckpoint(tinyTrainConfig(LEARNED)));
    const config = tinyTrainConfig({ ...LEARNED, network: { residualShare: 0.35 } });
    const { checkpoint, misfits } = warmStart(config, testRobot, decodeBundle(encodeBundle(bundle), "b"), "b");
    expect(misfits).toEqual([]);
    const again = createBundle(checkpoint);
    expectClose(actionsOf(again), actionsOf(bundle));
    expect(again.estimator).toEqual(bundle.estimator);
    expect(again.normalizer).toEqual(bundle.normalizer);
    const fresh = initialParams(config, actorCriticLayout(config, OBSERVATION_SPEC));
    const parts = partsOf({ ...checkpoint, params: fresh });
    expect(partsOf(checkpoint)).toMatchObject({ critic: parts.critic, logStd: parts.logStd });
    // The critic's own slices are new: the past weighs 100,000 samples, so that they settle.
    expect(checkpoint.normalizer.count).toBe(100_000);
    expect(checkpoint.normalizer.mean.slice(OBSERVATION_SPEC.actorSize).every((mean) => mean === 0)).toBe(true);
  });
});

describe("slices of the observation", () => {
  const term = observationTerm({
    name: "warmth",
    size: 2,
    unit: "1",
    scale: 1,
    mirror: "same",
    of: (out) => out.fill(1),
  });
  registerTask("./warm.ts", { name: "warm", base: trot, observations: [term] });
  const withWarmth = (config: TrainConfig): TrainConfig => parseTrainConfig({ ...config, task: "./warm.ts" }, "test");

  it("that are new have weights of 0: the policy acts as before, whatever they say", () => {
    const from = randomCheckpoint();
    const { checkpoint, misfits } = warmStart(withWarmth(tinyTrainConfig()), testRobot, from, "old");
    expect(misfits).toEqual(["observation.warmth: new to the policy, starts with weights of 0"]);
    const [before, after] = [createBundle(from), createBundle(checkpoint)].map((bundle) => new PolicyNetwork(bundle));
    const { actorSize } = OBSERVATION_SPEC;
    const obs = randomNumbers(actorSize + 2, 4);
    const [expected, got] = [new Float32Array(12), new Float32Array(12)];
    before.act(expected, 0, obs, 0);
    after.act(got, 0, obs, 0);
    expectClose(got, expected);
    // The critic's slices stand two places further on, with their statistics and weights.
    expect(checkpoint.normalizer.mean.slice(actorSize + 2)).toEqual(from.normalizer.mean.slice(actorSize));
    const rowsOf = ({ config, params }: Checkpoint) => {
      const { weights } = actorCriticLayout(config, taskOf(config).observation.spec).critic.layers[0];
      return (row: number) => params.slice(weights + 9 * row, weights + 9 * (row + 1));
    };
    expect(rowsOf(checkpoint)(actorSize + 2)).toEqual(rowsOf(from)(actorSize));
    expect(rowsOf(checkpoint)(actorSize)).toEqual(new Float32Array(9));
  });

  it("that are no more are named, and the others keep their weights", () => {
    const { checkpoint } = warmStart(withWarmth(tinyTrainConfig()), testRobot, randomCheckpoint(), "old");
    const back = warmStart(tinyTrainConfig(), testRobot, checkpoint, "new");
    expect(back.misfits).toEqual(["observation.warmth: no more in the observation, left out"]);
    expect(back.checkpoint.params).toEqual(
      warmStart(tinyTrainConfig(), testRobot, randomCheckpoint(), "old").checkpoint.params,
    );
  });
});

describe("a training that selects gaits", () => {
  it("goes on from a policy's selector, and from a checkpoint", () => {
    const config = tinySelectionConfig();
    const selector = randomSelector();
    const { checkpoint } = warmStart(config, walkedRobot, { ...selectorOf(0), selector }, "old");
    expect(createBundle(checkpoint).selector).toMatchObject({
      layers: selector.layers,
      normalizer: selector.normalizer,
    });
    const second = warmStart({ ...config, seed: 4 }, walkedRobot, checkpoint, "first").checkpoint;
    expect(second.params).toEqual(checkpoint.params);
    expect(second.observationHash).toBe(SELECTION_SPEC.hash);
  });

  it("refuses a policy that selects none; one that only walks goes on from what walks", () => {
    const walking = createBundle(randomCheckpoint());
    const start = () => warmStart(tinySelectionConfig(), walkedRobot, walking, "trot.json");
    expect(start).toThrow(
      "trot.json: got a policy that selects no gaits, expected one that does, for task gait-selection",
    );
    const robot = { ...testRobot, locomotion: encodeBundle(walking) };
    const selecting = warmStart(tinySelectionConfig(), robot, selectorOf(2), "old").checkpoint;
    const { checkpoint } = warmStart(tinyTrainConfig(), testRobot, selecting, "selecting");
    expectClose(actionsOf(createBundle(checkpoint)), actionsOf(walking));
  });
});

describe("the pre-trained trot", () => {
  const bundle = decodeBundle(readFileSync("policy/pretrained/trot.json", "utf8"), "trot.json");
  // All of the policy, with hardly any noise: the reward is the policy's own.
  const network = { residualShare: 1, initialStd: 0.01, minStd: 0.01 };
  const config = parseTrainConfig(
    { numEnvs: 32, workers: 1, network, ppo: { horizon: 48 }, env: { terrain: { kind: "flat" } } },
    "test",
  );
  const model = createRobotModel(bundle.robot, "a1");

  beforeAll(async () => {
    await startBackend("wasm");
    await loadPhysics();
  });

  function train(start: Checkpoint | undefined, iterations: number) {
    const trainer = new Trainer(config, bundle.robot, model, loneWorker(config));
    if (start) trainer.restore(start);
    const rewards: number[] = [];
    const events = { iteration: ({ reward }: IterationMetrics) => rewards.push(reward), checkpoint: () => undefined };
    trainer.run({ iterations }, events);
    return { rewards, params: trainer.learner.params };
  }

  /** Mean reward of the policy in the robots' first steps. */
  function rewardOfPolicy(): number {
    const policy = new FrozenPolicy(bundle);
    const env = createTrainingEnv(config, model, 32, FLAT, deriveSeed(config.seed, 1, 0, 0), {}, undefined);
    const actions = new Float32Array(32 * 12);
    for (let step = 0; step < config.ppo.horizon; step++) {
      policy.act(actions, env.obs, OBSERVATION_SPEC.size);
      env.step(actions);
    }
    const { reward } = env.statistics.summary();
    policy.dispose();
    env.free();
    return reward;
  }

  it("keeps its reward where a training goes on from it, and the training is the same again", () => {
    const { checkpoint } = warmStart(config, bundle.robot, bundle, "trot.json");
    const first = train(checkpoint, 2);
    const fresh = train(undefined, 1).rewards[0];
    const own = rewardOfPolicy();
    expect(Math.abs(first.rewards[0] / own - 1)).toBeLessThan(0.02);
    expect(own).toBeGreaterThan(1.3 * fresh);
    expect(first.rewards[1]).toBeGreaterThan(0.9 * own);
    expect(train(warmStart(config, bundle.robot, bundle, "trot.json").checkpoint, 2)).toEqual(first);
  });
});
