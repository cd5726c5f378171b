import { GAITS, NUM_LIBRARY_GAITS, SELECTABLE_GAITS } from "../../gaits/library.js";
import { SELECTION_SPEC } from "../../sim/task/gait-selection.js";
import type { ObservationSpec } from "../../sim/task/observation-layout.js";
import type { GaitSelectorBundle, PolicyBundle } from "../bundle/bundle.js";
import { decodeBundle, FORMAT, VERSION } from "../bundle/bundle.js";
import { encodeLayers } from "../bundle/layers.js";
import type { TrainConfig } from "../config/schema.js";
import { taskOf } from "../config/tasks.js";
import { actorCriticLayout } from "../ppo/actor-critic.js";
import type { Checkpoint } from "./checkpoint.js";

/** Takes the policy out of a checkpoint: one that selects gaits together with the one that it was trained on top of. */
export function createBundle(checkpoint: Checkpoint): PolicyBundle {
  const { config, robot, averageActor, params } = checkpoint;
  if (robot.locomotion !== undefined) {
    return { ...decodeBundle(robot.locomotion, "locomotion"), selector: createSelector(checkpoint) };
  }
  const { spec } = taskOf(config).observation;
  const { actor, estimator } = actorCriticLayout(config, spec);
  const share = config.env.control.actionMode === "residual" ? config.network.residualShare : 1;
  return {
    format: FORMAT,
    version: VERSION,
    robot,
    ...observationFields(checkpoint, spec),
    layers: encodeLayers(actor, averageActor, share),
    estimator: estimator.layers.length > 0 ? encodeLayers(estimator, params, 1) : null,
    env: config.env,
    gaits: gaitsOf(config),
    ...training(checkpoint),
    selector: null,
  };
}

/** Those that come along, and those of its own that a task commands. */
function gaitsOf({ env }: TrainConfig): PolicyBundle["gaits"] {
  const known = GAITS.filter(({ id }, index) => index < NUM_LIBRARY_GAITS || env.command.gaits.includes(id));
  return known.map(({ id, periodS, dutyFactor, phaseOffset, speedsMPerS }) => {
    return { id, periodS, dutyFactor, phaseOffset, speedsMPerS };
  });
}

function createSelector(checkpoint: Checkpoint): GaitSelectorBundle {
  const { config, averageActor } = checkpoint;
  return {
    ...observationFields(checkpoint, SELECTION_SPEC),
    layers: encodeLayers(actorCriticLayout(config, SELECTION_SPEC).actor, averageActor, 1),
    gaits: SELECTABLE_GAITS.map((gait) => GAITS[gait].id),
    decisionSteps: config.selection.decisionSteps,
    ...training(checkpoint),
  };
}

function observationFields({ normalizer }: Checkpoint, { actorSize, hash, slices }: ObservationSpec) {
  return {
    observation: {
      hash,
      actorSize,
      slices: slices.filter((slice) => slice.for === "actor").map((slice) => ({ ...slice })),
    },
    normalizer: {
      mean: normalizer.mean.slice(0, actorSize),
      variance: normalizer.variance.slice(0, actorSize),
    },
    activation: "elu" as const,
  };
}

function training({ config, iteration, steps, trainingS }: Checkpoint) {
  return { task: taskOf(config).name, seed: config.seed, iteration, steps, trainingS };
}
