/** The environments that tasks are trained in. */

import { VecEnv, type VecEnvOptions } from "../../sim/env.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import type { TrainingEnv } from "./env-interface.js";
import { GaitSelectionEnv } from "./gait-selection-env.js";

/** @param locomotion the policy that walks the robots while another one learns to select gaits */
export function createTrainingEnv(
  config: TrainConfig,
  model: RobotModel,
  numEnvs: number,
  terrain: Terrain,
  seed: number,
  given: VecEnvOptions,
  locomotion: PolicyBundle | undefined,
): TrainingEnv {
  const task = taskOf(config);
  const options = { ...given, rewards: task.rewards, velocityCommand: task.velocityCommand };
  if (task.actsOn === "joints") {
    return new VecEnv(model, config.env, numEnvs, terrain, seed, { ...options, observation: task.observation });
  }
  if (!locomotion) throw new Error(`${task.name} needs a policy that walks`);
  return new GaitSelectionEnv(config, locomotion, model, numEnvs, terrain, seed, options);
}
