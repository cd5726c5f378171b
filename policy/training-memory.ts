import { EpisodeStatistics } from "../sim/episode-statistics.js";
import { REWARD_NAMES } from "../sim/reward.js";
import { actorCriticLayout, gradientLength } from "./actor-critic.js";
import { createSharedMemory, type SharedMemory } from "./all-reduce.js";
import type { TrainConfig } from "./config.js";
import { TrainingGuard } from "./training-guard.js";
import { taskInterface } from "./training-task.js";

/** Shared memory for as much as the config's threads sum up at once. */
export function createTrainingMemory(config: TrainConfig): SharedMemory {
  const { spec } = taskInterface(config);
  const floats = gradientLength(actorCriticLayout(config, spec));
  const doubles = Math.max(
    1 + 2 * spec.size,
    new EpisodeStatistics(REWARD_NAMES).sums.length,
    TrainingGuard.reportLength(config.workers),
    config.numEnvs,
  );
  return createSharedMemory(config.workers, floats, doubles);
}
