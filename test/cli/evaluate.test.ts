import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TERRAIN_KINDS } from "../../sim/terrain/kinds.js";
import { Workspace, waitUntil } from "../support/command-line.js";

const workspace = new Workspace();

beforeAll(async () => {
  workspace.write("small.yaml", "network: { actorHidden: [8], criticHidden: [8] }\nppo: { horizon: 4 }\n");
  const budget = ["--envs", "4", "--workers", "1", "--iterations", "1"];
  expect(await workspace.run("train", "--config", "small.yaml", ...budget, "--name", "r")).toMatchObject({ code: 0 });
});
afterAll(() => workspace.remove());

/** Figures of a score, all of them numbers. */
const SCORE = {
  falls: expect.any(Number),
  fallRateInterval: [expect.any(Number), expect.any(Number)],
  velocityErrorX: expect.any(Number),
  velocityErrorY: expect.any(Number),
  yawRateError: expect.any(Number),
  contactErrorPercent: expect.any(Number),
  costOfTransport: expect.any(Number),
  torqueSaturationPercent: expect.any(Number),
};

describe("gaitway eval", () => {
  const TRIALS = ["--trials", "4", "--seconds", "2"];

  it("--json prints one document, whatever names the policy, and keeps it in the run", async () => {
    const first = await workspace.run("eval", "runs/r", "--terrain", "flat", ...TRIALS, "--json");
    expect(first.code).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({ terrain: "flat", level: 0, trials: 4, ...SCORE, gaitMemoryAlone: SCORE });
    expect(report.falls).toBeLessThanOrEqual(4);
    expect(JSON.parse(readFileSync(workspace.path("runs/r/evaluation.json"), "utf8"))).toEqual([report]);
    // The newest run's policy and checkpoint are the same one, and the same trials come out the same.
    for (const source of [[], ["runs/r/policy.json"], ["runs/r/checkpoints/000001.ckpt"]]) {
      const again = await workspace.run("eval", ...source, "--terrain", "flat", ...TRIALS, "--json");
      expect(again.stdout).toBe(first.stdout);
    }
  });

  it("--terrain all scores every kind, flat ground once, others at the level given", async () => {
    const all = ["eval", "runs/r", "--terrain", "all", "--level", "1", "--trials", "2", "--seconds", "1.1"];
    const { stdout } = await workspace.run(...all, "--json");
    const reports: { terrain: string; level: number }[] = JSON.parse(stdout);
    expect(reports.map(({ terrain, level }) => `${terrain} ${level}`)).toEqual(
      TERRAIN_KINDS.map((kind) => (kind === "flat" ? "flat 0" : `${kind} 1`)),
    );
    for (const report of reports)
      expect(report).toMatchObject({ trials: 2, falls: expect.any(Number), gaitMemoryAlone: {} });
    expect(JSON.parse(readFileSync(workspace.path("runs/r/evaluation.json"), "utf8"))).toEqual(reports);
    const table = await workspace.run(...all);
    expect(table.stdout).toMatch(/policy +│ gait memory alone/);
    expect(table.stdout).toMatch(/\n│ stairs-up 1 +│ \d of 2 +│/);
  });

  it("--gait walks in that one, if the policy knows it", async () => {
    const known = await workspace.run("eval", "runs/r", "--gait", "trot", ...TRIALS, "--json");
    expect(JSON.parse(known.stdout)).toMatchObject({ gait: "trot", ...SCORE });
    const { code, stderr } = await workspace.run("eval", "runs/r", "--gait", "amble", ...TRIALS);
    expect(code).toBe(1);
    expect(stderr).toBe("gaitway: --gait: got amble, expected a gait that the policy knows: trot\n");
  });

  it("prints a table for people", async () => {
    const { stdout, stderr } = await workspace.run("eval", ...TRIALS);
    expect(stderr).toContain("Evaluating runs/r\n");
    expect(stdout).toMatch(/rough 2: policy.*gait memory alone/);
    expect(stdout).toMatch(/falls +│ \d of 4 +│ \d of 4/);
  });
});

describe("gaitway view", () => {
  it.each([
    ["in words", [], /^Viewer: (\S+)#run=r$/m],
    ["as JSON", ["--json"], /^\{"viewer":"(\S+)#run=r"\}\n$/],
  ])("serves the run's page until Ctrl-C, and tells its address %s", async (_how, flags, address) => {
    const viewing = workspace.start("view", "--no-open", "--port", "0", ...flags);
    let stdout = "";
    viewing.child.stdout!.on("data", (part) => {
      stdout += part;
    });
    await waitUntil(() => stdout.includes("\n"), viewing);
    const url = address.exec(stdout)![1];
    expect(await (await fetch(url)).text()).toContain("<title>Gaitway</title>");
    expect(await (await fetch(`${url}api/runs.json`)).json()).toEqual({ runs: [{ id: "r", hasPolicy: true }] });
    viewing.child.kill("SIGINT");
    expect((await viewing.finished).code).toBe(0);
  });
});

describe("gaitway quickstart", () => {
  it("trains, tries the policy on two grounds, and records episodes", async () => {
    const args = ["--minutes", "0.01", "--trials", "3", "--runs", "quick", "--no-view", "--json"];
    const { code, stdout } = await workspace.run("quickstart", ...args);
    expect(code).toBe(0);
    const { run, evaluations } = JSON.parse(stdout);
    expect(evaluations).toMatchObject([
      { terrain: "rough", level: 2, trials: 3, trialS: 10, ...SCORE, gaitMemoryAlone: SCORE },
      { terrain: "flat", level: 0, trials: 3, trialS: 10, ...SCORE, gaitMemoryAlone: SCORE },
    ]);
    expect(JSON.parse(readFileSync(workspace.path(run, "evaluation.json"), "utf8"))).toEqual(evaluations);
    const names = readdirSync(workspace.path(run, "episodes"));
    for (const name of ["rough-2-policy-001.episode", "flat-gaitMemoryAlone-002.episode"])
      expect(names).toContain(name);
  });
});
