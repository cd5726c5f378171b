/** Speed of the real training loop: the threads that `gaitway train` starts, with their checkpoints. */

import type { TrainConfig } from "../../config/schema.js";
import type { PhaseTimes } from "../../training/phase-times.js";
import type { IterationMetrics } from "../../training/progress.js";
import type { NamedRobot } from "../files/robot-file.js";
import { startTraining } from "../training/worker-pool.js";
import { HEAP_FROM_ITERATION } from "./heap.js";

/** Iterations before the first that counts: V8 compiles the hot functions in them. */
const WARM_UP_ITERATIONS = 5;
const BYTES_PER_MB = 2 ** 20;
const THREAD = new URL("./training-worker.js", import.meta.url);

/** One repeat: a number of iterations in a row. */
export interface TrainingSpeed extends PhaseTimes {
  readonly envStepsPerSecond: number;
}

export interface TrainingFigures {
  readonly repeats: readonly TrainingSpeed[];
  /** How much more the first thread's live objects hold after the last iteration than after HEAP_FROM_ITERATION. */
  readonly heapGrowthMB: number | null;
  readonly heapGrowthIterations: number;
  /** Most memory that the process had, all threads and WebAssembly included. */
  readonly peakRssMB: number;
}

/** Trains once; each repeat is the next `iterationsPerRepeat` iterations of the same run. */
export async function measureTraining(
  config: TrainConfig,
  robot: NamedRobot,
  repeats: number,
  iterationsPerRepeat: number,
  onProgress: (fraction: number) => void,
): Promise<TrainingFigures> {
  const iterations = WARM_UP_ITERATIONS + repeats * iterationsPerRepeat;
  const rows: IterationMetrics[] = [];
  const onIteration = (metrics: IterationMetrics) => {
    rows.push(metrics);
    onProgress(rows.length / iterations);
  };
  const events = { iteration: onIteration, checkpoint: () => undefined };
  await startTraining(config, robot, { iterations }, undefined, events, THREAD).finished;
  const speeds = Array.from({ length: repeats }, (_, repeat) => {
    const first = WARM_UP_ITERATIONS + repeat * iterationsPerRepeat;
    return speedOf(rows[first - 1], rows.slice(first, first + iterationsPerRepeat));
  });
  const growth = (rows.at(-1)!.liveHeapBytes - rows[HEAP_FROM_ITERATION - 1]?.liveHeapBytes) / BYTES_PER_MB;
  return {
    repeats: speeds,
    heapGrowthMB: iterations > HEAP_FROM_ITERATION ? growth : null,
    heapGrowthIterations: Math.max(0, iterations - HEAP_FROM_ITERATION),
    peakRssMB: process.resourceUsage().maxRSS / 1024,
  };
}

/** Over all time between the last of `before` and the last of `rows`: new environments after a checkpoint count, too. */
function speedOf(before: IterationMetrics, rows: readonly IterationMetrics[]): TrainingSpeed {
  const last = rows[rows.length - 1];
  const mean = (name: keyof PhaseTimes) => rows.reduce((sum, row) => sum + row[name], 0) / rows.length;
  return {
    envStepsPerSecond: (last.steps - before.steps) / (last.trainingS - before.trainingS),
    physicsMicrosPerStep: mean("physicsMicrosPerStep"),
    observationMicrosPerStep: mean("observationMicrosPerStep"),
    inferenceMicrosPerStep: mean("inferenceMicrosPerStep"),
    learningMicrosPerStep: mean("learningMicrosPerStep"),
  };
}
