import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, iterationsIn, learnedState } from "../support/command-line.js";
import type { ThreadFault } from "../support/faults.js";
import { ITERATIONS, SmallRuns } from "../support/small-runs.js";

const runs = new SmallRuns(2);
let sound: ReturnType<typeof learnedState>;

beforeAll(async () => {
  expect(await runs.train("sound").finished).toMatchObject({ code: 0 });
  sound = learnedState(runs.path("runs", "sound"));
});
afterAll(() => runs.remove());

const status = (name: string) => JSON.parse(readFileSync(runs.path("runs", name, "run.json"), "utf8")).status;

/** One figure of all iterations. */
function figures(name: string, figure: string): number[] {
  const lines = readFileSync(runs.path("runs", name, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line)[figure]);
}

function trainWith(fault: ThreadFault, name: string, iterations?: number): Promise<CommandResult> {
  return runs.trainFaulty(fault, name, iterations).finished;
}

const CRASHES = [
  ["throw", /^warning: a fault that a test has made; going on from iteration 4$/m],
  ["exit", /^warning: training thread 1 ended with code 0 before its work was done; going on from iteration 4$/m],
  ["hang", /^warning: training thread 1 hangs: no sign of life for \d+ s; going on from iteration 4$/m],
] as const;

describe("a training thread with an accident", () => {
  it.each(CRASHES)("(%s) is started again from the last checkpoint, and nothing is lost", async (kind, warning) => {
    const once = runs.path(`${kind}-happened`);
    // Thread 0 tells of the checkpoint, so the accident comes an iteration later: word of one in the next can come before it.
    const { code, stderr } = await trainWith({ kind, thread: 1, iteration: 6, once }, kind);
    expect(stderr).toMatch(warning);
    expect(code).toBe(0);
    expect(learnedState(runs.path("runs", kind))).toEqual(sound);
    expect(iterationsIn(runs.path("runs", kind))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(status(kind)).toBe("finished");
  });

  it("starts anew where there is no checkpoint yet, and ends as the others", async () => {
    const once = runs.path("early-happened");
    const { code, stderr } = await trainWith({ kind: "exit", thread: 1, iteration: 2, once }, "early");
    expect(stderr).toMatch(/^warning: training thread 1 ended with code 0 before its work was done; starting anew$/m);
    expect(code).toBe(0);
    expect(learnedState(runs.path("runs", "early"))).toEqual(sound);
    expect(iterationsIn(runs.path("runs", "early"))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("ends the run with the cause and the command that goes on, if it happens again", async () => {
    const { code, stderr } = await trainWith({ kind: "exit", thread: 0, iteration: 3, persists: true }, "again");
    expect(code).toBe(1);
    expect(stderr.match(/^warning: .*going on from iteration 2$/gm)).toHaveLength(1);
    expect(stderr).toMatch(/^Resume with: node \S+ train --resume runs\/again --iterations 6$/m);
    expect(stderr).toMatch(/^gaitway: training thread 0 ended with code 0 before its work was done\n$/m);
    expect(status("again")).toBe("failed");
    expect(existsSync(runs.path("runs", "again", "run.lock"))).toBe(false);
    expect(await runs.resume("again").finished).toMatchObject({ code: 0 });
    expect(learnedState(runs.path("runs", "again"))).toEqual(sound);
  });
});

describe("a NaN", () => {
  it("in one robot's state: the robot is placed anew and counted", async () => {
    const { code, stderr } = await trainWith({ kind: "state", thread: 1, iteration: 3 }, "state");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: iteration 3: simulations of 1 robots broke down, first physics \w+ of robot 0 in thread 1; placed anew$/m,
    );
    expect(figures("state", "blowUps")).toEqual([0, 0, 1, 0, 0, 0]);
    expect(figures("state", "skippedUpdates")).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("in one thread's gradient: the update is skipped by all, and the learning rate cut", async () => {
    const { code, stderr } = await trainWith({ kind: "gradient", thread: 1, iteration: 3 }, "gradient");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: iteration 3: updates skipped: 1, first as gradient of actor layer 1 is NaN, from thread 1$/m,
    );
    expect(figures("gradient", "skippedUpdates")).toEqual([0, 0, 1, 0, 0, 0]);
    const [, before, after] = figures("gradient", "learningRate");
    expect(after).toBeCloseTo(before / 2, 12);
    // One update an iteration.
    expect(learnedState(runs.path("runs", "gradient")).adamUpdates).toBe(ITERATIONS - 1);
  });

  it("that keeps coming ends the run with what, where and since when", async () => {
    const fault = { kind: "gradient", thread: 1, iteration: 4, persists: true } as const;
    const { code, stderr } = await trainWith(fault, "persistent", 30);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^gaitway: training stopped at iteration 13: nothing can be learned since iteration 4: gradient of actor layer 1 is NaN, from thread 1\n$/m,
    );
    expect(stderr.match(/^warning: /gm)).toHaveLength(1);
    expect(stderr).toMatch(/^Resume with: /m);
    expect(learnedState(runs.path("runs", "persistent")).iteration).toBe(12);
  });
});
