import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Checkpoint, decodeCheckpoint } from "../../../../policy/training/checkpoint.js";
import type { IterationMetrics } from "../../../../policy/training/progress.js";
import { warmStart } from "../../../../policy/training/warm-start.js";
import type { Fault } from "../../../support/faults.js";
import { randomCheckpoint, testRobot, tinyTrainConfig } from "../../../support/learning.js";

// Threads run what has been built.
const built = (name: string) => new URL(`../../../../dist/${name}.js`, import.meta.url).href;
const { startTraining } = (await import(
  built("policy/cli/training/worker-pool")
)) as typeof import("../../../../policy/cli/training/worker-pool.js");

/** Three robots in each of two threads; a checkpoint every other iteration. */
const config = { ...tinyTrainConfig({ env: { control: { estimator: "learned" } } }), workers: 2 };

/** Trains with another thread that learns for both, on WASM. */
async function train(iterations: number, from?: Checkpoint) {
  const rows: IterationMetrics[] = [];
  const checkpoints: Checkpoint[] = [];
  const events = {
    iteration: (metrics: IterationMetrics) => rows.push(metrics),
    checkpoint: (_: number, bytes: Uint8Array) => checkpoints.push(decodeCheckpoint(bytes, "test")),
  };
  await startTraining(config, testRobot, { iterations }, from, events, undefined, "wasm").finished;
  return { rows, checkpoints };
}

describe("a training whose learner has a thread of its own", () => {
  it("learns, and goes on from a checkpoint as if it had never stopped", async () => {
    const { rows, checkpoints } = await train(4);
    expect(rows.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4]);
    for (const { kl, valueLoss, estimatorLoss, skippedUpdates } of rows) {
      expect(Math.min(kl, valueLoss, estimatorLoss)).toBeGreaterThan(0);
      expect(skippedUpdates).toBe(0);
    }
    const [second, fourth] = checkpoints;
    // 2 epochs of 2 minibatches an iteration.
    expect([second.adamUpdates, fourth.adamUpdates]).toEqual([8, 16]);
    expect(fourth.params).not.toEqual(second.params);
    const resumed = await train(4, second);
    const { trainingS: _, ...learned } = fourth;
    expect(resumed.checkpoints.at(-1)).toMatchObject(learned);
  });

  it("begins with the weights of another policy", async () => {
    const { checkpoint } = warmStart(config, testRobot, randomCheckpoint(config), "old");
    const [learned] = (await train(2, checkpoint)).checkpoints;
    const [fresh] = (await train(2)).checkpoints;
    const distance = ({ params }: Checkpoint) =>
      Math.max(...params.map((value, i) => Math.abs(value - checkpoint.params[i])));
    // 2 iterations of 2 epochs of 2 minibatches: Adam moves a weight by some learning rate (at most 3e-3) at each.
    expect(distance(learned)).toBeGreaterThan(0);
    expect(distance(learned)).toBeLessThan(8 * 3e-3 * 1.5);
    expect(distance(fresh)).toBeGreaterThan(0.3);
  });
});

/** Trains four iterations of which the second goes wrong in the learner's thread. Returns what is told of it. */
async function trainWith(kind: "throw" | "exit" | "hang"): Promise<string> {
  const fault: Fault = { kind, thread: "learner", iteration: 2 };
  const program = fileURLToPath(built("test/support/device-training"));
  const child = spawn(process.execPath, ["--import", built("test/support/faults"), program, "4"], {
    env: { ...process.env, GAITWAY_TEST_FAULT: JSON.stringify(fault) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  return stderr;
}

describe("a learner's thread with an accident", () => {
  it.each([
    ["throw", /Error: a fault that a test has made$/m],
    ["exit", /: learner thread ended with code 0 before its work was done$/m],
    ["hang", /: learner thread hangs: no sign of life for \d+ s$/m],
  ] as const)("(%s) ends the training, which tells the cause", async (kind, message) => {
    expect(await trainWith(kind)).toMatch(message);
  });
});
