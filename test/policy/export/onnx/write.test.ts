import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { GAITS } from "../../../../gaits/library.js";
import type { PolicyBundle } from "../../../../policy/bundle/bundle.js";
import { fromBase64 } from "../../../../policy/bundle/layers.js";
import { findOnnxRuntime, type OnnxRuntime } from "../../../../policy/cli/export/onnx-runtime.js";
import { startBackend } from "../../../../policy/cli/training/backend.js";
import { createEvaluator, type NetworkRunner } from "../../../../policy/export/onnx/evaluator.js";
import {
  estimatorNetwork,
  largestDifference,
  policyNetwork,
  randomInputs,
  TOLERANCE,
} from "../../../../policy/export/onnx/network-check.js";
import { decodeModel } from "../../../../policy/export/onnx/protobuf.js";
import { type estimatorSlices, exportOnnx } from "../../../../policy/export/onnx/write.js";
import { CLIP } from "../../../../policy/networks/normalizer.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../../../sim/control/state-estimate.js";
import { modelOf } from "../../../support/a1.js";
import { pretrained, recordInputs } from "../../../support/exported.js";
import { randomSelector } from "../../../support/selection.js";

const RANDOM_ROWS = 10_000;
const RECORDED_ROWS = 200;

/** It selects in every step outside transitions, which take a few in a hundred. */
const bundle = { ...pretrained("locomotion"), selector: randomSelector(1) };
const model = modelOf();
const files = exportOnnx(bundle, model, "1.2.3");
const bytesOf = (file: string) => files.get(file) as Uint8Array;
const networks = {
  policy: policyNetwork("policy.onnx", bundle),
  estimator: estimatorNetwork("estimator.onnx", bundle),
  selector: policyNetwork("selector.onnx", bundle.selector),
};
type NetworkName = keyof typeof networks;
const NAMES = Object.keys(networks) as NetworkName[];
let runtime: OnnxRuntime;
let recorded: Record<NetworkName, Float32Array[]>;

beforeAll(async () => {
  await startBackend("wasm");
  runtime = (await findOnnxRuntime())!;
  recorded = await recordInputs(bundle, 1.5 * RECORDED_ROWS);
});

/** What a bundle's network in plain tensor operations says of some inputs, row by row: normaliser, layers, ELU between them. */
function tensorRunner(
  layers: PolicyBundle["layers"],
  normalization: PolicyBundle["normalizer"] | null,
  inputs: readonly Float32Array[],
): NetworkRunner {
  const rows = tf.tidy(() => {
    let x: tf.Tensor = tf.tensor2d(
      inputs.flatMap((row) => [...row]),
      [inputs.length, layers[0].inputs],
    );
    if (normalization) x = tf.clipByValue(normalize(x, normalization), -CLIP, CLIP);
    layers.forEach(({ inputs: height, outputs, parameters }, i) => {
      const values = fromBase64(parameters);
      const weights = tf.tensor2d(values.slice(0, height * outputs), [height, outputs]);
      const y = tf.add(tf.matMul(x as tf.Tensor2D, weights), tf.tensor1d(values.slice(height * outputs)));
      x = i < layers.length - 1 ? tf.elu(y) : y;
    });
    return x.dataSync() as Float32Array;
  });
  const outputs = layers[layers.length - 1].outputs;
  let row = 0;
  return () => rows.slice(row * outputs, ++row * outputs);
}

function normalize(x: tf.Tensor, { mean, variance }: PolicyBundle["normalizer"]): tf.Tensor {
  // 1e-4: what policy/networks/normalizer.ts adds to variances.
  const inverseStd = tf.tensor1d(variance.map((value) => 1 / Math.sqrt(value + 1e-4)));
  return tf.mul(tf.sub(x, tf.tensor1d(mean)), inverseStd);
}

