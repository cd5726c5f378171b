import { InputError } from "../../sim/errors.js";
import { EpisodeStatistics } from "../../sim/task/episode-statistics.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { actorCriticLayout, gradientLength } from "../ppo/actor-critic.js";
import { createSharedMemory } from "../threads/all-reduce.js";
import type { SharedMemory } from "../threads/shared-memory.js";
import { TrainingGuard } from "./guard.js";

/** What engines say where there is no memory for an array. */
const NO_MEMORY = /allocation failed|Invalid typed array length/;

/**
 * What the action gives.
 * @throws InputError naming what sets the size of a training, where the memory for it is not to be had
 */
export function withinMemory<T>({ numEnvs, ppo }: TrainConfig, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof RangeError && NO_MEMORY.test(error.message))) throw error;
    throw new InputError(
      `numEnvs: got ${numEnvs} at a ppo.horizon of ${ppo.horizon}, more than there is memory for: ${error.message}`,
      { cause: error },
    );
  }
}

/** Shared memory for as much as the config's threads sum up at once. */
export function createTrainingMemory(config: TrainConfig): SharedMemory {
  const { observation, rewards } = taskOf(config);
  const { spec } = observation;
  const floats = gradientLength(actorCriticLayout(config, spec));
  const doubles = Math.max(
    1 + 2 * spec.size,
    new EpisodeStatistics(Object.keys(rewards)).sums.length,
    TrainingGuard.reportLength(config.workers),
    config.numEnvs,
  );
  return createSharedMemory(config.workers, floats, doubles);
}
