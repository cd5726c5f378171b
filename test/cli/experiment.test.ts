import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { EXPERIMENTS } from "../../policy/evaluation/experiments.js";
import { Workspace, waitUntil } from "../support/command-line.js";
import { freshBundle } from "../support/fresh-bundle.js";

const workspace = new Workspace();
beforeAll(() => {
  const bundle = freshBundle();
  workspace.write("fresh.json", encodeBundle(bundle));
  workspace.write("legless.json", encodeBundle({ ...bundle, robot: { ...bundle.robot, urdf: "<robot/>" } }));
});
afterAll(() => workspace.remove());

const FIGURES = {
  falls: expect.any(Number),
  fallRateInterval: [expect.any(Number), expect.any(Number)],
  ...{ velocityErrorX: expect.any(Number), velocityErrorY: expect.any(Number), yawRateError: expect.any(Number) },
  ...{ contactErrorPercent: expect.any(Number), torqueSaturationPercent: expect.any(Number) },
  driftM: expect.any(Number),
  footfalls: [expect.objectContaining({ gait: "trot", dutyFactor: expect.any(Array) })],
};

describe("gaitway experiment E1", () => {
  const run = (workers: number, out: string) =>
    workspace.run(
      ...["experiment", "E1", "--policies", "full=fresh.json", "--trials", "3", "--seed", "5", "--json"],
      ...["--workers", String(workers), "--out", out],
    );
  let stdout: string;
  beforeAll(async () => {
    const result = await run(2, "reports/two");
    expect(result.code).toBe(0);
    stdout = result.stdout;
  });

  it("--json prints one document: a row per policy, terrain and level", () => {
    const { experiment, seed, results } = JSON.parse(stdout);
    expect({ experiment, seed }).toEqual({ experiment: "E1", seed: 5 });
    const cells = [0, 1, 2, 3].map((level) => ({ terrain: level === 0 ? "flat" : "rough", level, trials: 1 }));
    expect(results).toMatchObject(
      ["full", "gaitMemoryAlone"].flatMap((policy) => cells.map((cell) => ({ policy, ...cell, ...FIGURES }))),
    );
  });

  it("reports the same with one thread", async () => {
    expect((await run(1, "reports/one")).stdout).toBe(stdout);
    expect(readFileSync(workspace.path("reports/one/results.csv"))).toEqual(
      readFileSync(workspace.path("reports/two/results.csv")),
    );
  });

  it("leaves a report with the published figures, charts and tables", () => {
    const folder = workspace.path("reports/two");
    expect(readdirSync(folder).sort()).toEqual(
      ["failures.svg", "velocity-error-x.svg", "results.csv", "results.json", "report.md"].sort(),
    );
    const report = readFileSync(`${folder}/report.md`, "utf8");
    // Failures and intervals of four trials, then the published 0 %, .080 m/s, .055 rad/s, 12.2 %.
    expect(report).toMatch(
      /\| full \| [\d.]+ \| [\d.]+ to [\d.]+ % \| 0\.0 \| [\d.]+ \| 0\.080 \| [\d.]+ \| 0\.055 \|/,
    );
    expect(report).toMatch(/\| full \| rough 3 \| \d of 1 \|/);
    expect(report).toMatch(/\| full \| all \| \d of 4 \|/);
    expect(report).toMatch(/\| gait memory alone \| all \| \d of 4 \|/);
    for (const [, chart] of report.matchAll(/\]\(([\w-]+\.svg)\)/g))
      expect(existsSync(`${folder}/${chart}`)).toBe(true);
    expect(JSON.parse(readFileSync(`${folder}/results.json`, "utf8"))).toEqual(JSON.parse(stdout));
    expect(readFileSync(`${folder}/results.csv`, "utf8").trimEnd().split("\n")).toHaveLength(1 + 8);
  });
});

describe("gaitway experiment", () => {
  it("prints a table, and puts the report among the runs", async () => {
    const { code, stdout } = await workspace.run("experiment", "pushes", "--policies", "a=fresh.json", "--trials", "2");
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ a +│ flat +│ \d of 2 +│/);
    const [, path] = /^Report: (runs\/experiments\/[\dT-]+-pushes\/report\.md)$/m.exec(stdout)!;
    expect(existsSync(workspace.path(path))).toBe(true);
  });

  it("ends with exit code 130 on Ctrl-C, and leaves no report", async () => {
    const running = workspace.start("experiment", "E1", "--policies", "a=fresh.json", "--out", "reports/stopped");
    let stderr = "";
    running.child.stderr!.on("data", (part) => {
      stderr += part;
    });
    await waitUntil(() => stderr.includes("%"), running);
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 130, stdout: "" });
    expect(existsSync(workspace.path("reports/stopped"))).toBe(false);
  });

  const FAULTS: Readonly<Record<string, readonly [args: string, message: RegExp]>> = {
    "an unknown experiment": ["E9", new RegExp(`Choices: ${EXPERIMENTS.map(({ id }) => `"${id}"`).join(", ")}$`)],
    "an unknown policy": [
      "E1 --policies half",
      /^half: no such file or folder, and no run runs\/half; .* trot, locomotion, gait-selection$/,
    ],
    "a path without a name": ["E1 --policies ./fresh.json", /^--policies: got ".\/fresh.json", expected a policy's /],
    "a name twice": ["E1 --policies a=fresh.json,a=fresh.json", /^--policies: got a twice; /],
    "the gait memory's name": ["E1 --policies gaitMemoryAlone=fresh.json", /^--policies: got gaitMemoryAlone twice; /],
    "a policy that is not there": ["E1 --policies a=none", /^none: no such file or folder, and no run /],
    "a policy that lacks gaits": [
      "E4 --policies a=fresh.json",
      /^policy a knows trot; E4 needs run, pronk, bound, limp, hop, amble, stand, too$/,
    ],
    "a policy that lacks gaits to choose from": [
      "E2 --policies a=fresh.json",
      /^policy a knows trot; E2 needs run, bound, pronk, limp, amble, hop, too$/,
    ],
    "a folder that is taken": [
      "E1 --policies a=fresh.json --out reports",
      /^cannot make reports: file already exists$/,
    ],
    "no trials": ["E1 --policies a=fresh.json --trials 0", /^--trials: got 0, expected a whole number from 1 on$/],
    "no threads": ["E1 --policies a=fresh.json --workers 0", /^--workers: got 0, expected a whole number from 1 on$/],
    "a thread that fails": [
      "standing --policies a=legless.json --trials 1 --out crash",
      /^a thread failed: a1\.urdf: /,
    ],
  };

  it.each(Object.entries(FAULTS))(
    "answers %s with one line, exit code 1, and nothing written",
    async (_, [args, message]) => {
      const before = readdirSync(workspace.folder);
      const { code, stdout, stderr } = await workspace.run("experiment", ...args.split(" "));
      expect(stderr).toMatch(/^gaitway: [^\n]+\n$/);
      expect(stderr.slice("gaitway: ".length, -1)).toMatch(message);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(readdirSync(workspace.folder)).toEqual(before);
    },
  );
});
