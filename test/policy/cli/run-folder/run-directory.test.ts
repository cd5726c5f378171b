import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunDirectory } from "../../../../policy/cli/run-folder/run-directory.js";
import { InputError } from "../../../../sim/errors.js";
import { type ReadEvent, readEventFile } from "../../../support/tensorboard-reader.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gaitway-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

const create = (name?: string) => RunDirectory.create(root, { seed: 3, task: "walk" }, name);

function expectInputError(action: () => unknown, message: string): void {
  expect(action).toThrow(InputError);
  expect(action).toThrow(message);
}

/** What the run's only event file holds. */
function eventsOf(run: RunDirectory): ReadEvent[] {
  const names = readdirSync(run.path).filter((name) => /^events\.out\.tfevents\.\d+\.gaitway$/.test(name));
  expect(names.length).toBe(1);
  return readEventFile(readFileSync(join(run.path, names[0]!)));
}

describe("RunDirectory", () => {
  it("remembers where it comes from", () => {
    const run = create("first");
    expect(run.id).toBe("first");
    run.setStatus("finished");
    const { createdAt, gitSha, ...rest } = RunDirectory.open(join(root, "first")).info;
    expect(rest).toEqual({
      seed: 3,
      task: "walk",
      taskPath: null,
      from: null,
      status: "finished",
      best: null,
      gaitwayVersion: expect.stringMatching(/^\d+\./),
    });
    expect(Date.now() - Date.parse(createdAt)).toBeLessThan(60_000);
    expect(gitSha === null || /^[0-9a-f]{40}$/.test(gitSha)).toBe(true);
  });

  it("names runs after the time and the task, and keeps two of one second apart", () => {
    vi.useFakeTimers({ now: Date.UTC(2025, 1, 3, 4, 5, 6) });
    expect([create().id, create().id, create().id]).toEqual([
      "2025-02-03T04-05-06-walk",
      "2025-02-03T04-05-06-walk-2",
      "2025-02-03T04-05-06-walk-3",
    ]);
  });

  it("finds the latest run by its time, past folders that are no runs", () => {
    expect(RunDirectory.latest(join(root, "none"))).toBeNull();
    mkdirSync(join(root, "zzz"));
    expect(RunDirectory.latest(root)).toBeNull();
    vi.useFakeTimers({ now: 1000 });
    create("b");
    vi.setSystemTime(2000);
    create("a");
    expect(RunDirectory.latest(root)?.id).toBe("a");
  });

  it("keeps whole files", () => {
    const run = create("files");
    run.writeFile("config.yaml", "seed: 3\n");
    expect(run.readFile("config.yaml")).toBe("seed: 3\n");
    expectInputError(() => run.readFile("policy.json"), `cannot read ${join(run.path, "policy.json")}: no such file`);
  });

  it("finds the checkpoint of the highest iteration", () => {
    const run = create("checkpoints");
    expect(run.latestCheckpoint()).toBeNull();
    expect(run.writeCheckpoint(20, new Uint8Array([1]))).toBe(join(run.path, "checkpoints", "000020.ckpt"));
    run.writeCheckpoint(1_000_000, new Uint8Array([2]));
    run.writeCheckpoint(999_999, new Uint8Array([3]));
    writeFileSync(join(run.path, "checkpoints", "2000000.ckpt.77.tmp"), "half");
    const latest = run.latestCheckpoint();
    expect(latest?.iteration).toBe(1_000_000);
    expect([...readFileSync(latest!.path)]).toEqual([2]);
  });

  it("keeps as many of the newest checkpoints as asked", () => {
    const run = create("few");
    for (const iteration of [8, 9, 10, 11]) run.writeCheckpoint(iteration, new Uint8Array([iteration]), 2);
    expect(readdirSync(join(run.path, "checkpoints"))).toEqual(["000010.ckpt", "000011.ckpt"]);
    expect(run.checkpoints().map(({ iteration }) => iteration)).toEqual([11, 10]);
  });

  it("keeps the checkpoint with the highest score as the best one, also after it was opened again", () => {
    const run = create("best");
    const best = () => ({
      bytes: [...readFileSync(join(run.path, "best.ckpt"))],
      ...RunDirectory.open(run.path).info.best,
    });
    run.writeIfBest(10, new Uint8Array([1]), Number.NaN);
    expect(existsSync(join(run.path, "best.ckpt"))).toBe(false);
    run.writeIfBest(20, new Uint8Array([2]), -1);
    expect(best()).toEqual({ bytes: [2], iteration: 20, score: -1 });
    run.writeIfBest(40, new Uint8Array([4]), 3);
    run.writeIfBest(60, new Uint8Array([6]), 3);
    run.setStatus("interrupted");
    RunDirectory.open(run.path).writeIfBest(80, new Uint8Array([8]), 2);
    expect(best()).toEqual({ bytes: [4], iteration: 40, score: 3 });
  });

  it("sets later checkpoints aside on resume, which are damaged, and deletes half-written files", () => {
    const run = create("damaged");
    for (const iteration of [2, 4]) run.writeCheckpoint(iteration, new Uint8Array([iteration]));
    for (const file of ["policy.json.77.tmp", "checkpoints/000006.ckpt.77.tmp"])
      writeFileSync(join(run.path, file), "half");
    run.rewind(2);
    expect(readdirSync(join(run.path, "checkpoints"))).toEqual(["000002.ckpt", "000004.ckpt.damaged"]);
    expect(readdirSync(run.path).filter((file) => file.endsWith(".tmp"))).toEqual([]);
  });

  it("lists episodes", () => {
    const run = create("episodes");
    expect(run.episodes()).toEqual([]);
    run.writeEpisode("trot-0.5", new Uint8Array([1]));
    run.writeEpisode("pace-0.5", new Uint8Array([2]));
    expect(run.episodes().map(({ name }) => name)).toEqual(["pace-0.5", "trot-0.5"]);
    expectInputError(() => run.writeEpisode("../escape", new Uint8Array(0)), "name '../escape'");
  });
});

