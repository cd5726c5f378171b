import { NUM_JOINTS } from "../../gaits/types.js";
import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { parseTrainConfig } from "../../policy/config/parse.js";
import { initializeMlp } from "../../policy/networks/mlp.js";
import { createActorCriticLayout } from "../../policy/ppo/actor-critic.js";
import { createBundle } from "../../policy/training/create-bundle.js";
import { Rng } from "../../sim/rng.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import { a1Tuning, a1Urdf } from "./a1.js";

/** An A1's policy before any training: random weights, and actions of a few hundredths on top of the gait memory. */
export function freshBundle(): PolicyBundle {
  const config = parseTrainConfig({ network: { actorHidden: [32, 32], criticHidden: [8] } }, "test");
  const { size, actorSize, hash } = OBSERVATION_SPEC;
  const layout = createActorCriticLayout(actorSize, size, NUM_JOINTS, config.network);
  const params = new Float32Array(layout.size);
  initializeMlp(params, layout.actor, 0.05, new Rng(1));
  const unused = new Float32Array(layout.size);
  return createBundle({
    config,
    robot: { name: "a1.urdf", urdf: a1Urdf, tuning: a1Tuning },
    observationHash: hash,
    iteration: 0,
    steps: 0,
    trainingS: 0,
    learningRate: config.ppo.learningRate,
    adamUpdates: 0,
    terrainRows: [],
    rewardMeans: {},
    normalizer: { count: 1, mean: Array(size).fill(0), variance: Array(size).fill(1) },
    curriculum: { commandShare: {}, gaitWeight: {} },
    params,
    adamM: unused,
    adamV: unused,
    averageActor: params.slice(0, layout.actor.end),
  });
}
