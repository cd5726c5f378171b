import { Worker } from "node:worker_threads";
import { EpisodeStatistics } from "../../sim/episode-statistics.js";
import { OBSERVATION_SPEC } from "../../sim/observation.js";
import { REWARD_NAMES } from "../../sim/reward.js";
import type { RobotSource } from "../../sim/types.js";
import { createSharedMemory, requestStop } from "../all-reduce.js";
import type { Checkpoint } from "../checkpoint.js";
import type { TrainConfig } from "../config.js";
import { actorCriticLayout, gradientLength } from "../learner.js";
import type { IterationMetrics, TrainingLimits } from "../trainer.js";
import type { TrainingMessage, TrainingWorkerData } from "./training-worker.js";

export interface PoolEvents {
  iteration(metrics: IterationMetrics): void;
  checkpoint(iteration: number, bytes: Uint8Array): void;
}

/** A training run in threads. `finished` resolves when all have ended, and rejects when any of them fails. */
export interface TrainingPool {
  readonly finished: Promise<void>;
  /** Ends the run after the current iteration, with a checkpoint. */
  stop(): void;
}

/** Starts a training thread for each worker of the config. */
export function startTraining(
  config: TrainConfig,
  robot: RobotSource & { readonly name: string },
  limits: TrainingLimits,
  checkpoint: Checkpoint | undefined,
  events: PoolEvents,
): TrainingPool {
  const floats = gradientLength(actorCriticLayout(config, OBSERVATION_SPEC));
  const doubles = Math.max(1 + 2 * OBSERVATION_SPEC.size, new EpisodeStatistics(REWARD_NAMES).sums.length);
  const memory = createSharedMemory(config.workers, floats, doubles);
  const workers = Array.from({ length: config.workers }, (_, worker) => {
    const workerData: TrainingWorkerData = { config, robot, memory, worker, limits, checkpoint };
    return new Worker(new URL("./training-worker.js", import.meta.url), { workerData });
  });
  workers[0].on("message", (message: TrainingMessage) => {
    if (message.kind === "iteration") events.iteration(message.metrics);
    else events.checkpoint(message.iteration, message.bytes);
  });
  const finished = Promise.all(workers.map(ended)).then(
    () => undefined,
    async (error: unknown) => {
      // The others wait for the one that failed, for ever.
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    },
  );
  return { finished, stop: () => requestStop(memory) };
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`training thread ended with code ${code}`)),
    );
  });
}
