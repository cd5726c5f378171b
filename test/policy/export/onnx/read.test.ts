import { describe, expect, it } from "vitest";
import { encodeBundle, type PolicyBundle } from "../../../../policy/bundle/bundle.js";
import { fromBase64, toBase64 } from "../../../../policy/bundle/layers.js";
import { foldNormalizer, unfoldNormalizer } from "../../../../policy/export/onnx/graph.js";
import {
  estimatorNetwork,
  largestDifference,
  policyNetwork,
  randomInputs,
  TOLERANCE,
} from "../../../../policy/export/onnx/network-check.js";
import { decodeModel, encodeModel, type OnnxModel } from "../../../../policy/export/onnx/protobuf.js";
import { importOnnx, type NamedBytes } from "../../../../policy/export/onnx/read.js";
import { exportOnnx } from "../../../../policy/export/onnx/write.js";
import { InputError } from "../../../../sim/errors.js";
import { modelOf } from "../../../support/a1.js";
import { pretrained } from "../../../support/exported.js";
import { freshBundle } from "../../../support/fresh-bundle.js";
import { randomSelector } from "../../../support/selection.js";

const bundle = { ...pretrained("locomotion"), selector: randomSelector() };

/** The files of a bundle. */
function exported(source: PolicyBundle) {
  const files = exportOnnx(source, modelOf(), "1.2.3");
  const named = (name: string) => ({ name, bytes: files.get(name) as Uint8Array });
  return { policy: named("policy.onnx"), estimator: named("estimator.onnx"), selector: named("selector.onnx") };
}

/** Finds the files that are there. */
const among =
  (...files: readonly NamedBytes[]) =>
  (name: string) =>
    files.find((file) => file.name === name) ?? null;

const { policy, estimator, selector } = exported(bundle);
const beside = among(estimator, selector);

describe("folding a normaliser into a layer", () => {
  // One input, two outputs: mean 3, standard deviation 2 (the normaliser adds 1e-4 to variances); W = (4, -6), b = (1, 2).
  const layers = [{ inputs: 1, outputs: 2, parameters: toBase64(new Float32Array([4, -6, 1, 2])) }];
  const normalizer = { mean: [3], variance: [4 - 1e-4] };

  it("halves the weights, takes mean / std times them off the biases, and clips 8 standard deviations off the mean", () => {
    const { inputLimits, layers: folded } = foldNormalizer(layers, normalizer);
    // W' = W / 2; b' = (1 - 1.5 · 4, 2 + 1.5 · 6); 3 ± 8 · 2.
    expect([...fromBase64(folded[0].parameters)]).toEqual([2, -3, -5, 11]);
    expect([inputLimits!.low[0], inputLimits!.high[0]]).toEqual([-13, 19]);
  });

  it("is undone by unfolding", () => {
    const { layers: folded } = foldNormalizer(layers, normalizer);
    expect([...fromBase64(unfoldNormalizer(folded, normalizer)[0].parameters)]).toEqual([4, -6, 1, 2]);
  });
});

describe("a bundle from its ONNX files", () => {
  const imported = importOnnx(policy, beside);

  it("acts, estimates and selects as the one that was exported", async () => {
    for (const [now, before] of [
      [policyNetwork("policy", imported), policyNetwork("policy", bundle)],
      [estimatorNetwork("estimator", imported), estimatorNetwork("estimator", bundle)],
      [policyNetwork("selector", imported.selector!), policyNetwork("selector", bundle.selector)],
    ])
      expect(await largestDifference(before, now.original, randomInputs(before, 1000, 3))).toBeLessThan(TOLERANCE);
  });

  it("is the same in everything but the last bits of the first layers", () => {
    const withoutFirst = ({ layers, selector: { layers: others, ...selectorRest }, ...rest }: typeof bundle) => ({
      ...rest,
      layers: layers.slice(1),
      selector: { ...selectorRest, layers: others.slice(1) },
    });
    expect(withoutFirst({ ...imported, selector: imported.selector! })).toEqual(withoutFirst(bundle));
  });

  it("has the weights of the graph, not any of the metadata", () => {
    const model = decodeModel(policy.bytes, "policy.onnx");
    const doubled = model.initializers.map((tensor) =>
      tensor.name === "biases_2" ? { ...tensor, values: tensor.values.map((value) => value + 1) } : tensor,
    );
    const other = importOnnx({ ...policy, bytes: encodeModel({ ...model, initializers: doubled }) }, beside);
    const input = new Float32Array(79);
    const [more, less] = [policyNetwork("", other).original(input), policyNetwork("", bundle).original(input)];
    for (let j = 0; j < 12; j++) expect(more[j] - less[j]).toBeCloseTo(1, 4);
  });

  it("does without an estimator and a selector where it had none, even where files of other policies lie about", () => {
    const trot = pretrained("trot");
    const files = exported(trot);
    expect(importOnnx(files.policy, among())).toMatchObject({ estimator: null, selector: null });
    expect(importOnnx(files.policy, beside)).toMatchObject({ estimator: null, selector: null });
  });
});

