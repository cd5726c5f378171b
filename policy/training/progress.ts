/** How long a training goes on, and what it tells meanwhile. */

import type { Checkpoint } from "./checkpoint.js";
import type { PhaseTimes } from "./phase-times.js";

export interface TrainingLimits {
  /** Stop after this many iterations in all. */
  readonly iterations?: number | undefined;
  /** Stop after this much training in all, s. */
  readonly trainingS?: number | undefined;
}

export interface IterationMetrics extends Record<string, number>, PhaseTimes {
  iteration: number;
  /** Robot steps so far. */
  steps: number;
  trainingS: number;
  stepsPerSecond: number;
}

/** Called on the first worker only. */
export interface TrainingEvents {
  iteration(metrics: IterationMetrics): void;
  checkpoint(checkpoint: Checkpoint): void;
  /** Of trouble that the training has got over. */
  warning?(text: string): void;
}
