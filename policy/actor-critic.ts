/** The parameter vector of an actor-critic: what stands where in it. */

import { NUM_JOINTS } from "../gaits/types.js";
import type { ObservationSpec } from "../sim/observation.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../sim/state-estimate.js";
import type { TrainConfig } from "./config.js";
import { createMlpLayout, type MlpLayout } from "./mlp.js";

/** Numbers that ride along with the gradient: KL divergence, value loss and the estimator's loss. */
const EXTRAS = 3;

/**
 * Where actor, critic and exploration noise live in the parameter vector of an actor-critic with a Gaussian policy whose
 * log standard deviations are parameters of their own.
 */
export interface ActorCriticLayout {
  readonly actor: MlpLayout;
  readonly critic: MlpLayout;
  /** Without layers where no estimator is learned. */
  readonly estimator: MlpLayout;
  /** First of `numActions` log standard deviations. */
  readonly logStd: number;
  readonly numActions: number;
  readonly size: number;
}

export function createActorCriticLayout(
  actorInputs: number,
  criticInputs: number,
  numActions: number,
  hidden: { actorHidden: readonly number[]; criticHidden: readonly number[] },
  estimatorSizes: readonly number[] = [],
): ActorCriticLayout {
  const actor = createMlpLayout([actorInputs, ...hidden.actorHidden, numActions], 0);
  const critic = createMlpLayout([criticInputs, ...hidden.criticHidden, 1], actor.end);
  const estimator = createMlpLayout(estimatorSizes, critic.end);
  return { actor, critic, estimator, logStd: estimator.end, numActions, size: estimator.end + numActions };
}

/** The layout that a config's networks have for an observation. */
export function actorCriticLayout({ network, env }: TrainConfig, spec: ObservationSpec): ActorCriticLayout {
  const learned = env.control.estimator === "learned";
  const estimator = learned ? [ESTIMATOR_INPUTS, ...network.estimatorHidden, ESTIMATOR_OUTPUTS] : [];
  return createActorCriticLayout(spec.actorSize, spec.size, NUM_JOINTS, network, estimator);
}

/** Length of the longest array that workers sum, for `createSharedMemory`. */
export function gradientLength(layout: ActorCriticLayout): number {
  return layout.size + EXTRAS;
}
