import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iterationsIn, learnedState, type RunningCommand, Workspace, waitUntil } from "../support/command-line.js";

const ITERATIONS = 24;
const RUNS = ["01-seed-1", "01-seed-2", "02-seed-1", "02-seed-2", "03-seed-1", "03-seed-2", "04-seed-1", "04-seed-2"];
const SWEEP = `
config:
  network: { actorHidden: [8], criticHidden: [8] }
  ppo: { horizon: 4 }
  numEnvs: 4
  workers: 1
  checkpointEvery: 4
iterations: ${ITERATIONS}
trials: 0
seeds: [1, 2]
grid:
  ppo.epochs: [1, 2]
  env.terrain.kind: [flat, rough]
`;
const workspace = new Workspace();
afterAll(() => workspace.remove());

const runPath = (sweep: string, run: string) => workspace.path("runs", sweep, run);
const infoOf = (sweep: string, run: string) => JSON.parse(readFileSync(`${runPath(sweep, run)}/run.json`, "utf8"));

/** Every file of the runs, with the time when it was written last. */
function written(sweep: string, runs: readonly string[]): [path: string, timeMs: number][] {
  const files = runs.flatMap((run) =>
    readdirSync(runPath(sweep, run), { recursive: true }).map((file) => `${runPath(sweep, run)}/${file}`),
  );
  return files.map((path) => [path, statSync(path).mtimeMs]);
}

/** Waits until a run has made some iterations, and a checkpoint. */
function midway(sweep: string, run: string, command: RunningCommand): Promise<void> {
  return waitUntil(() => iterationsIn(runPath(sweep, run)).length >= 6, command);
}

interface SettingReport {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly runs: readonly { readonly name: string; readonly seed: number; readonly done: boolean }[];
  readonly metrics: Readonly<Record<string, { mean: number; interval: [number, number]; values: number[] }>>;
}

describe("gaitway sweep, interrupted and killed on its way through eight runs", () => {
  /** Files of the runs that were finished when the first sitting was stopped, and when the second was killed. */
  const finished: ReturnType<typeof written> = [];
  let beganAt: string;

  beforeAll(() => workspace.write("sweep.yaml", SWEEP));

  it("saves on Ctrl-C, and prints the command that goes on", async () => {
    const first = workspace.start("sweep", "sweep.yaml", "--name", "cut", "--json");
    await midway("cut", RUNS[2], first);
    first.child.kill("SIGINT");
    const { code, stdout, stderr } = await first.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^Sweep of 8 runs, 4 settings, into runs\/cut\n +\d+ % .* left {2}run 1 of 8, 01-seed-1 /);
    expect(stderr).toMatch(/^Resume with: node \S+ sweep --resume runs\/cut$/m);
    expect(JSON.parse(stdout)).toMatchObject({
      interrupted: true,
      settings: [{ runs: [{ done: true }, { done: true }] }, { runs: [{ done: false }, { done: false }] }, {}, {}],
    });
    expect(infoOf("cut", RUNS[2]).status).toBe("interrupted");
    finished.push(...written("cut", RUNS.slice(0, 2)));
    beganAt = infoOf("cut", RUNS[2]).createdAt;
  });

  it("goes on, until it is killed", async () => {
    const second = workspace.start("sweep", "--resume", "runs/cut");
    await midway("cut", RUNS[5], second);
    second.child.kill("SIGKILL");
    expect((await second.finished).code).toBeNull();
    finished.push(...written("cut", RUNS.slice(2, 5)));
  });

  it("repeats nothing that is finished, finishes what is not, and sums up over the seeds", async () => {
    const { code, stdout } = await workspace.run("sweep", "--resume", "runs/cut", "--json");
    expect(code).toBe(0);
    expect(written("cut", RUNS.slice(0, 5)).sort()).toEqual(finished.sort());
    expect(infoOf("cut", RUNS[2]).createdAt).toBe(beganAt);
    expect(readdirSync(workspace.path("runs", "cut")).sort()).toEqual([...RUNS, "sweep.yaml"]);
    for (const run of RUNS) {
      expect(infoOf("cut", run)).toMatchObject({ status: "finished", seed: Number(run.at(-1)) });
      expect(iterationsIn(runPath("cut", run))).toEqual(Array.from({ length: ITERATIONS }, (_, i) => i + 1));
    }
    const { sweep, interrupted, settings } = JSON.parse(stdout);
    expect({ sweep, interrupted }).toEqual({ sweep: "runs/cut", interrupted: false });
    expect(settings.map(({ fields }: SettingReport) => fields)).toEqual([
      { "ppo.epochs": 1, "env.terrain.kind": "flat" },
      { "ppo.epochs": 1, "env.terrain.kind": "rough" },
      { "ppo.epochs": 2, "env.terrain.kind": "flat" },
      { "ppo.epochs": 2, "env.terrain.kind": "rough" },
    ]);
    expect(settings[3].runs.map(({ name }: { name: string }) => name)).toEqual(["04-seed-1", "04-seed-2"]);
  });

  it("ends a run that was killed with the weights that it has if nothing interrupts it", async () => {
    const run = RUNS[5];
    const args = ["--config", `runs/cut/${run}/config.yaml`, "--iterations", String(ITERATIONS), "--name", run];
    expect(await workspace.run("train", ...args)).toMatchObject({ code: 0 });
    expect(learnedState(runPath("cut", run))).toEqual(learnedState(workspace.path("runs", run)));
  });

  it("shows the finished sweep again, as a table", async () => {
    const before = written("cut", RUNS).sort();
    const { code, stdout } = await workspace.run("sweep", "--resume", "runs/cut");
    expect(code).toBe(0);
    expect(stdout).toMatch(/ppo\.epochs=1 env\.terrain\.kind=flat +│ 2 of 2 │ [\d.]+ \(-?[\d.]+ to [\d.]+\) +│/);
    expect(written("cut", RUNS).sort()).toEqual(before);
  });
});

