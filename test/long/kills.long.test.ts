/** Kills runs at random moments and at each step of writing a checkpoint: all must end as the one that was never killed. */

import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Rng } from "../../sim/rng.js";
import { learnedState } from "../support/command-line.js";
import { SmallRuns } from "../support/small-runs.js";

const KILLS = 30;
const ITERATIONS = 40;
/** best.ckpt, run.json, policy.json and the checkpoint take at most so many calls each, and one deletes an old one. */
const STEPS = { "best.ckpt": 8, "run.json": 8, "policy.json": 8, "000004.ckpt": 9 };

const runs = new SmallRuns(2);
let wholeMs = 0;

beforeAll(async () => {
  const start = performance.now();
  expect(await runs.train("whole", ITERATIONS).finished).toMatchObject({ code: 0 });
  wholeMs = performance.now() - start;
});
afterAll(() => runs.remove());

/** Goes on with a run, or starts it anew where it was killed before it had anything to go on from. */
async function finish(name: string): Promise<void> {
  const hasBegun = existsSync(runs.path("runs", name)) && hasCheckpoint(name);
  const { code, stderr } = await (hasBegun ? runs.resume(name, ITERATIONS) : runs.train(`${name}-anew`, ITERATIONS))
    .finished;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const path = runs.path("runs", hasBegun ? name : `${name}-anew`);
  expect(learnedState(path)).toEqual(learnedState(runs.path("runs", "whole")));
}

function hasCheckpoint(name: string): boolean {
  try {
    return learnedState(runs.path("runs", name)).iteration > 0;
  } catch {
    return false;
  }
}

describe("a run that is killed", () => {
  const rng = new Rng(7);

  it.each(Array.from({ length: KILLS }, (_, i) => i))("at random moment %i ends as the others", async (i) => {
    const moment = rng.next();
    const name = `random-${i}`;
    const run = runs.train(name, ITERATIONS);
    const timer = setTimeout(() => run.child.kill("SIGKILL"), moment * wholeMs);
    await run.finished;
    clearTimeout(timer);
    if (run.child.exitCode === 0) return;
    await finish(name);
  });

  const steps = Object.entries(STEPS).flatMap(([file, count]) =>
    Array.from({ length: count }, (_, step) => [file, step] as const),
  );
  it.each(steps)("while it writes %s, before step %i, ends as the others", async (file, step) => {
    const name = `${file}-${step}`;
    await runs.trainFaulty({ kind: "signal", signal: "SIGKILL", file, step }, name, ITERATIONS).finished;
    await finish(name);
  });
});
