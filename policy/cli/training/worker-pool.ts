import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { InputError } from "../../../sim/errors.js";
import type { TrainConfig } from "../../config/schema.js";
import { closeDevice, createDeviceMemory, type DeviceMemory } from "../../ppo/device-exchange.js";
import { requestStop } from "../../threads/all-reduce.js";
import { Heartbeat } from "../../threads/heartbeat.js";
import type { Checkpoint, TrainedRobot } from "../../training/checkpoint.js";
import { createTrainingMemory, withinMemory } from "../../training/memory.js";
import type { IterationMetrics, TrainingLimits } from "../../training/progress.js";
import type { BackendChoice } from "./backend.js";
import type { LearnerThreadData } from "./learner-thread.js";
import type { TrainingMessage, TrainingThreadData } from "./thread.js";
import { ThreadFailure } from "./thread-failure.js";
import { Watchdog } from "./watchdog.js";

const TRAINING_WORKER = new URL("./worker.js", import.meta.url);
const LEARNER_WORKER = new URL("./learner-worker.js", import.meta.url);
/** So long a learner may take to come out of what it is doing. */
const LEARNER_END_MS = 10_000;
const POLL_MS = 50;

export interface PoolEvents {
  iteration(metrics: IterationMetrics): void;
  warning?(text: string): void;
  checkpoint(iteration: number, bytes: Uint8Array): void;
}

/** A training run in threads. `finished` resolves when all have ended, and rejects when any of them or an event fails. */
export interface TrainingPool {
  readonly finished: Promise<void>;
  /** Ends the run after the current iteration, with a checkpoint. */
  stop(): void;
}

/**
 * Starts a training thread for each worker of the config.
 * @param entry module that the threads run, given `TrainingThreadData`
 * @param learner backend of one more thread that learns for all of them; without, each takes its part in learning
 */
export function startTraining(
  config: TrainConfig,
  robot: TrainedRobot,
  limits: TrainingLimits,
  checkpoint: Checkpoint | undefined,
  events: PoolEvents,
  entry = TRAINING_WORKER,
  learner: BackendChoice | undefined = config.backend === "webgpu" ? config.backend : undefined,
): TrainingPool {
  const memory = withinMemory(config, () => createTrainingMemory(config));
  const device = learner && withinMemory(config, () => createDeviceMemory(config));
  const threads = Array.from({ length: config.workers }, (_, worker) => {
    const workerData: TrainingThreadData = { config, robot, memory, worker, limits, checkpoint, device };
    return new Worker(entry, { workerData });
  });
  const names = threads.map((_, worker) => `training thread ${worker}`);
  if (device) {
    const workerData: LearnerThreadData = { config, backend: learner, memory, device };
    threads.push(new Worker(LEARNER_WORKER, { workerData }));
    names.push("learner thread");
  }
  const watchdog = new Watchdog(memory, names);
  const ends = threads.map((thread, i) => ended(thread, names[i], new Heartbeat(memory, i)));
  const finished = Promise.race([watchdog.hang, Promise.all([passOn(threads[0], events), ...ends])])
    .catch(async (error: unknown) => {
      // The others wait for the one that failed, for ever.
      await Promise.all(threads.slice(0, config.workers).map((thread) => thread.terminate()));
      if (device) await endLearner(device, threads[config.workers], new Heartbeat(memory, config.workers));
      throw error;
    })
    .then(() => undefined)
    .finally(() => watchdog.stop());
  return { finished, stop: () => requestStop(memory) };
}

/**
 * Ends a learner as soon as it is out of its GPU's driver: a thread that is terminated there takes the process along, before the
 * cause is told. One that does not come out is left alone.
 */
async function endLearner(device: DeviceMemory, learner: Worker, heartbeat: Heartbeat): Promise<void> {
  closeDevice(device);
  const isOut = () => heartbeat.isWaiting || learner.threadId === -1;
  for (let ms = 0; ms < LEARNER_END_MS && !isOut(); ms += POLL_MS) await sleep(POLL_MS);
  if (isOut()) await learner.terminate();
  else learner.unref();
}

/** Hands the worker's messages to the events until it ends. */
function passOn(worker: Worker, events: PoolEvents): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("exit", resolve);
    worker.on("message", (message: TrainingMessage) => {
      try {
        if (message.kind === "iteration") events.iteration(message.metrics);
        else if (message.kind === "warning") events.warning?.(message.text);
        else events.checkpoint(message.iteration, message.bytes);
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Resolves when the thread has done its work, and rejects when it ends without. */
function ended(thread: Worker, name: string, heartbeat: Heartbeat): Promise<void> {
  return new Promise((resolve, reject) => {
    // Errors lose their class on the way between threads.
    thread.on("error", (error: Error) => reject(error.name === "InputError" ? new InputError(error.message) : error));
    thread.on("exit", (code) => {
      if (heartbeat.hasFinished) resolve();
      else reject(new ThreadFailure(`${name} ended with code ${code} before its work was done`));
    });
  });
}
