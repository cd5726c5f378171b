/** The environments that tasks are trained in. */

import { VecEnv, type VecEnvOptions } from "../sim/env.js";
import type { Terrain } from "../sim/terrain.js";
import type { RobotModel } from "../sim/types.js";
import type { PolicyBundle } from "./bundle.js";
import type { TrainConfig } from "./config.js";
import { GaitSelectionEnv } from "./gait-selection-env.js";

/** What the trainer needs of an environment. */
export interface TrainingEnv
  extends Pick<
    VecEnv,
    | "obs"
    | "finalObs"
    | "reward"
    | "terminated"
    | "truncated"
    | "statistics"
    | "blowUps"
    | "physicsMs"
    | "estimatorTargets"
    | "step"
    | "free"
  > {
  /** 1 where the robot can't follow a choice now. [N] */
  readonly locked?: Uint8Array;
  /** What a rule would choose now. [N] */
  readonly advice?: Uint8Array;
}

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
