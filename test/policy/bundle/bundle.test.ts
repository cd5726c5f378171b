import { describe, expect, it } from "vitest";
import { GAITS } from "../../../gaits/library.js";
import { NUM_JOINTS } from "../../../gaits/types.js";
import { decodeBundle, encodeBundle, type PolicyBundle } from "../../../policy/bundle/bundle.js";
import { fromBase64 } from "../../../policy/bundle/layers.js";
import { actorCriticLayout } from "../../../policy/ppo/actor-critic.js";
import { createBundle } from "../../../policy/training/create-bundle.js";
import { InputError } from "../../../sim/errors.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import { randomCheckpoint, testRobot } from "../../support/learning.js";
import { model } from "../../support/world.js";

const checkpoint = randomCheckpoint();
const bundle = createBundle(checkpoint);

/** The message of the error that a text is rejected with. */
function rejectionOf(text: string): string {
  try {
    decodeBundle(text, "policy.json");
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    expect(message).toContain("policy.json");
    expect(message).not.toContain("\n");
    return message;
  }
  throw new Error("the bundle was accepted");
}

/** The bundle's text with one value changed, or added. @param path like "layers.1.inputs" */
function altered(path: string, value: unknown): string {
  const copy = JSON.parse(encodeBundle(bundle));
  const keys = path.split(".");
  const last = keys.pop()!;
  const parent = keys.reduce((node, key) => node[key], copy);
  parent[last] = value;
  return JSON.stringify(copy);
}

describe("a bundle", () => {
  it("comes back from its text as it was", () => {
    expect(decodeBundle(encodeBundle(bundle), "policy.json")).toEqual(bundle);
    expect(encodeBundle(decodeBundle(encodeBundle(bundle), "policy.json"))).toBe(encodeBundle(bundle));
  });

  it("holds the actor's weights, layer by layer, and no one else's, corrections to the gait memory at 0.7", () => {
    const { config, averageActor } = checkpoint;
    const { actor } = actorCriticLayout(config, OBSERVATION_SPEC);
    const trained = [...averageActor.subarray(actor.begin, actor.end)];
    const lastLayer = actor.layers[actor.layers.length - 1].weights - actor.begin;
    const numbersOf = ({ layers }: PolicyBundle) => layers.flatMap(({ parameters }) => [...fromBase64(parameters)]);
    expect(config.env.control.actionMode).toBe("residual");
    expect(numbersOf(bundle)).toEqual(trained.map((value, i) => (i < lastLayer ? value : Math.fround(0.7 * value))));
    const control = { ...config.env.control, actionMode: "absolute" as const };
    const absolute = createBundle({ ...checkpoint, config: { ...config, env: { ...config.env, control } } });
    expect(numbersOf(absolute)).toEqual(trained);
    expect(bundle.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual(
      [OBSERVATION_SPEC.actorSize, ...checkpoint.config.network.actorHidden].map((inputs, i) => [
        inputs,
        [...checkpoint.config.network.actorHidden, NUM_JOINTS][i],
      ]),
    );
  });

  it("holds the normaliser and the slices of what the actor is told", () => {
    const { actorSize } = OBSERVATION_SPEC;
    expect(bundle.normalizer.mean).toEqual(checkpoint.normalizer.mean.slice(0, actorSize));
    expect(bundle.normalizer.variance).toEqual(checkpoint.normalizer.variance.slice(0, actorSize));
    expect(bundle.observation.slices.reduce((total, { size }) => total + Number(size), 0)).toBe(actorSize);
  });

  it("holds all that else a controller needs: robot, environment, gaits, and where it comes from", () => {
    expect(createRobotModel(bundle.robot, bundle.robot.name)).toEqual(model);
    expect(bundle.robot.name).toBe(testRobot.name);
    expect(bundle.env).toEqual(checkpoint.config.env);
    expect(bundle.gaits).toHaveLength(GAITS.length);
    bundle.gaits.forEach((gait, i) => {
      expect(GAITS[i]).toMatchObject(gait);
    });
    const { task, seed, iteration, steps, trainingS } = bundle;
    expect({ task, seed, iteration, steps, trainingS }).toEqual({
      task: checkpoint.config.task,
      seed: checkpoint.config.seed,
      iteration: 12,
      steps: 3456,
      trainingS: 7.25,
    });
  });

  it("is decoded once and for all: missing settings of the environment take their defaults", () => {
    const { env } = decodeBundle(altered("env", { episodeS: 3 }), "policy.json");
    expect(env.episodeS).toBe(3);
    expect(env.physics.timestepS).toBeGreaterThan(0);
  });
});

describe("a text is rejected", () => {
  it("that is not JSON", () => {
    expect(rejectionOf("layers: 3")).toContain("not JSON");
    expect(rejectionOf(encodeBundle(bundle).slice(0, 500))).toContain("not JSON");
    expect(rejectionOf("")).toContain("not JSON");
  });

  it.each(["null", "[]", "{}", "7"])("that is other JSON: %s", (text) => {
    rejectionOf(text);
  });

  it("of another version or format, with what it says", () => {
    expect(rejectionOf(altered("version", 2))).toMatch(/version.*2/);
    expect(rejectionOf(altered("format", "onnx"))).toMatch(/format.*onnx/);
  });

  it("for slices that are not known, or laid out in another way", () => {
    const unknown = rejectionOf(altered("observation.slices.2.name", "heightScan"));
    expect(unknown).toMatch(/observation\.slices\.2\.name: got heightScan, expected a known slice/);
    const wider = rejectionOf(altered("observation.slices.1.size", 4));
    expect(wider).toMatch(/observation\.slices\.1: got .*"size":4.*, expected .*"size":3/);
    const scaled = rejectionOf(altered("observation.slices.0.scale", 2));
    expect(scaled).toMatch(/observation\.slices\.0: got .*"scale":2.*, expected .*"scale":1/);
  });

  it("whose layers do not fit each other", () => {
    // A second layer that takes 11 numbers where the first gives 10.
    const message = rejectionOf(altered("layers.1.inputs", 11));
    for (const part of ["layers.1.inputs", "got 11", "expected 10"]) expect(message).toContain(part);
    const first = rejectionOf(altered("layers", bundle.layers.slice(1)));
    for (const part of ["layers.0.inputs", "got 10", `${OBSERVATION_SPEC.actorSize}`]) expect(first).toContain(part);
  });

  it("whose layers have other numbers of parameters than their size says", () => {
    // 8 + 1 inputs for each of 12 outputs, 108 numbers; the layer before has (10 + 1) · 8 = 88.
    const message = rejectionOf(altered("layers.2.parameters", bundle.layers[1].parameters));
    for (const part of ["layers.2.parameters", "got 88", "expected 108"]) expect(message).toContain(part);
  });

  it.each([
    ["no layers", "layers", [], "layers"],
    ["parameters that are no base64", "layers.0.parameters", "#", "layers.0.parameters"],
    ["an unknown activation", "activation", "relu", "activation"],
    ["an unknown key", "surprise", 1, "surprise"],
    ["a negative variance", "normalizer.variance.3", -1, "normalizer.variance.3"],
    ["a wrong environment", "env.physics.friction", -2, "physics.friction: got -2"],
  ])("with %s", (_, path, value, part) => {
    expect(rejectionOf(altered(path, value))).toContain(part);
  });
});
