/** The environments that tasks are trained in. */

import { VecEnv, type VecEnvOptions } from "../../sim/env.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import type { TrainConfig } from "../config/schema.js";
import type { TrainingEnv } from "./env-interface.js";
import { GaitSelectionEnv } from "./gait-selection-env.js";

/** @param locomotion the policy that walks the robots while another one learns to select gaits */
export function createTrainingEnv(
  { env, selection }: Pick<TrainConfig, "env" | "selection">,
  model: RobotModel,
  numEnvs: number,
  terrain: Terrain,
  seed: number,
  options: VecEnvOptions,
  locomotion: PolicyBundle | undefined,
): TrainingEnv {
  if (!locomotion) return new VecEnv(model, env, numEnvs, terrain, seed, options);
  return new GaitSelectionEnv({ env, selection }, locomotion, model, numEnvs, terrain, seed, options);
}
