import { mkdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "../support/command-line.js";
import { rowsOf, writeTrainedRun } from "../support/trained-run.js";

const EVALUATION = {
  ...{ terrain: "rough", level: 2, trials: 50, falls: 3 },
  ...{ velocityErrorX: 0.125, velocityErrorY: 0.05, yawRateError: 0.25, contactErrorPercent: 7 },
};
const workspace = new Workspace();

beforeAll(() => {
  const runs = workspace.path("runs");
  // Means of ten: 1, 1.5, ... 5.5 of 1..10, then 6.5 of 2..11, then (3 + ... + 11 + 0) / 10 = 6.3.
  const up = rowsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0]);
  writeTrainedRun(runs, "old", { seed: 3 }, up);
  const short = writeTrainedRun(runs, "short", { ppo: { epochs: 5 } }, rowsOf([2, 4]));
  short.writeFile("evaluation.json", JSON.stringify([EVALUATION]));
  short.setStatus("interrupted");
  writeTrainedRun(workspace.path("runs", "swept"), "01-seed-1", { env: { terrain: { kind: "flat" } } }, rowsOf([9]));
  mkdirSync(workspace.path("runs", "no-run"));
  writeTrainedRun(workspace.path("empty"), "no-metrics", {}, []);
});
afterAll(() => workspace.remove());

describe("gaitway runs", () => {
  it("lists the runs, those of sweeps included, with what they came to", async () => {
    const { code, stdout } = await workspace.run("runs", "--sort", "best", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        ...{ name: "swept/01-seed-1", path: "runs/swept/01-seed-1", status: "finished", seed: 1 },
        ...{ iterations: 1, steps: 100, trainingS: 3, bestReward: 9, evaluations: [] },
        ...{ createdAt: expect.any(String), from: null, changed: { "env.terrain.kind": "flat" } },
      },
      expect.objectContaining({ name: "old", bestReward: 6.5, seed: 3, trainingS: 36, changed: {} }),
      expect.objectContaining({
        ...{ name: "short", status: "interrupted", bestReward: 3, evaluations: [EVALUATION] },
        ...{ changed: { "ppo.epochs": 5 } },
      }),
    ]);
  });

  it("sorts by age, reward or training time", async () => {
    const order = async (sort: string) => {
      const { stdout } = await workspace.run("runs", "--sort", sort);
      return [...stdout.matchAll(/^│ (\S+) +│ (?:finished|interrupted)/gm)].map(([, name]) => name);
    };
    expect(await order("newest")).toEqual(["swept/01-seed-1", "short", "old"]);
    expect(await order("best")).toEqual(["swept/01-seed-1", "old", "short"]);
    expect(await order("longest")).toEqual(["old", "short", "swept/01-seed-1"]);
  });

  it("says that there are none", async () => {
    expect(await workspace.run("runs", "--runs", "none")).toEqual({ code: 0, stdout: "No runs yet.\n", stderr: "" });
  });
});

describe("gaitway compare", () => {
  it("puts final metrics, evaluations and config differences side by side, and draws the curves", async () => {
    const { code, stdout } = await workspace.run("compare", "old", "runs/short");
    expect(code).toBe(0);
    const cells = [...stdout.matchAll(/^│ (.*) │$/gm)].map(([, row]) => row.split("│").map((cell) => cell.trim()));
    expect(cells).toContainEqual([expect.stringContaining("last 10"), "a: old", "b: short"]);
    expect(cells).toContainEqual(["best reward", "6.500", "3.000"]);
    // (3 + ... + 11 + 0) / 10 and (2 + 4) / 2.
    expect(cells).toContainEqual(["reward", "6.300", "3.000"]);
    expect(cells).toContainEqual(["rough 2: falls", "", "3 of 50"]);
    expect(cells).toContainEqual(["seed", "3", "1"]);
    expect(cells).toContainEqual(["ppo.epochs", "4", "5"]);
    expect(cells.map(([name]) => name)).not.toContain("ppo.clip");
    const chart = stdout.slice(stdout.indexOf("reward over robot steps"));
    // 12 points of one run, 2 of the other.
    expect([...chart.replace(/^.*\n/, "").matchAll(/a/g)].length).toBeGreaterThan(6);
    expect([...chart.replace(/^.*\n/, "").matchAll(/b/g)].length).toBe(2);
  });

  it("writes the curves to a table or a picture", async () => {
    expect(await workspace.run("compare", "old", "short", "--out", "curves.csv")).toMatchObject({ code: 0 });
    const [head, ...rows] = readFileSync(workspace.path("curves.csv"), "utf8").trimEnd().split("\n");
    expect(head).toBe("run,iteration,wallTimeS,steps,trainingS,reward,velocityErrorX");
    expect(rows).toHaveLength(12 + 2);
    expect(rows[13]).toMatch(/^"short",2,\d+\.\d+,200,6,4,0\.5$/);
    const metric = ["--metric", "velocityErrorX", "--out", "curves.svg"];
    expect(await workspace.run("compare", "old", "short", ...metric)).toMatchObject({ code: 0 });
    const svg = readFileSync(workspace.path("curves.svg"), "utf8");
    const lines = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points.split(" "));
    expect(lines.map((points) => points.length)).toEqual([12, 2]);
    // Steps 100 to 1200 span x from 60 to 740; both start at the highest error, 1, at the top: y 60.
    expect(lines.map(([first]) => first)).toEqual(["60.0,60.0", "60.0,60.0"]);
    expect(lines[0][11]).toMatch(/^740\.0,/);
  });

  it("prints everything as one JSON document", async () => {
    const { stdout } = await workspace.run("compare", "old", "short", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        { name: "old", bestReward: 6.5, final: { reward: 6.3 } },
        { name: "short", evaluations: [EVALUATION], final: { reward: 3, velocityErrorX: 0.75 } },
      ],
      differences: { seed: [3, 1], "ppo.epochs": [4, 5] },
    });
  });

  it.each([
    ["one run", "old", /^gaitway: compare: got 1 runs, expected 2\.\.26\n$/],
    ["a run that there is not", "old none", /^gaitway: none: no such folder, and no run runs\/none\n$/],
    [
      "a run without metrics",
      "old empty/no-metrics",
      /^gaitway: empty\/no-metrics has no metrics: nothing to compare\n$/,
    ],
    [
      "a metric that there is not",
      "old short --metric joy",
      /^gaitway: --metric: got joy, expected one of iteration, reward, /,
    ],
    [
      "a file of another kind",
      "old short --out a.png",
      /^gaitway: --out: got a\.png, expected a file name that ends in /,
    ],
  ])("says what is wrong with %s", async (_name, args, message) => {
    const result = await workspace.run("compare", ...args.split(" "));
    expect(result).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(message) });
  });
});