describe("metrics", () => {
  it("are rows of metrics.jsonl and TensorBoard events", () => {
    const run = create("metrics");
    expect(run.readMetrics()).toEqual([]);
    run.writeMetrics({ iteration: 1, reward: 0.5 });
    run.writeMetrics({ iteration: 2, reward: Number.NaN });
    expect(run.readMetrics()).toEqual([
      { iteration: 1, reward: 0.5, wallTimeS: expect.any(Number) },
      { iteration: 2, reward: Number.NaN, wallTimeS: expect.any(Number) },
    ]);
    const [version, ...events] = eventsOf(run);
    expect(version).toMatchObject({ fileVersion: "brain.Event:2", values: {} });
    const wallTimeS = run.readMetrics().map((row) => row.wallTimeS);
    expect(events).toEqual([
      { wallTimeS: wallTimeS[0], step: 1, fileVersion: undefined, values: { reward: 0.5 } },
      { wallTimeS: wallTimeS[1], step: 2, fileVersion: undefined, values: { reward: Number.NaN } },
    ]);
  });

  it("begin with the run's config, for TensorBoard's page of texts", () => {
    const run = create("with-config");
    run.writeFile("config.yaml", "seed: 3\nppo:\n  clip: 0.2\n");
    run.writeMetrics({ iteration: 1, reward: 0.5 });
    const [, config, row] = eventsOf(run);
    // Four spaces make a block of code in Markdown.
    expect(config.values.config).toMatch(/^ {4}seed: 3\n {4}ppo:\n {6}clip: 0\.2\n/);
    expect(row.values).toEqual({ reward: 0.5 });
  });

  it("are cut back to the checkpoint on resume, torn last line included", () => {
    const killed = create("resumed");
    for (let iteration = 1; iteration <= 5; iteration++) killed.writeMetrics({ iteration, reward: iteration });
    appendFileSync(join(killed.path, "metrics.jsonl"), '{"iteration":6,"rew');

    const resumed = RunDirectory.open(killed.path);
    expect(resumed.readMetrics().map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5]);
    resumed.rewind(3);
    for (let iteration = 4; iteration <= 6; iteration++) resumed.writeMetrics({ iteration, reward: 0 });
    expect(resumed.readMetrics().map(({ reward }) => reward)).toEqual([1, 2, 3, 0, 0, 0]);
    expect(eventsOf(resumed).map(({ step, values }) => [step, values.reward])).toEqual([
      [0, undefined],
      ...[1, 2, 3].map((iteration) => [iteration, iteration]),
      ...[4, 5, 6].map((iteration) => [iteration, 0]),
    ]);
  });

  it("are read on from where the last reading ended, whole rows only", () => {
    const run = create("followed");
    expect(run.readMetricsFrom(0)).toEqual({ rows: [], nextByte: 0 });
    run.writeMetrics({ iteration: 1, reward: 1 });
    const first = run.readMetricsFrom(0);
    expect(first.rows.map(({ iteration }) => iteration)).toEqual([1]);
    appendFileSync(join(run.path, "metrics.jsonl"), '{"iteration":2,"rew');
    expect(run.readMetricsFrom(first.nextByte)).toEqual({ rows: [], nextByte: first.nextByte });
    appendFileSync(join(run.path, "metrics.jsonl"), 'ard":2,"wallTimeS":9}\n');
    const second = run.readMetricsFrom(first.nextByte);
    expect(second.rows).toEqual([{ iteration: 2, reward: 2, wallTimeS: 9 }]);
    // Cut back, the file is shorter than what was read: all of it is news.
    run.rewind(1);
    expect(run.readMetricsFrom(second.nextByte)).toEqual(first);
  });

  it("survive the loss of everything but the torn line", () => {
    const run = create("torn");
    writeFileSync(join(run.path, "metrics.jsonl"), '{"iter');
    run.rewind(0);
    expect(readFileSync(join(run.path, "metrics.jsonl"), "utf8")).toBe("");
  });
});

describe("run directory errors", () => {
  it("name what is wrong with the folder", () => {
    const path = join(root, "x");
    expectInputError(() => RunDirectory.open(path), `${path}: no such folder`);
    mkdirSync(path);
    expectInputError(() => RunDirectory.open(path), `${path} is not a run: it has no run.json`);
    writeFileSync(join(path, "run.json"), "{}");
    expectInputError(() => RunDirectory.open(path), `${path} is not a run: its run.json is broken`);
  });

  it("name a name that cannot be had", () => {
    create("taken");
    expectInputError(() => create("taken"), `${join(root, "taken")} exists already`);
    for (const name of ["", "../out", ".hidden", "a/b", "-rf"]) expectInputError(() => create(name), `name '${name}'`);
  });

  it("say that a folder cannot be written", () => {
    writeFileSync(join(root, "file"), "");
    const under = join(root, "file");
    const make = () => RunDirectory.create(under, { seed: 1, task: "walk" }, "run");
    expectInputError(make, `cannot make ${join(under, "run")}: not a directory`);
    const run = create("gone");
    rmSync(run.path, { recursive: true });
    expectInputError(() => run.writeMetrics({ iteration: 1 }), "cannot write");
    expectInputError(() => run.writeCheckpoint(1, new Uint8Array(1)), "no such file or directory");
  });
});
