/** Kills runs at random moments and at each step of writing a checkpoint: all must end as the one that was never killed. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rng } from "../../sim/rng.js";
import { iterationsIn, learnedState, type RunningCommand, waitUntil } from "../support/command-line.js";
import { SmallRuns } from "../support/small-runs.js";

const KILLS = 30;
const ITERATIONS = 40;
/** On a busy machine, so many may come only after the run has ended, one after the other. */
const ATTEMPTS = 10;
/**
 * Files that a checkpoint writes, which writing of each is killed, and the calls that it takes. run.json is written when the run
 * is made, when it starts, and with best.ckpt. There may be no better one than the first. 000006.ckpt is the first to delete an
 * old one, with its last call.
 */
const WRITINGS = [
  { file: "best.ckpt", occurrence: 1, calls: 8 },
  { file: "run.json", occurrence: 3, calls: 8 },
  { file: "policy.json", occurrence: 2, calls: 8 },
  { file: "000006.ckpt", occurrence: 1, calls: 9 },
] as const;

const runs = new SmallRuns(2);
let trainingMs = 0;
let hits = 0;

beforeAll(async () => {
  expect(await runs.train("whole", ITERATIONS).finished).toMatchObject({ code: 0 });
  const lines = readFileSync(runs.path("runs", "whole", "metrics.jsonl"), "utf8")
    .trim()
    .split("\n");
  const times = lines.map((line) => JSON.parse(line).wallTimeS as number);
  trainingMs = 1000 * (times.at(-1)! - times[0]);
});
afterAll(() => runs.remove());

const statusOf = (name: string) => JSON.parse(readFileSync(runs.path("runs", name, "run.json"), "utf8")).status;
const checkpointsOf = (name: string) =>
  readdirSync(runs.path("runs", name, "checkpoints"))
    .filter((file) => file.endsWith(".ckpt"))
    .sort();

/** Goes on with a run, or starts it anew where it was killed before it had anything to go on from. */
async function finish(name: string): Promise<void> {
  const hasBegun = checkpointsOf(name).length > 0;
  const { code, stderr } = await (hasBegun ? runs.resume(name, ITERATIONS) : runs.train(`${name}-anew`, ITERATIONS))
    .finished;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const path = runs.path("runs", hasBegun ? name : `${name}-anew`);
  expect(learnedState(path)).toEqual(learnedState(runs.path("runs", "whole")));
  expect(iterationsIn(path)).toEqual(Array.from({ length: ITERATIONS }, (_, i) => i + 1));
}

/** Whether the kill hit a training that was under way. */
async function kill(run: RunningCommand, name: string, momentMs: number): Promise<boolean> {
  const metrics = runs.path("runs", name, "metrics.jsonl");
  await waitUntil(() => existsSync(metrics) && readFileSync(metrics, "utf8").includes("\n"), run);
  await sleep(momentMs);
  run.child.kill("SIGKILL");
  await run.finished;
  return run.child.signalCode === "SIGKILL" && statusOf(name) === "running";
}

describe("a run that is killed", () => {
  const rng = new Rng(7);

  it.each(Array.from({ length: KILLS }, (_, i) => i))("at random moment %i ends as the others", async (i) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const name = `random-${i}-${attempt}`;
      const isHit = await kill(runs.train(name, ITERATIONS), name, rng.next() * trainingMs);
      if (!isHit) continue;
      hits++;
      await finish(name);
      return;
    }
  });

  it("was hit in the midst of its training each time", () => {
    expect(hits).toBe(KILLS);
  });

  const steps = WRITINGS.flatMap(({ file, occurrence, calls }) =>
    Array.from({ length: calls }, (_, step) => [file, step, occurrence] as const),
  );
  it.each(steps)("while it writes %s, before step %i, ends as the others", async (file, step, occurrence) => {
    const name = `${file}-${step}`;
    const fault = { kind: "signal", signal: "SIGKILL", file, occurrence, step } as const;
    expect((await runs.trainFaulty(fault, name, ITERATIONS).finished).code).toBeNull();
    expect(iterationsIn(runs.path("runs", name))).not.toEqual([]);
    if (file === "000006.ckpt" && step === 8) {
      expect(checkpointsOf(name)).toEqual(["000002.ckpt", "000004.ckpt", "000006.ckpt"]);
    }
    await finish(name);
  });
});
