import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { decodeBundle, encodeBundle } from "../../../policy/bundle/bundle.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { DenseNetwork } from "../../../policy/networks/dense-network.js";
import { Normalizer } from "../../../policy/networks/normalizer.js";
import { borrowData } from "../../../policy/networks/tensor-data.js";
import { actorCriticLayout } from "../../../policy/ppo/actor-critic.js";
import { PolicyNetwork } from "../../../policy/runtime/inference.js";
import { createBundle } from "../../../policy/training/create-bundle.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { randomCheckpoint, randomNumbers, tinyTrainConfig } from "../../support/learning.js";

beforeAll(async () => {
  await startBackend("wasm");
});

const { size, actorSize } = OBSERVATION_SPEC;
const ROWS = 4;
const checkpoint = randomCheckpoint();
const OBS = randomNumbers(ROWS * size, 8, 2);
// Some far out, where the normaliser cuts off.
OBS[3] = 500;
OBS[size + 7] = -500;

/** Actions by way of the training side: normaliser, then the actor as tensors. */
function trainedActions(): Float32Array {
  const { normalizer: state, averageActor } = checkpoint;
  const normalizer = new Normalizer(size);
  normalizer.load(state);
  const x = new Float32Array(ROWS * actorSize);
  const row = new Float32Array(size);
  for (let b = 0; b < ROWS; b++) {
    normalizer.normalize(row, 0, OBS, b * size);
    x.set(row.subarray(0, actorSize), b * actorSize);
  }
  const { actor } = actorCriticLayout(tinyTrainConfig(), OBSERVATION_SPEC);
  return tf.tidy(() =>
    borrowData(new DenseNetwork(actor, averageActor).forward(tf.tensor2d(x, [ROWS, actorSize]))).slice(),
  );
}

describe("a policy at run time", () => {
  it("acts as the network that was trained, at 0.7 of its strength, within 1e-5, after a bundle's way through its file", () => {
    const network = new PolicyNetwork(decodeBundle(encodeBundle(createBundle(checkpoint)), "policy.json"));
    expect([network.inputs, network.outputs]).toEqual([actorSize, NUM_JOINTS]);
    const actions = new Float32Array(ROWS * NUM_JOINTS);
    for (let b = 0; b < ROWS; b++) network.act(actions, b * NUM_JOINTS, OBS, b * size);
    const expected = trainedActions();
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.3);
    const largest = Math.max(...actions.map((action, i) => Math.abs(action - 0.7 * expected[i])));
    expect(largest).toBeLessThan(1e-5);
  });

  it("does not look at the critic's part of the observation, and has no memory", () => {
    const network = new PolicyNetwork(createBundle(checkpoint));
    const [first, second] = [new Float32Array(NUM_JOINTS), new Float32Array(NUM_JOINTS)];
    network.act(first, 0, OBS, 0);
    network.act(second, 0, OBS, size);
    expect(second).not.toEqual(first);
    const blind = OBS.slice(0, size).fill(99, actorSize);
    network.act(second, 0, blind, 0);
    expect(second).toEqual(first);
  });

  it("writes its actions at their offset and nowhere else", () => {
    const network = new PolicyNetwork(createBundle(checkpoint));
    const out = new Float32Array(NUM_JOINTS + 4).fill(7);
    network.act(out, 2, OBS, 0);
    expect([out[0], out[1], out[NUM_JOINTS + 2], out[NUM_JOINTS + 3]]).toEqual([7, 7, 7, 7]);
    expect(out[2]).not.toBe(7);
  });
});
