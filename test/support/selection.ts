/** Small gait selection policies on top of small locomotion policies. */

import { SELECTABLE_GAITS } from "../../gaits/library.js";
import { encodeBundle, type GaitSelectorBundle, type PolicyBundle } from "../../policy/bundle/bundle.js";
import { parseTrainConfig } from "../../policy/config/parse.js";
import type { TrainConfig } from "../../policy/config/schema.js";
import { actorCriticLayout, gradientLength } from "../../policy/ppo/actor-critic.js";
import { createSharedMemory, WorkerGroup } from "../../policy/threads/all-reduce.js";
import type { Checkpoint, TrainedRobot } from "../../policy/training/checkpoint.js";
import { createBundle } from "../../policy/training/create-bundle.js";
import { SELECTION_SPEC } from "../../sim/task/gait-selection.js";
import { constantPolicy } from "./constant-policy.js";
import { randomCheckpoint, randomNumbers, testRobot } from "./learning.js";

/** A robot that the gait memory alone walks. */
export const walkedRobot: TrainedRobot = { ...testRobot, locomotion: encodeBundle(constantPolicy(0, {})) };

export function tinySelectionConfig(decisionSteps = 5): TrainConfig {
  return parseTrainConfig(
    {
      ...{ task: "gait-selection", numEnvs: 6, workers: 1, checkpointEvery: 2, selection: { decisionSteps } },
      network: { actorHidden: [10, 8], criticHidden: [9] },
      ppo: { horizon: 4, epochs: 2, minibatches: 2 },
      env: { episodeS: 1, terrain: { kind: "flat" } },
    },
    "test",
  );
}

export function selectionWorker(config: TrainConfig): WorkerGroup {
  const floats = gradientLength(actorCriticLayout(config, SELECTION_SPEC));
  return new WorkerGroup(createSharedMemory(1, floats, 1 + 2 * SELECTION_SPEC.size), 0, 1);
}

/** A policy that always selects one gait, whatever it sees. @param gait index in `SELECTABLE_GAITS` */
export function selectorOf(gait: number, decisionSteps = 5): PolicyBundle {
  return createBundle(
    selectionCheckpoint(decisionSteps, (actor) => {
      actor[actor.length - SELECTABLE_GAITS.length + gait] = 1;
    }),
  );
}

/** One with random weights, which selects one gait after the other. */
export function randomSelector(decisionSteps = 5): GaitSelectorBundle {
  const checkpoint = selectionCheckpoint(decisionSteps, (actor) => actor.set(randomNumbers(actor.length, 7, 0.3)));
  return createBundle(checkpoint).selector!;
}

function selectionCheckpoint(decisionSteps: number, fill: (actor: Float32Array) => void): Checkpoint {
  const config = tinySelectionConfig(decisionSteps);
  const { size, actor } = actorCriticLayout(config, SELECTION_SPEC);
  const averageActor = new Float32Array(actor.end);
  fill(averageActor);
  return {
    ...randomCheckpoint(),
    config,
    robot: walkedRobot,
    observationHash: SELECTION_SPEC.hash,
    normalizer: { count: 1, mean: Array(SELECTION_SPEC.size).fill(0), variance: Array(SELECTION_SPEC.size).fill(1) },
    params: new Float32Array(size),
    adamM: new Float32Array(size),
    adamV: new Float32Array(size),
    averageActor,
  };
}
