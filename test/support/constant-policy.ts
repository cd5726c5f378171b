import { NUM_JOINTS } from "../../gaits/types.js";
import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { actorCriticLayout } from "../../policy/ppo/actor-critic.js";
import { createBundle } from "../../policy/training/create-bundle.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import type { EnvOverrides } from "./envs.js";
import { randomCheckpoint, tinyTrainConfig } from "./learning.js";

/** A policy that acts the same whatever it sees: all weights are zero, the last layer's biases are the action. */
export function constantPolicy(action: number, env: EnvOverrides): PolicyBundle {
  const config = tinyTrainConfig({ env });
  const checkpoint = randomCheckpoint(config);
  const { actor } = actorCriticLayout(config, OBSERVATION_SPEC);
  const last = actor.layers[actor.layers.length - 1];
  checkpoint.averageActor.fill(0);
  checkpoint.averageActor.fill(action, last.biases, last.biases + NUM_JOINTS);
  return createBundle(checkpoint);
}
