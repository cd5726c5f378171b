/** Tasks of one's own by the path of their module: the worked examples, and mistakes in them. */

import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { decodeBundle } from "../../policy/bundle/bundle.js";
import { Workspace } from "../support/command-line.js";

const example = (name: string) => fileURLToPath(new URL(`../examples/${name}/task.ts`, import.meta.url));
const TINY = ["--iterations", "2", "--envs", "16", "--workers", "2"];
const workspace = new Workspace();
afterAll(() => workspace.remove());

async function trainExample(name: string): Promise<Record<string, number>> {
  const { code, stderr } = await workspace.run("train", "--task", example(name), "--name", name, ...TINY);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const lines = readFileSync(workspace.path("runs", name, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n");
  return JSON.parse(lines.at(-1)!);
}

describe("the example tiptoe", () => {
  it("has its gait and its reward in training's metrics", async () => {
    const metrics = await trainExample("tiptoe");
    expect(metrics["gait/tiptoe/share"]).toBeGreaterThan(0.5);
    expect(metrics["reward/footClearance"]).toBeLessThan(0);
    const policy = decodeBundle(readFileSync(workspace.path("runs/tiptoe/policy.json"), "utf8"), "policy.json");
    expect(policy.task).toBe("tiptoe");
    expect(policy.gaits.at(-1)).toMatchObject({ id: "tiptoe", periodS: 0.6, dutyFactor: 0.7 });
  });

  it("is evaluated, exported with a check against ONNX, and resumed, from the code in its run's folder", async () => {
    const evaluation = await workspace.run("eval", "tiptoe", "--trials", "2", "--seconds", "2", "--json");
    expect(evaluation.code).toBe(0);
    const exported = await workspace.run("export", "tiptoe", "--out", "robot", "--json");
    expect(exported.code).toBe(0);
    const resumed = await workspace.run("train", "--resume", "runs/tiptoe", "--iterations", "3");
    expect(resumed.code).toBe(0);
    const metrics = readFileSync(workspace.path("runs/tiptoe/metrics.jsonl"), "utf8").trim().split("\n");
    expect(metrics).toHaveLength(3);
  });
});

describe("the example leg-load", () => {
  it("tells its policy a slice more, which needs the run's code from then on", async () => {
    await trainExample("leg-load");
    const policy = JSON.parse(readFileSync(workspace.path("runs/leg-load/policy.json"), "utf8"));
    expect(policy.observation.slices.at(-1)).toMatchObject({ name: "legLoad", size: 4 });
    expect(policy.layers[0]).toMatchObject({ inputs: policy.observation.actorSize, outputs: 160 });
    const evaluate = ["eval", "runs/leg-load", "--trials", "2", "--seconds", "2"];
    expect((await workspace.run(...evaluate)).code).toBe(0);
    renameSync(workspace.path("runs/leg-load/task.cjs"), workspace.path("task.cjs"));
    const { code, stderr } = await workspace.run(...evaluate);
    expect(code).toBe(1);
    expect(stderr).toMatch(/observation\.slices\.\d+\.name: got legLoad, expected a known slice/);
    renameSync(workspace.path("task.cjs"), workspace.path("runs/leg-load/task.cjs"));
  });

  it("cannot be exported to C, which says why", async () => {
    const { code, stderr } = await workspace.run("export", "runs/leg-load", "--format", "c", "--out", "c");
    expect(code).toBe(1);
    expect(stderr).toMatch(/observation\.slices: got legLoad, which has no C: expected slices that come along/);
    expect(existsSync(workspace.path("c"))).toBe(false);
  });
});

describe("the example ditches", () => {
  it("trains on its ground at its commands, and is scored there", async () => {
    const metrics = await trainExample("ditches");
    expect(metrics.velocityErrorX).toBeGreaterThan(0);
    const { code, stdout } = await workspace.run(
      ...["eval", "ditches", "--terrain", "ditches", "--level", "2", "--trials", "2", "--seconds", "2", "--json"],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ terrain: "ditches", level: 2 });
  });
});

describe("an own task", () => {
  it("is swept, and listed with what its config changes", async () => {
    workspace.write(
      "sweep.yaml",
      `config: { task: "${example("ditches")}", numEnvs: 8, workers: 1 }\nseeds: [1]\ngrid: { ppo.epochs: [2] }\niterations: 1\ntrials: 2\n`,
    );
    const { code, stderr } = await workspace.run("sweep", "sweep.yaml", "--name", "swept");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const listed = await workspace.run("runs", "--json");
    const tiptoe = JSON.parse(listed.stdout).find(({ name }: { name: string }) => name === "tiptoe");
    expect(tiptoe.changed).toMatchObject({ numEnvs: 16 });
  });
});

describe("a mistake in a task's module", () => {
  const module = (fields: string, head = "") =>
    `import { defineTask, rewardTerm, trot } from "gaitway";\n${head}export default defineTask({ name: "own", base: trot, ${fields} });\n`;
  const TERM = 'name: "own", size: 1, unit: "m", scale: 1, mirror: "same"';

  it.each([
    [
      "a reward that is NaN",
      module(
        'config: { env: { reward: { bad: 1 } } }, rewards: { bad: rewardTerm({ says: "x", of: () => Number.NaN }) }',
      ),
      /own\.ts: rewards\.bad: got NaN, expected a finite number/,
    ],
    [
      "a reward's name that is taken",
      module('rewards: { torque: rewardTerm({ says: "x", of: () => 0 }) }'),
      /own\.ts: rewards\.torque: got a second term of that name/,
    ],
    [
      "a slice's name that is taken",
      module(`observations: [{ ${TERM.replace("own", "command")}, of: () => {} }]`),
      /own\.ts: observations: got a second slice named command/,
    ],
    [
      "a slice of a wrong shape",
      module(`observations: [{ ${TERM}, values: () => new Float32Array(3) }]`),
      /observations\.own: got an array of 3 numbers, expected 8/,
    ],
    [
      "a weight of a term that there is not",
      module("config: { env: { reward: { hop: 1 } } }"),
      /own\.ts: config: unknown key env\.reward\.hop/,
    ],
    ["a syntax error", module("config: {{ }"), /own\.ts:2:\d+: /],
    ["no default export", "export const task = 1;\n", /own\.ts: default export: got nothing, expected a task/],
    [
      "an import that there is not",
      'import { defineTsk } from "gaitway";\nexport default defineTsk({});\n',
      /own\.ts: import of defineTsk: "gaitway" has no such export/,
    ],
    ["a field that there is not", module("colour: 3"), /own\.ts: unknown key colour/],
  ])("%s, is told in one line", async (_, text, message) => {
    workspace.write("own.ts", text);
    const { code, stderr } = await workspace.run(
      "train",
      "--task",
      "./own.ts",
      "--name",
      "own",
      "--envs",
      "8",
      "--workers",
      "1",
      "--iterations",
      "1",
    );
    expect(code).toBe(1);
    const told = stderr.split("\n").filter((line) => line.startsWith("gaitway: "));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(message);
    expect(existsSync(workspace.path("runs/own"))).toBe(false);
    rmSync(workspace.path("own.ts"));
  });
});

describe("gaitway init", () => {
  it("writes a folder whose task trains", async () => {
    const { code, stdout } = await workspace.run("init", "my-dog");
    expect(code).toBe(0);
    expect(stdout).toContain("npx gaitway train --task ./task.ts");
    const { dependencies } = JSON.parse(readFileSync(workspace.path("my-dog/package.json"), "utf8"));
    expect(dependencies.gaitway).toMatch(/^file:/);
    const trained = await workspace.run("train", "--task", "my-dog/task.ts", "--name", "dog", ...TINY);
    expect(trained.code).toBe(0);
  });

  it("leaves what is there alone", async () => {
    const { code, stderr } = await workspace.run("init", "my-dog");
    expect(code).toBe(1);
    expect(stderr).toContain("my-dog: is there already");
    expect((await workspace.run("init", "My Dog")).stderr).toMatch(/got My Dog, expected lower-case letters/);
  });
});
