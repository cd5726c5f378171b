import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { DenseNetwork } from "../../../policy/networks/dense-network.js";
import { createMlpLayout, type MlpLayout } from "../../../policy/networks/mlp.js";
import { borrowData } from "../../../policy/networks/tensor-data.js";
import { randomNumbers } from "../../support/learning.js";

const BATCH = 5;
/** Behind the parameters of something else, and before more of those. */
const LAYOUT = createMlpLayout([4, 7, 6, 3], 11);
const PARAMS = randomNumbers(LAYOUT.end + 4, 1, 0.6);
const X = randomNumbers(BATCH * 4, 2);
/** The loss is the sum of all outputs, each times a number of its own. */
const D_OUTPUT = randomNumbers(BATCH * 3, 3);

/** One row through the network in double precision: y = x · W + b, ELU(y) = e^y − 1 below zero, but in the last layer. */
function plainForward({ layers }: MlpLayout, params: ArrayLike<number>, row: number[]): number[] {
  return layers.reduce((x, { inputs, outputs, weights, biases }, l) => {
    return Array.from({ length: outputs }, (_, o) => {
      let y = params[biases + o];
      for (let i = 0; i < inputs; i++) y += x[i] * params[weights + i * outputs + o];
      return l < layers.length - 1 && y < 0 ? Math.exp(y) - 1 : y;
    });
  }, row);
}

function plainOutputs(params: ArrayLike<number>): number[] {
  return Array.from({ length: BATCH }, (_, b) =>
    plainForward(LAYOUT, params, [...X.subarray(4 * b, 4 * b + 4)]),
  ).flat();
}

function plainLoss(params: ArrayLike<number>): number {
  return plainOutputs(params).reduce((sum, y, i) => sum + y * D_OUTPUT[i], 0);
}

describe.each(["cpu", "wasm"] as const)("a dense network on the %s backend", (backend) => {
  beforeAll(async () => {
    expect(await startBackend(backend)).toContain(backend);
    expect(tf.getBackend()).toBe(backend);
  });

  function backward(): Float32Array {
    const gradient = new Float32Array(PARAMS.length).fill(5);
    tf.tidy(() => {
      const network = new DenseNetwork(LAYOUT, PARAMS);
      network.forward(tf.tensor2d(X, [BATCH, 4]));
      network.backward(gradient, tf.tensor2d(D_OUTPUT, [BATCH, 3]));
    });
    return gradient;
  }

  it("computes what plain loops compute", () => {
    const outputs = tf.tidy(() =>
      borrowData(new DenseNetwork(LAYOUT, PARAMS).forward(tf.tensor2d(X, [BATCH, 4]))).slice(),
    );
    plainOutputs(PARAMS).forEach((y, i) => {
      expect(outputs[i]).toBeCloseTo(y, 5);
    });
    expect(outputs.length).toBe(BATCH * 3);
  });

  it("has the gradient of the loss by differences, in every weight and bias", () => {
    const gradient = backward();
    const h = 1e-5;
    for (let p = LAYOUT.begin; p < LAYOUT.end; p++) {
      const [up, down] = [h, -h].map((step) =>
        plainLoss(Array.from(PARAMS, (value, k) => (k === p ? value + step : value))),
      );
      expect(gradient[p]).toBeCloseTo((up - down) / (2 * h), 4);
    }
  });

  it("writes its gradient at its own place only", () => {
    const gradient = backward();
    expect([...gradient.subarray(0, 11), ...gradient.subarray(LAYOUT.end)]).toEqual(new Array(15).fill(5));
  });

  it("leaves no tensors behind, but for one that is kept, until it is disposed of", () => {
    const before = tf.memory().numTensors;
    backward();
    expect(tf.memory().numTensors).toBe(before);
    const kept: DenseNetwork[] = [];
    tf.tidy(() => void kept.push(new DenseNetwork(LAYOUT, PARAMS).keep()));
    // Weights and biases of three layers.
    expect(tf.memory().numTensors).toBe(before + 6);
    kept[0].dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
