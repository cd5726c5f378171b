import { mkdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { averageBundles } from "../../policy/bundle/average.js";
import { decodeBundle, type PolicyBundle } from "../../policy/bundle/bundle.js";
import { fromBase64 } from "../../policy/bundle/layers.js";
import { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import { encodeCheckpoint } from "../../policy/training/checkpoint.js";
import { Workspace } from "../support/command-line.js";
import { randomCheckpoint, tinyTrainConfig } from "../support/learning.js";
import { selectorOf } from "../support/selection.js";

const config = tinyTrainConfig({ env: { control: { estimator: "learned" } }, network: { residualShare: 1 } });

/** All of whose networks' numbers, and means, are `value`, and whose variances are `value` + 1. */
function evenCheckpoint(value: number, iteration: number) {
  const checkpoint = randomCheckpoint(config);
  const { normalizer } = checkpoint;
  return {
    ...checkpoint,
    iteration,
    params: checkpoint.params.map(() => value),
    averageActor: checkpoint.averageActor.map(() => value),
    normalizer: {
      ...normalizer,
      mean: normalizer.mean.map(() => value),
      variance: normalizer.variance.map(() => value + 1),
    },
  };
}

/** The different numbers of a policy's networks, and of its normaliser. */
function numbersOf({ layers, estimator, normalizer }: PolicyBundle) {
  const numbers = (some: PolicyBundle["layers"]) => [
    ...new Set(some.flatMap(({ parameters }) => [...fromBase64(parameters)])),
  ];
  return [numbers(layers), numbers(estimator!), [...new Set(normalizer.mean)], [...new Set(normalizer.variance)]];
}

describe("gaitway average", () => {
  const workspace = new Workspace();
  afterAll(() => workspace.remove());
  beforeAll(() => {
    mkdirSync(workspace.path("runs"));
    const run = RunDirectory.create(workspace.path("runs"), { seed: 1, task: "trot" }, "long");
    for (const [iteration, value] of [
      [20, 8],
      [40, 1],
      [60, 2],
      [80, 6],
    ]) {
      run.writeCheckpoint(iteration, encodeCheckpoint(evenCheckpoint(value, iteration)));
    }
  });

  it("writes the mean of the checkpoints from an iteration on: 3 of 1, 2 and 6", async () => {
    const { code, stdout } = await workspace.run("average", "runs/long", "--from", "40", "--out", "mean.json");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Mean of iterations 40, 60, 80: mean.json\n" });
    const bundle = decodeBundle(readFileSync(workspace.path("mean.json"), "utf8"), "mean.json");
    expect(numbersOf(bundle)).toEqual([[3], [3], [3], [4]]);
    expect(bundle.iteration).toBe(80);
  });

  it("writes that of all that were kept: 4.25 of 8, 1, 2 and 6", async () => {
    const { stdout } = await workspace.run("average", "runs/long", "--out", "all.json", "--json");
    expect(JSON.parse(stdout)).toEqual({ out: "all.json", iterations: [20, 40, 60, 80] });
    const bundle = decodeBundle(readFileSync(workspace.path("all.json"), "utf8"), "all.json");
    expect(numbersOf(bundle)).toEqual([[4.25], [4.25], [4.25], [5.25]]);
  });

  it.each([
    ["--from 80 --out x.json", "runs/long: 1 checkpoints to average, expected 2 or more; kept are 20, 40, 60, 80"],
    ["--from -1 --out x.json", "--from: got -1, expected a whole number from 0 on"],
    ["--out runs", "--out: got runs, which is a folder; expected a file"],
  ])("says what is wrong with %s, and writes nothing", async (args, message) => {
    const before = workspace.snapshot();
    const { code, stderr } = await workspace.run("average", "runs/long", ...args.split(" "));
    expect({ code, stderr }).toEqual({ code: 1, stderr: `gaitway: ${message}\n` });
    expect(workspace.snapshot()).toEqual(before);
  });
});

it("the mean of policies that select gaits has the mean of their selectors", () => {
  // Of which all numbers are 0 but one bias of the last layer, which is 1.
  const [first, second] = [selectorOf(2), selectorOf(5)];
  const { selector } = averageBundles([first, second, second]);
  const last = fromBase64(selector!.layers.at(-1)!.parameters);
  const biases = [...last.subarray(last.length - 8)].map((bias) => Math.round(3 * bias));
  expect(biases).toEqual([0, 0, 1, 0, 0, 2, 0, 0]);
});
