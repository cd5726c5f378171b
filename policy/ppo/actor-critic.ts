/** The parameter vector of an actor-critic: what stands where in it. */

import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import type { ObservationSpec } from "../../sim/task/observation-layout.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { createMlpLayout, initializeMlp, type MlpLayout } from "../networks/mlp.js";

/** Numbers that ride along with the gradient: KL divergence, value loss and the estimator's loss. */
const EXTRAS = 3;

/** The actor starts near zero output: near the gait memory's own motion. */
const ACTOR_OUTPUT_GAIN = 0.01;

/** The estimator starts with no corrections to the odometry. */
const ESTIMATOR_OUTPUT_GAIN = 0;

/**
 * Where actor, critic and exploration noise live in the parameter vector of an actor-critic. A Gaussian policy's log standard
 * deviations are parameters of their own; a policy that chooses has none.
 */
export interface ActorCriticLayout {
  readonly actor: MlpLayout;
  readonly critic: MlpLayout;
  /** Without layers where no estimator is learned. */
  readonly estimator: MlpLayout;
  /** First of the log standard deviations; `size` where there are none. */
  readonly logStd: number;
  /** Of the actor. */
  readonly numOutputs: number;
  readonly size: number;
}

export function createActorCriticLayout(
  actorInputs: number,
  criticInputs: number,
  numOutputs: number,
  hidden: { actorHidden: readonly number[]; criticHidden: readonly number[] },
  estimatorSizes: readonly number[] = [],
  numStds = numOutputs,
): ActorCriticLayout {
  const actor = createMlpLayout([actorInputs, ...hidden.actorHidden, numOutputs], 0);
  const critic = createMlpLayout([criticInputs, ...hidden.criticHidden, 1], actor.end);
  const estimator = createMlpLayout(estimatorSizes, critic.end);
  return { actor, critic, estimator, logStd: estimator.end, numOutputs, size: estimator.end + numStds };
}

/** The layout that a config's networks have for an observation. */
export function actorCriticLayout(config: TrainConfig, spec: ObservationSpec): ActorCriticLayout {
  const { network, env } = config;
  const { numOutputs, distribution } = taskOf(config).actions;
  if (distribution === "categorical")
    return createActorCriticLayout(spec.actorSize, spec.size, numOutputs, network, [], 0);
  const learned = env.control.estimator === "learned";
  const estimator = learned ? [ESTIMATOR_INPUTS, ...network.estimatorHidden, ESTIMATOR_OUTPUTS] : [];
  return createActorCriticLayout(spec.actorSize, spec.size, numOutputs, network, estimator);
}

/** Parameters before any training: they follow from the config's seed alone. [layout.size] */
export function initialParams({ seed, network }: TrainConfig, layout: ActorCriticLayout): Float32Array {
  const params = new Float32Array(layout.size);
  const rng = new Rng(deriveSeed(seed, 0));
  initializeMlp(params, layout.actor, ACTOR_OUTPUT_GAIN, rng);
  initializeMlp(params, layout.critic, 1, rng);
  initializeMlp(params, layout.estimator, ESTIMATOR_OUTPUT_GAIN, rng);
  return params.fill(Math.log(network.initialStd), layout.logStd);
}

/** Length of the longest array that workers sum, for `createSharedMemory`. */
export function gradientLength(layout: ActorCriticLayout): number {
  return layout.size + EXTRAS;
}
