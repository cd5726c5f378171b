/** Trains in Web Workers of the page for a few iterations, to see how fast. */

import { parseTrainConfig } from "../../policy/config/parse.js";
import type { TrainConfig } from "../../policy/config/schema.js";
import type { SharedMemory } from "../../policy/threads/shared-memory.js";
import type { TrainedRobot } from "../../policy/training/checkpoint.js";
import { createTrainingMemory } from "../../policy/training/memory.js";
import type { IterationMetrics } from "../../policy/training/progress.js";
import { ViewerError } from "../page/client.js";

/** Iterations in which the browser compiles the hot functions, and those after them that count. */
const WARM_UP_ITERATIONS = 3;
const MEASURED_ITERATIONS = 9;
const ITERATIONS = WARM_UP_ITERATIONS + MEASURED_ITERATIONS;

/** What a thread is started with. */
export interface BenchThread {
  readonly config: TrainConfig;
  readonly robot: TrainedRobot;
  readonly memory: SharedMemory;
  readonly worker: number;
  readonly iterations: number;
}

/** What the first thread tells; any may fail. */
export type BenchReply =
  | { readonly kind: "iteration"; readonly metrics: IterationMetrics }
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Trains the default trot anew in this many threads.
 * @param onProgress with the share of the work that is done, 0..1
 * @returns the iterations that count
 * @throws ViewerError where the browser shares no memory between threads
 */
export async function measureTraining(
  robot: TrainedRobot,
  workers: number,
  onProgress: (share: number) => void,
): Promise<IterationMetrics[]> {
  if (!crossOriginIsolated) {
    throw new ViewerError(
      "Training shares memory between threads, which browsers allow on pages that are cross-origin isolated. " +
        "`gaitway view` serves such a page; other servers must send Cross-Origin-Opener-Policy: same-origin and " +
        "Cross-Origin-Embedder-Policy: require-corp.",
    );
  }
  const { numEnvs } = parseTrainConfig({}, "bench");
  const config = parseTrainConfig(
    { workers, numEnvs: numEnvs - (numEnvs % workers), checkpointEvery: ITERATIONS },
    "bench",
  );
  const memory = createTrainingMemory(config);
  const threads = Array.from(
    { length: workers },
    // Vite makes a chunk of its own of what stands here.
    () => new Worker(new URL("./bench-worker.ts", import.meta.url), { type: "module" }),
  );
  try {
    threads.forEach((thread, worker) => {
      const start: BenchThread = { config, robot, memory, worker, iterations: ITERATIONS };
      thread.postMessage(start);
    });
    return await collect(threads, onProgress);
  } finally {
    for (const thread of threads) thread.terminate();
  }
}

function collect(threads: readonly Worker[], onProgress: (share: number) => void): Promise<IterationMetrics[]> {
  const rows: IterationMetrics[] = [];
  return new Promise((resolve, reject) => {
    threads.forEach((thread, worker) => {
      thread.onerror = (event) => reject(new Error(event.message || "training could not be loaded"));
      thread.onmessage = ({ data }: MessageEvent<BenchReply>) => {
        if (data.kind === "failed") reject(new Error(data.message));
        else if (data.kind === "iteration") onProgress(rows.push(data.metrics) / ITERATIONS);
        else if (worker === 0) resolve(rows.slice(WARM_UP_ITERATIONS));
      };
    });
  });
}
