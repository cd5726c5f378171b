import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { createSharedMemory, requestStop, WorkerGroup } from "../../../policy/threads/all-reduce.js";
import type { SharedMemory } from "../../../policy/threads/shared-memory.js";

const WORKERS = 3;
const ROUNDS = 400;
const LENGTH = 5;

/** Threads load the compiled module: `npm test` builds it first. */
const MODULE = new URL("../../../dist/policy/threads/all-reduce.js", import.meta.url);

/**
 * Number i of a worker in a round. The third number is 1e16, 1 and −1e16 for the three workers, where doubles tell the order:
 * (1e16 + 1) − 1e16 is 0, and 1e16 − 1e16 + 1 would be 1.
 */
const NUMBER_SOURCE = `(worker, round, i) =>
  i === 2 ? [1e16, 1, -1e16][worker] : ((worker + 1) * 37 + round * 11 + i * 5) % 101`;
const numberOf = new Function(`return ${NUMBER_SOURCE}`)() as (worker: number, round: number, i: number) => number;

/** Sums doubles and floats in turns, of varying lengths, and posts all the sums. */
const WORKER_SOURCE = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { memory, worker, module, rounds, length, workers } = workerData;
  const numberOf = ${NUMBER_SOURCE};
  import(module).then(({ WorkerGroup }) => {
    const group = new WorkerGroup(memory, worker, workers);
    const sums = [];
    for (let round = 0; round < rounds; round++) {
      const values = round % 3 === 1 ? new Float32Array(length) : new Float64Array(round % 2 ? length : length - 1);
      for (let i = 0; i < values.length; i++) values[i] = numberOf(worker, round, i);
      (values instanceof Float32Array ? group.floats : group.doubles).sum(values);
      sums.push(Array.from(values));
      // Workers fall out of step now and then: the slots must hold until all have read them.
      if ((round + worker) % 50 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
    parentPort.postMessage({ sums, stopRequested: group.stopRequested });
  });
`;

interface WorkerResult {
  readonly sums: number[][];
  readonly stopRequested: boolean;
}

function runWorkers(memory: SharedMemory): Promise<WorkerResult[]> {
  expect(existsSync(MODULE), "dist is missing: npm run build:code").toBe(true);
  const fixed = { memory, module: MODULE.href, rounds: ROUNDS, length: LENGTH, workers: WORKERS };
  return Promise.all(
    Array.from({ length: WORKERS }, (_, worker) => {
      return new Promise<WorkerResult>((resolve, reject) => {
        const thread = new Worker(WORKER_SOURCE, { eval: true, workerData: { ...fixed, worker } });
        thread.on("message", resolve);
        thread.on("error", reject);
      });
    }),
  );
}

describe("sums over worker threads", () => {
  it("are everyone's in the order of the workers, the same for all, round after round", async () => {
    const memory = createSharedMemory(WORKERS, LENGTH, LENGTH);
    const results = await runWorkers(memory);
    for (const { sums, stopRequested } of results) {
      expect(stopRequested).toBe(false);
      expect(sums.length).toBe(ROUNDS);
      expect(sums).toEqual(results[0].sums);
    }
    results[0].sums.forEach((sums, round) => {
      const isFloat = round % 3 === 1;
      sums.forEach((sum, i) => {
        const [a, b, c] = [0, 1, 2].map((worker) => numberOf(worker, round, i));
        // 1e16 is 10000000272564224 in single precision; summed in double precision, the one is lost as well.
        expect(sum).toBe(isFloat ? Math.fround(Math.fround(a) + b + Math.fround(c)) : a + b + c);
      });
      expect(sums[2]).toBe(0);
    });
  });

  it("see a request to stop, which nobody else makes", async () => {
    const memory = createSharedMemory(WORKERS, LENGTH, LENGTH);
    requestStop(memory);
    for (const { stopRequested } of await runWorkers(memory)) expect(stopRequested).toBe(true);
  });
});

describe("a group of one", () => {
  it("keeps its numbers as they are, and hears the request to stop", () => {
    const memory = createSharedMemory(1, 2, 2);
    const group = new WorkerGroup(memory, 0, 1);
    const values = Float32Array.of(1.5, -2);
    group.floats.sum(values);
    expect([...values]).toEqual([1.5, -2]);
    expect(group.stopRequested).toBe(false);
    requestStop(memory);
    expect(group.stopRequested).toBe(true);
  });
});