/** The settings of `SWEEP` with both seeds and nothing else varied, evaluated in so many trials. */
function seedsOnly(trials: number): string {
  return SWEEP.slice(0, SWEEP.indexOf("grid:")).replace("trials: 0", `trials: ${trials}`);
}

it("evaluates each run, and sums up over the seeds", async () => {
  workspace.write("tried.yaml", seedsOnly(2));
  const { code, stdout } = await workspace.run("sweep", "tried.yaml", "--name", "tried", "--json");
  expect(code).toBe(0);
  const [{ runs, metrics }]: SettingReport[] = JSON.parse(stdout).settings;
  expect(runs).toEqual([
    { name: "01-seed-1", seed: 1, done: true },
    { name: "01-seed-2", seed: 2, done: true },
  ]);
  const evaluations = runs.map(({ name }) => {
    return JSON.parse(readFileSync(`${runPath("tried", name)}/evaluation.json`, "utf8"))[0];
  });
  expect(evaluations[0]).toMatchObject({ terrain: "rough", level: 2, trials: 2 });
  const [a, b] = evaluations.map(({ velocityErrorX }) => velocityErrorX);
  const { mean, interval, values } = metrics["eval/velocityErrorX"];
  expect(values).toEqual([a, b]);
  expect(mean).toBeCloseTo((a + b) / 2, 12);
  // Of two values the standard error is half their distance; t of one degree of freedom is 12.706.
  expect(interval[1] - mean).toBeCloseTo((12.706 * Math.abs(a - b)) / 2, 4);
});

it("keeps a second process off a sweep, and Ctrl-C ends an evaluation at once, which is made up for later", async () => {
  workspace.write("long.yaml", seedsOnly(2000));
  const first = workspace.start("sweep", "long.yaml", "--name", "long");
  await waitUntil(
    () => existsSync(`${runPath("long", RUNS[0])}/run.json`) && infoOf("long", RUNS[0]).status === "finished",
    first,
  );
  expect(await workspace.run("sweep", "--resume", "runs/long")).toEqual({
    ...{ code: 1, stdout: "" },
    stderr: `gaitway: runs/long is being trained by process ${first.child.pid}; if it is not, delete runs/long/run.lock\n`,
  });
  first.child.kill("SIGINT");
  const { code, stderr } = await first.finished;
  expect(code).toBe(130);
  expect(stderr).toMatch(/^Resume with: .* sweep --resume runs\/long$/m);
  expect(stderr).not.toContain("warning");
  expect(existsSync(`${runPath("long", RUNS[0])}/evaluation.json`)).toBe(false);
  expect(existsSync(runPath("long", RUNS[1]))).toBe(false);
});

it("a run that fails is told, and does not keep the others from running", async () => {
  workspace.write("seeds.yaml", seedsOnly(0));
  const first = workspace.start("sweep", "seeds.yaml", "--name", "failing");
  await midway("failing", "01-seed-1", first);
  first.child.kill("SIGKILL");
  await first.finished;
  workspace.write("runs/failing/01-seed-1/run.json", "{");
  const { code, stdout, stderr } = await workspace.run("sweep", "--resume", "runs/failing", "--json");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^warning: runs\/failing\/01-seed-1: .* its run\.json is broken$/m);
  expect(JSON.parse(stdout).settings[0].runs).toMatchObject([{ done: false }, { seed: 2, done: true }]);
});