/** Largest differences from TypeScript's inference of all else that can run a network. */
async function differences(name: NetworkName, inputs: readonly Float32Array[]) {
  const said = new Map(inputs.map((input) => [input, networks[name].original(input)]));
  const network = { ...networks[name], original: (input: Float32Array) => said.get(input)! };
  const { estimator, selector } = bundle;
  const { layers, normalizer } = name === "selector" ? selector : bundle;
  const bytes = bytesOf(network.file);
  const runners: Record<string, NetworkRunner> = {
    "own evaluator": createEvaluator(decodeModel(bytes, network.file)),
    onnxruntime: await runtime.createRunner(bytes),
    "TensorFlow.js":
      name === "estimator" ? tensorRunner(estimator!, null, inputs) : tensorRunner(layers, normalizer, inputs),
  };
  const found: Record<string, number> = {};
  for (const [key, run] of Object.entries(runners)) found[key] = await largestDifference(network, run, inputs);
  return found;
}

describe("exported networks say what TypeScript's inference says, within 1e-5 of it, of its size above 1", () => {
  it.each(NAMES)("%s: on 10,000 random inputs", async (name) => {
    const found = await differences(name, [...randomInputs(networks[name], RANDOM_ROWS, 1)]);
    for (const [key, difference] of Object.entries(found)) expect(difference, key).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(NAMES)("%s: on 200 recorded ones", async (name) => {
    const inputs = recorded[name].slice(0, RECORDED_ROWS);
    expect(inputs).toHaveLength(RECORDED_ROWS);
    const found = await differences(name, inputs);
    for (const [key, difference] of Object.entries(found)) expect(difference, key).toBeLessThanOrEqual(TOLERANCE);
  });

  it("random inputs go where the normaliser cuts off: without that the policy would say something else", async () => {
    const { layers, normalizer } = bundle;
    const stretched = { ...normalizer, variance: normalizer.variance.map((value) => 100 * value) };
    const inputs = [...randomInputs(networks.policy, 100, 1)];
    const isFar = (x: Float32Array) =>
      x.some((value, i) => Math.abs(value - normalizer.mean[i]) > CLIP * Math.sqrt(normalizer.variance[i] + 1e-4));
    const far = inputs.filter(isFar);
    // A tenth of 100.
    expect(far.length).toBeGreaterThan(3);
    expect(far.length).toBeLessThan(30);
    expect(await largestDifference(networks.policy, tensorRunner(layers, stretched, far), far)).toBeGreaterThan(0.1);
  });
});

describe("the check of networks", () => {
  const [input] = randomInputs(networks.policy, 1, 2);
  const said = networks.policy.original(input);
  const differenceOf = (outputs: Float32Array) => largestDifference(networks.policy, () => outputs, [input]);

  it("measures differences of outputs up to 1 as they are, of larger ones by the largest of them", async () => {
    const difference = (original: readonly number[], got: readonly number[]) => {
      const network = { ...networks.policy, original: () => Float32Array.from(original) };
      return largestDifference(network, () => Float32Array.from(got), [input]);
    };
    expect(await difference([0.5, -4], [0.5, -4])).toBe(0);
    expect(await difference([0.5, -1], [0.75, -1])).toBe(0.25);
    // 0.25 and 0.5, of 4.
    expect(await difference([0.5, -4], [0.75, -4])).toBe(0.0625);
    expect(await difference([0.5, -4], [0.5, -4.5])).toBe(0.125);
  });

  it("takes no NaN, and no missing numbers, for agreement", async () => {
    expect(await differenceOf(said.map(() => Number.NaN))).not.toBeLessThanOrEqual(TOLERANCE);
    expect(await differenceOf(said.slice(1))).not.toBeLessThanOrEqual(TOLERANCE);
  });
});

describe("an exported policy", () => {
  const { metadata, input, output, nodes, version } = decodeModel(bytesOf("policy.onnx"), "policy.onnx");
  const entry = (key: string) => JSON.parse(metadata.get(key)!);

  it("takes the observation as `obs` and gives `actions`, through plain operators", () => {
    expect([input, output]).toEqual([
      { name: "obs", width: 79 },
      { name: "actions", width: 12 },
    ]);
    expect(nodes.map(({ opType }) => opType)).toEqual(["Max", "Min", "Gemm", "Elu", "Gemm", "Elu", "Gemm"]);
  });

  it("says in its metadata what a controller around it must know", () => {
    expect(version).toBe("1.2.3");
    expect(metadata.get("gaitway_version")).toBe("1.2.3");
    expect(entry("joint_names").slice(0, 4)).toEqual([
      ...["FL_hip_joint", "FL_thigh_joint", "FL_calf_joint", "FR_hip_joint"],
    ]);
    expect(entry("default_joint_pos").slice(0, 3)).toEqual([0, 0.75, -1.5]);
    expect(entry("joint_stiffness")).toEqual(Array(12).fill(80));
    expect(entry("joint_damping")).toEqual(Array(12).fill(2));
    expect(entry("joint_effort_max")).toEqual(Array(12).fill(33.5));
    expect([entry("action_scale"), entry("control_dt")]).toEqual([0.4, 0.02]);
    expect(entry("observation")[1]).toMatchObject({ name: "baseAngularVelocity", offset: 3, size: 3, scale: 0.25 });
    expect(entry("gaits").map(({ id }: { id: string }) => id)).toEqual(GAITS.map(({ id }) => id));
    // Trot: 0.4 s, half of it in stance, diagonals in turns.
    expect(entry("gaits")[3]).toEqual({
      id: "trot",
      period_s: 0.4,
      duty_factor: 0.5,
      phase_offset: [0, 0.5, 0.5, 0],
    });
    expect(metadata.get("config_hash")).toMatch(/^[0-9a-f]{8}$/);
  });

  it("tells of the gaits that the policy brings along", () => {
    const tiptoe = { id: "tiptoe", periodS: 0.6, dutyFactor: 0.7, phaseOffset: [0, 0.5, 0.75, 0.25] as const };
    const own = exportOnnx({ ...bundle, gaits: [...bundle.gaits, tiptoe] }, model, "1.2.3");
    const told = decodeModel(own.get("policy.onnx") as Uint8Array, "policy.onnx").metadata.get("gaits")!;
    expect(JSON.parse(told).slice(GAITS.length)).toEqual([
      { id: "tiptoe", period_s: 0.6, duty_factor: 0.7, phase_offset: [0, 0.5, 0.75, 0.25] },
    ]);
  });
});

describe("an exported estimator", () => {
  const { input, output, metadata } = decodeModel(bytesOf("estimator.onnx"), "estimator.onnx");

  it("takes its frames as `obs` and gives `estimate`", () => {
    expect([input, output]).toEqual([
      { name: "obs", width: ESTIMATOR_INPUTS },
      { name: "estimate", width: ESTIMATOR_OUTPUTS },
    ]);
  });

  it("says where each of its inputs is", () => {
    const slices: ReturnType<typeof estimatorSlices> = JSON.parse(metadata.get("observation")!);
    // A frame has 3 + 3 + 3 + 12 + 12 + 12 + 4 = 49 numbers; the newest of four begins at 147, its joint positions 9 later.
    expect(slices.find(({ name, age }) => name === "jointPosition" && age === 0)).toEqual({
      ...{ name: "jointPosition", age: 0, offset: 156, size: 12, scale: 2 },
    });
    const end = slices[slices.length - 1];
    expect(end.offset + end.size).toBe(ESTIMATOR_INPUTS);
  });

  it("is not written where a policy has none, nor is a gait selection policy", () => {
    expect([...exportOnnx(pretrained("trot"), model, "1.2.3").keys()]).toEqual(["policy.onnx", "README.md"]);
  });
});

describe("an exported gait selection policy", () => {
  const { input, output, metadata } = decodeModel(bytesOf("selector.onnx"), "selector.onnx");
  const entry = (key: string) => JSON.parse(metadata.get(key)!);

  it("takes its observation as `obs` and gives `logits`, one for each of the eight gaits", () => {
    expect([input, output]).toEqual([
      { name: "obs", width: 66 },
      { name: "logits", width: 8 },
    ]);
    expect(entry("gaits")).toEqual(["stand", "trot", "run", "bound", "pronk", "limp", "amble", "hop"]);
  });

  it("says when and on what to choose", () => {
    expect([entry("decision_steps"), entry("control_dt"), entry("acceleration_filter_s")]).toEqual([1, 0.02, 0.2]);
    // Contacts 4 + 4, command 3, torques 12, gravity 3, velocity 3, rates 3: the last gait is the 33rd number.
    expect(entry("observation")[7]).toEqual({
      ...{ name: "lastGait", offset: 32, size: 1, unit: "index", scale: 0.25, for: "actor" },
    });
    expect(files.get("README.md")).toContain("## Gait selection");
  });
});
