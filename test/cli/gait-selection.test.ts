import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBundle } from "../../policy/bundle/bundle.js";
import { wilsonInterval } from "../../policy/evaluation/statistics/wilson.js";
import { Workspace } from "../support/command-line.js";

const workspace = new Workspace();
const SMALL = "network: { actorHidden: [8], criticHidden: [8] }\nppo: { horizon: 2, epochs: 1, minibatches: 1 }\n";
beforeAll(async () => {
  workspace.write("small.yaml", `task: gait-selection\nnumEnvs: 4\nworkers: 2\ncheckpointEvery: 1\n${SMALL}`);
  const args = ["train", "--config", "small.yaml", "--iterations", "1", "--name", "selected"];
  expect(await workspace.run(...args)).toMatchObject({ code: 0 });
});
afterAll(() => workspace.remove());

describe("gaitway train --task gait-selection", () => {
  it("keeps the policy that walks in policy.json, with the selecting one on top", () => {
    const text = readFileSync(workspace.path("runs/selected/policy.json"), "utf8");
    const { task, selector } = decodeBundle(text, "policy.json");
    expect({ task, selects: selector?.task, iteration: selector?.iteration }).toEqual({
      ...{ task: "locomotion", selects: "gait-selection", iteration: 1 },
    });
  });

  it("can be resumed", async () => {
    const { code } = await workspace.run("train", "--resume", "runs/selected", "--iterations", "2");
    expect(code).toBe(0);
    const lines = readFileSync(workspace.path("runs/selected/metrics.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).iteration)).toEqual([1, 2]);
    expect(JSON.parse(lines[1]).entropy).toBeGreaterThan(1);
  });

  it("needs a policy that knows all gaits", async () => {
    workspace.write("trot.json", readFileSync("policy/pretrained/trot.json", "utf8"));
    const args = ["train", "--config", "small.yaml", "--locomotion", "trot.json", "--name", "none"];
    const { code, stderr } = await workspace.run(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gaitway: locomotion: trot\.json does not know stand, run, bound, [^\n]+\n$/);
    expect(readdirSync(workspace.path("runs"))).toEqual(["selected"]);
  });
});

describe("gaitway experiment E3", () => {
  it("has a selecting policy beside every gait, with charts of what it selected", async () => {
    const args = ["experiment", "E3", "--policies", "selected=runs/selected", "--trials", "1", "--out", "sprint"];
    const { code, stdout } = await workspace.run(...args, "--json");
    expect(code).toBe(0);
    const policies = JSON.parse(stdout).results.map((row: { policy: string }) => row.policy);
    const gaits = ["trot", "run", "bound", "pronk", "limp", "amble", "hop"];
    expect(policies).toEqual(["selected", "by-speed", ...gaits, "gaitMemoryAlone"]);
    const charts = ["cost-of-transport", "gait-raster-selected-flat", "gaits-by-speed-selected-flat"];
    expect(readdirSync(workspace.path("sprint"))).toEqual(expect.arrayContaining(charts.map((name) => `${name}.svg`)));
    const trot = JSON.parse(stdout).results[2];
    expect(Object.keys(trot.usage.at(-1).gaits)).toEqual(["trot"]);
  });
});

describe("gaitway experiment E5", () => {
  it("tells who got across the planks, how sure that is, and when", async () => {
    const args = ["experiment", "E5", "--policies", "selected=runs/selected", "--trials", "1", "--out", "planks"];
    const { code, stdout } = await workspace.run(...args, "--json");
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout);
    for (const { reached, reachedInterval, timeToGoalS } of results) {
      expect(reachedInterval).toEqual(wilsonInterval(reached, 1));
      if (reached === 0) expect(timeToGoalS).toBeNull();
      else expect(timeToGoalS).toBeLessThanOrEqual(20);
    }
    const read = (name: string) => readFileSync(workspace.path(`planks/${name}`), "utf8");
    const [head, selected] = read("results.csv").split("\n");
    const [low, high] = results[0].reachedInterval;
    expect(head).toMatch(/,reached,timeToGoalS,fallRateLow,fallRateHigh,reachedLow,reachedHigh$/);
    expect(selected.endsWith(`,${low},${high}`)).toBe(true);
    expect(read("report.md")).toMatch(/\| policy \| ground \| reached the goal \| 95 % interval \| in, s \| falls \|/);
    expect(read("report.md")).toMatch(/\| selected \| flat \| [01] of 1 \| [\d.]+ to [\d.]+ % \|/);
    expect(read("reached.svg")).toContain("E5: goal reached, 95 % intervals");
  });
});
