import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { iterationsIn, learnedState, waitUntil } from "../support/command-line.js";
import { SmallRuns } from "../support/small-runs.js";

const runs = new SmallRuns(1);
let uninterrupted: ReturnType<typeof learnedState>;

beforeAll(async () => {
  expect(await runs.train("whole").finished).toMatchObject({ code: 0 });
  uninterrupted = learnedState(runs.path("runs", "whole"));
});
afterAll(() => runs.remove());

/** Goes on with a run, and expects it to end as the one that never stopped. Returns what it told on stderr. */
async function expectSameEnd(name: string): Promise<string> {
  const { code, stderr } = await runs.resume(name).finished;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const path = runs.path("runs", name);
  expect(learnedState(path)).toEqual(uninterrupted);
  expect(iterationsIn(path)).toEqual([1, 2, 3, 4, 5, 6]);
  const files = readdirSync(path, { recursive: true, encoding: "utf8" });
  expect(files.filter((file) => /\.tmp$|\.lock$/.test(file))).toEqual([]);
  // A run's best checkpoint is whole, and the one that its run.json tells of.
  const best = JSON.parse(readFileSync(runs.path("runs", "whole", "run.json"), "utf8")).best;
  expect(JSON.parse(readFileSync(`${path}/run.json`, "utf8")).best).toEqual(best);
  return stderr;
}

/** Steps of writing the second checkpoint: open, write, fsync, close, rename, open the folder, fsync it, close it. */
const WRITE_STEPS = [
  { name: "before its file is opened", step: 0 },
  { name: "before a byte is written", step: 1 },
  { name: "half-written", step: 1, half: true },
  { name: "before it is on the disk", step: 2 },
  { name: "before it has its name", step: 4 },
  { name: "before its name is on the disk", step: 6 },
] as const;

describe("a run that is killed while it writes a checkpoint", () => {
  it.each(WRITE_STEPS)("$name, goes on as if nothing had happened", async ({ step, name: _, ...half }) => {
    const name = `killed-${step}${"half" in half ? "-half" : ""}`;
    const fault = { kind: "signal", signal: "SIGKILL", file: "000004.ckpt", step, ...half } as const;
    expect((await runs.trainFaulty(fault, name).finished).code).toBeNull();
    expect(existsSync(runs.path("runs", name, "run.lock"))).toBe(true);
    expect(learnedState(runs.path("runs", name)).iteration).toBe(step < 5 ? 2 : 4);
    await expectSameEnd(name);
  });
});

describe("a SIGTERM while a checkpoint is being written", () => {
  it("lets it be written whole, and ends the run after the next iteration", async () => {
    const fault = { kind: "signal", signal: "SIGTERM", file: "000002.ckpt", step: 2 } as const;
    const { code, stderr } = await runs.trainFaulty(fault, "terminated", 100_000).finished;
    expect(code).toBe(143);
    expect(stderr).toMatch(/^Resume with: node \S+ train --resume runs\/terminated --iterations 100000$/m);
    const path = runs.path("runs", "terminated");
    expect(JSON.parse(readFileSync(`${path}/run.json`, "utf8")).status).toBe("interrupted");
    // No half of one is left. (The signal takes a few iterations, after which the second one's may be among the old.)
    for (const file of readdirSync(`${path}/checkpoints`)) expect(file).toMatch(/^\d{6}\.ckpt$/);
    const { iteration } = learnedState(path);
    expect(iterationsIn(path)).toHaveLength(iteration);
    expect(await runs.resume("terminated", iteration + 2).finished).toMatchObject({ code: 0 });
    expect(learnedState(path).iteration).toBe(iteration + 2);
  });
});

describe("a newest checkpoint that is", () => {
  const newest = (name: string) => runs.path("runs", name, "checkpoints", "000006.ckpt");
  const DAMAGES: Readonly<Record<string, readonly [(bytes: Uint8Array) => Uint8Array, RegExp]>> = {
    empty: [() => new Uint8Array(0), /is not a Gaitway checkpoint/],
    truncated: [(bytes) => bytes.subarray(0, bytes.length - 1000), /is cut short/],
    "bit-flipped": [(bytes) => bytes.map((byte, i) => (i === 2000 ? byte ^ 4 : byte)), /is damaged/],
  };

  it.each(Object.entries(DAMAGES))(
    "%s is told, set aside, and the one before taken",
    async (name, [damage, message]) => {
      cpSync(runs.path("runs", "whole"), runs.path("runs", name), { recursive: true });
      writeFileSync(newest(name), damage(readFileSync(newest(name))));
      const stderr = await expectSameEnd(name);
      expect(stderr).toMatch(/^warning: runs\/\S+000006\.ckpt is .*; taking runs\/\S+000004\.ckpt$/m);
      expect(stderr).toMatch(message);
      expect(readdirSync(runs.path("runs", name, "checkpoints")).sort()).toEqual([
        ...["000004.ckpt", "000006.ckpt", "000006.ckpt.damaged"],
      ]);
    },
  );
});

describe("a run whose terminal is closed", () => {
  it("saves, and ends with the exit code of the signal", async () => {
    const run = runs.train("hung-up", 100_000);
    await waitUntil(() => existsSync(runs.path("runs", "hung-up", "checkpoints", "000002.ckpt")), run);
    // Nobody reads any more what it tells.
    run.child.stdout!.destroy();
    run.child.stderr!.destroy();
    run.child.kill("SIGHUP");
    expect((await run.finished).code).toBe(129);
    const path = runs.path("runs", "hung-up");
    expect(JSON.parse(readFileSync(`${path}/run.json`, "utf8")).status).toBe("interrupted");
    expect(iterationsIn(path)).toHaveLength(learnedState(path).iteration);
  });
});

/** What `gaitway runs` says of each run. */
async function statusesInList(): Promise<Record<string, string>> {
  const { stdout } = await runs.run("runs", "--json");
  return Object.fromEntries(JSON.parse(stdout).map(({ name, status }: Record<string, string>) => [name, status]));
}

describe("a run that is killed between its last checkpoint and its end", () => {
  it("is finished by the same command, without another iteration", async () => {
    cpSync(runs.path("runs", "whole"), runs.path("runs", "unfinished"), { recursive: true });
    const path = runs.path("runs", "unfinished", "run.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"finished"', '"running"'));
    await expectSameEnd("unfinished");
    expect(JSON.parse(readFileSync(path, "utf8")).status).toBe("finished");
    const { code, stderr } = await runs.resume("unfinished").finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gaitway: runs\/unfinished has had 6 iterations and \S+ minutes already: give larger /);
  });
});

describe("a run that another process trains", () => {
  it("is left alone, until that process is dead", async () => {
    const long = runs.train("busy", 100_000);
    await waitUntil(() => existsSync(runs.path("runs", "busy", "checkpoints", "000002.ckpt")), long);
    expect(await statusesInList()).toMatchObject({ busy: "running", whole: "finished" });
    const { code, stderr } = await runs.resume("busy", 100_000).finished;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `gaitway: runs/busy is being trained by process ${long.child.pid}; if it is not, delete runs/busy/run.lock\n`,
    });
    long.child.kill("SIGKILL");
    await long.finished;
    expect(await statusesInList()).toMatchObject({ busy: "interrupted", whole: "finished" });
    const done = learnedState(runs.path("runs", "busy")).iteration;
    const resumed = await runs.resume("busy", done + 2).finished;
    expect(resumed).toMatchObject({ code: 0 });
    expect(learnedState(runs.path("runs", "busy")).iteration).toBe(done + 2);
  });
});
