import { beforeAll, describe, expect, it } from "vitest";
import { GAITS, gaitIndex, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { decodeBundle, encodeBundle } from "../../../policy/bundle/bundle.js";
import { startBackend } from "../../../policy/cli/training/backend.js";
import { PolicyNetwork } from "../../../policy/runtime/inference.js";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../../policy/training/checkpoint.js";
import { createBundle } from "../../../policy/training/create-bundle.js";
import { GaitSelectionEnv } from "../../../policy/training/gait-selection-env.js";
import type { IterationMetrics } from "../../../policy/training/progress.js";
import { Trainer } from "../../../policy/training/trainer.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { SELECTION_SPEC } from "../../../sim/task/gait-selection.js";
import { selectionWorker, selectorOf, tinySelectionConfig, walkedRobot } from "../../support/selection.js";
import { FLAT, model } from "../../support/world.js";

beforeAll(async () => {
  await startBackend("wasm");
  await loadPhysics();
});

function train(iterations: number, from?: Checkpoint, config = tinySelectionConfig()) {
  const trainer = new Trainer(config, walkedRobot, model, selectionWorker(config));
  if (from) trainer.restore(from);
  const metrics: IterationMetrics[] = [];
  const checkpoints: Checkpoint[] = [];
  trainer.run(
    { iterations },
    {
      iteration: (each) => metrics.push(each),
      checkpoint: (each) => checkpoints.push(decodeCheckpoint(encodeCheckpoint(each), "test")),
    },
  );
  return { metrics, checkpoints };
}

describe("training to select gaits", () => {
  it("reports what it explores and what it is rewarded for", () => {
    const { metrics } = train(2);
    // 6 robots · 4 choices
    expect(metrics.map(({ steps }) => steps)).toEqual([24, 48]);
    // All eight gaits are as likely at first: ln 8.
    expect(metrics[0].entropy).toBeCloseTo(Math.log(8), 2);
    // Over running means, which there are from the second iteration on.
    expect(metrics[0]["reward/energy"]).toBe(0);
    expect(metrics[1]["reward/energy"]).toBeLessThan(-0.05);
    expect(metrics[1]["reward/torqueSaturation"]).toBeLessThan(-0.05);
    expect(metrics[1].meanStd).toBeUndefined();
  });

  it("comes to choose as the rule does, where it is held to it", () => {
    const config = tinySelectionConfig();
    const { selector } = createBundle(train(60, undefined, config).checkpoints.at(-1)!);
    const network = new PolicyNetwork(selector!);
    const env = new GaitSelectionEnv(config, decodeBundle(walkedRobot.locomotion!, "x"), model, 100, FLAT, 5, {});
    const logits = new Float32Array(SELECTABLE_GAITS.length);
    let agreements = 0;
    for (let robot = 0; robot < 100; robot++) {
      network.act(logits, 0, env.obs, robot * SELECTION_SPEC.size);
      if (logits.indexOf(Math.max(...logits)) === env.advice[robot]) agreements++;
    }
    env.free();
    // By chance one in eight.
    expect(agreements).toBeGreaterThan(50);
  });

  it("goes on from a checkpoint as if it had never stopped", () => {
    const { checkpoints } = train(4);
    const resumed = train(4, checkpoints[0]).checkpoints[0];
    const withoutTime = ({ trainingS: _, ...rest }: Checkpoint) => rest;
    expect(Object.values(checkpoints[0].rewardMeans).every((mean) => mean > 0)).toBe(true);
    expect(withoutTime(resumed)).toEqual(withoutTime(checkpoints[1]));
  });

  it("hands out the policy that walks with the one that selects on top", () => {
    const [checkpoint] = train(2).checkpoints;
    const bundle = createBundle(checkpoint);
    expect(decodeBundle(encodeBundle(bundle), "policy.json")).toEqual(bundle);
    const { selector, ...walking } = bundle;
    expect({ ...walking, selector: null }).toEqual(decodeBundle(walkedRobot.locomotion!, "walking"));
    expect(selector).toMatchObject({ task: "gait-selection", iteration: 2, decisionSteps: 5 });
    expect(selector!.gaits).toEqual(SELECTABLE_GAITS.map((gait) => GAITS[gait].id));
  });
});

describe("a bundle's selector", () => {
  it("must have an output for each gait", () => {
    const copy = JSON.parse(encodeBundle(selectorOf(1)));
    copy.selector.layers.length = 1;
    expect(() => decodeBundle(JSON.stringify(copy), "policy.json")).toThrow(
      "policy.json: selector.layers.0.outputs: got 10 numbers, expected 8",
    );
  });
});

describe("a robot whose selection is told what is no number", () => {
  it("is placed anew, counted and named, and the others go on", () => {
    const locomotion = decodeBundle(walkedRobot.locomotion!, "locomotion");
    const env = new GaitSelectionEnv(tinySelectionConfig(), locomotion, model, 3, FLAT, 1, {});
    const selection = Reflect.get(env, "selection");
    // Whatever the filter of commands takes in, it stays NaN.
    Reflect.get(selection, "filteredCommand")[3] = Number.NaN;
    env.step(new Float32Array(3));
    const { robot, place } = env.blowUps.first!;
    expect([robot, env.blowUps.places[place]]).toEqual([1, "gait selection observation commandAcceleration"]);
    expect(env.statistics.summary().blowUps).toBe(1);
    expect([...env.terminated]).toEqual([0, 1, 0]);
    expect(env.reward[1]).toBe(0);
    expect(env.obs.every(Number.isFinite)).toBe(true);
    env.step(new Float32Array(3));
    expect([...env.terminated]).toEqual([0, 0, 0]);
    env.free();
  });
});

describe("robots that gaits are selected for", () => {
  function createEnv(): GaitSelectionEnv {
    const config = tinySelectionConfig();
    return new GaitSelectionEnv(config, decodeBundle(walkedRobot.locomotion!, "x"), model, 6, FLAT, 1, {});
  }
  const pronk = SELECTABLE_GAITS.indexOf(gaitIndex("pronk"));

  it("walk in the selected gait, and take no other while they change to it", () => {
    const env = createEnv();
    const limp = SELECTABLE_GAITS.indexOf(gaitIndex("limp"));
    // No two periods are the same: a transition of at least 0.1 s from any gait but the stand.
    env.step(new Float32Array(6).fill(pronk));
    const changing = env.locked.filter((locked) => locked === 1).length;
    expect(changing).toBeGreaterThan(0);
    env.statistics.clear();
    env.step(Float32Array.from(env.locked, (locked) => (locked ? limp : pronk)));
    const { "gait/pronk/share": pronking = 0, "gait/limp/share": limping = 0 } = env.statistics.summary();
    expect(limping).toBe(0);
    expect(pronking).toBeGreaterThan(0.5);
    env.free();
  });

  it("are advised of what the command's Froude number asks for", () => {
    const env = createEnv();
    const { command } = Reflect.get(env, "env").control;
    for (let robot = 0; robot < 6; robot++) command.set([[0, 0.6, 2.4][robot % 3], 0, 0], 3 * robot);
    env.step(new Float32Array(6).fill(pronk));
    // (0.6 m/s)² / (9.81 m/s² · 0.4 m) = 0.09 and (2.4 m/s)² / (9.81 m/s² · 0.4 m) = 1.47
    const advice = [...env.advice].map((choice) => GAITS[SELECTABLE_GAITS[choice]].id);
    expect(advice.slice(0, 3)).toEqual(["stand", "trot", "run"]);
    env.free();
  });

  it("end episodes once, with what they saw when they last chose", () => {
    const env = createEnv();
    let ended = 0;
    for (let step = 0; step < 12; step++) {
      const before = env.obs.slice();
      env.step(new Float32Array(6).fill(pronk));
      expect(env.finalObs).toEqual(before);
      for (let robot = 0; robot < 6; robot++) ended += env.terminated[robot] | env.truncated[robot];
    }
    // 12 choices of 0.1 s in episodes of 1 s: all end at least once.
    expect(ended).toBeGreaterThanOrEqual(6);
    env.free();
  });
});