describe("an import is refused", () => {
  function rejectionOf(change: (model: OnnxModel) => OnnxModel): string {
    const bytes = encodeModel(change(decodeModel(policy.bytes, "policy.onnx")));
    return messageOf(() => importOnnx({ name: "policy.onnx", bytes }, beside));
  }

  function messageOf(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    }
    throw new Error("it was accepted");
  }

  it.each([0, 1, 100, 100_000])("of a file cut off after %i bytes", (length) => {
    const bytes = policy.bytes.slice(0, length);
    expect(messageOf(() => importOnnx({ name: "policy.onnx", bytes }, beside))).toMatch(/^policy\.onnx: /);
  });

  it("of a text", () => {
    const bytes = new TextEncoder().encode(encodeBundle(bundle));
    expect(messageOf(() => importOnnx({ name: "policy.json", bytes }, beside))).toBe(
      "policy.json: not ONNX, or damaged",
    );
  });

  it("without its estimator or selector, or with another policy's", () => {
    expect(messageOf(() => importOnnx(policy, among(selector)))).toBe(
      "policy.onnx: its state estimator is missing; expected estimator.onnx beside it",
    );
    expect(messageOf(() => importOnnx(policy, among(estimator)))).toBe(
      "policy.onnx: its gait selection policy is missing; expected selector.onnx beside it",
    );
    const other = exported({ ...bundle, seed: bundle.seed + 1 });
    expect(messageOf(() => importOnnx(policy, among(other.estimator, selector)))).toMatch(
      /^estimator\.onnx: .* of another policy$/,
    );
    expect(messageOf(() => importOnnx(policy, among(estimator, other.selector)))).toMatch(
      /^selector\.onnx: .* of another policy$/,
    );
  });

  it("of the estimator or the selector alone", () => {
    expect(messageOf(() => importOnnx(estimator, beside))).toMatch(
      /^estimator\.onnx: metadata gaitway_bundle: got nothing/,
    );
    expect(messageOf(() => importOnnx(selector, beside))).toMatch(/^selector\.onnx: hasEstimator: /);
  });

  it("of another program's network", () => {
    expect(rejectionOf((model) => ({ ...model, metadata: new Map() }))).toMatch(
      /gaitway_bundle: got nothing, expected/,
    );
    const relu = (model: OnnxModel) => ({
      ...model,
      nodes: model.nodes.map((node) => ({ ...node, opType: node.opType === "Elu" ? "Relu" : node.opType })),
    });
    expect(rejectionOf(relu)).toBe("policy.onnx: not a graph of Gaitway's");
    expect(rejectionOf((model) => ({ ...model, initializers: model.initializers.slice(0, -1) }))).toMatch(/biases_2/);
  });

  it("with metadata for another network", () => {
    const { metadata } = decodeModel(exported(freshBundle()).policy.bytes, "policy.onnx");
    const text = metadata.get("gaitway_bundle")!.replace(/"mean":\[0,/, '"mean":[');
    expect(rejectionOf((model) => ({ ...model, metadata: new Map([["gaitway_bundle", text]]) }))).toMatch(
      /^policy\.onnx: normalizer\.mean: got 78 numbers, expected 79$/,
    );
    expect(rejectionOf((model) => ({ ...model, metadata: new Map([["gaitway_bundle", "{"]]) }))).toMatch(/not JSON$/);
  });
});
