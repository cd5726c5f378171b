/** Small networks, checkpoints and configs for tests of the policy, every setting that matters written out. */

import { parseTrainConfig } from "../../policy/config/parse.js";
import type { TrainConfig } from "../../policy/config/schema.js";
import { actorCriticLayout, gradientLength } from "../../policy/ppo/actor-critic.js";
import { createSharedMemory, WorkerGroup } from "../../policy/threads/all-reduce.js";
import type { Checkpoint } from "../../policy/training/checkpoint.js";
import { Rng } from "../../sim/rng.js";
import type { RobotSource } from "../../sim/robot/types.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import { a1Urdf } from "./a1.js";
import { type EnvOverrides, envConfig } from "./envs.js";
import { testTuning } from "./world.js";

export const testRobot: RobotSource & { readonly name: string } = { name: "a1.urdf", urdf: a1Urdf, tuning: testTuning };

export interface TrainOverrides {
  readonly env?: EnvOverrides;
  readonly ppo?: Partial<TrainConfig["ppo"]>;
  readonly network?: Partial<TrainConfig["network"]>;
  readonly seed?: number;
  readonly checkpointEvery?: number;
}

/** One worker with six robots and networks of a few neurons. */
export function tinyTrainConfig({ env, ppo, network, ...rest }: TrainOverrides = {}): TrainConfig {
  return parseTrainConfig(
    {
      ...{ numEnvs: 6, workers: 1, seed: 1, checkpointEvery: 2, ...rest },
      env: envConfig(env),
      network: { actorHidden: [10, 8], criticHidden: [9], initialStd: 0.4, minStd: 0.1, ...network },
      ppo: { horizon: 8, epochs: 2, minibatches: 2, ...ppo },
    },
    "test",
  );
}

/** A worker group of one. */
export function loneWorker(config: TrainConfig): WorkerGroup {
  const floats = gradientLength(actorCriticLayout(config, OBSERVATION_SPEC));
  return new WorkerGroup(createSharedMemory(1, floats, 1 + 2 * OBSERVATION_SPEC.size), 0, 1);
}

export function randomNumbers(length: number, seed: number, scale = 1): Float32Array {
  const rng = new Rng(seed);
  return Float32Array.from({ length }, () => scale * rng.normal());
}

/** A checkpoint with random numbers in every place. */
export function randomCheckpoint(config: TrainConfig = tinyTrainConfig()): Checkpoint {
  const { size, actor } = actorCriticLayout(config, OBSERVATION_SPEC);
  return {
    config,
    robot: testRobot,
    observationHash: OBSERVATION_SPEC.hash,
    iteration: 12,
    steps: 3456,
    trainingS: 7.25,
    learningRate: 3.14e-4,
    terrainRows: [],
    rewardMeans: {},
    adamUpdates: 77,
    normalizer: {
      count: 1234.5,
      mean: [...randomNumbers(OBSERVATION_SPEC.size, 1)],
      variance: [...randomNumbers(OBSERVATION_SPEC.size, 2)].map((x) => 0.1 + x * x),
    },
    curriculum: { commandShare: {}, gaitWeight: {} },
    params: randomNumbers(size, 3, 0.3),
    adamM: randomNumbers(size, 4),
    adamV: randomNumbers(size, 5).map((x) => x * x),
    averageActor: randomNumbers(actor.end, 6, 0.3),
  };
}
