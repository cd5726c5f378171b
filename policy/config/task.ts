/** What is learned, as an object: nobody asks for its name. */

import type { VelocityCommand } from "../../sim/task/commands.js";
import type { SelectionObservation } from "../../sim/task/gait-selection.js";
import type { JointObservation } from "../../sim/task/observation.js";
import type { RewardTerms } from "../../sim/task/reward-term.js";
import type { TrainConfigInput } from "./schema.js";

/** What a policy answers with. */
export interface ActionSpace {
  /** Gaussian: `numActions` numbers, each about a mean; categorical: one choice among `numOutputs`. */
  readonly distribution: "gaussian" | "categorical";
  readonly numActions: number;
  /** Of the network: means, or logits. */
  readonly numOutputs: number;
}

/** So many numbers. */
export function gaussianSpace(numActions: number): ActionSpace {
  return { distribution: "gaussian", numActions, numOutputs: numActions };
}

/** One of so many choices. */
export function categoricalSpace(numOutputs: number): ActionSpace {
  return { distribution: "categorical", numActions: 1, numOutputs };
}

interface TaskFields {
  readonly name: string;
  /** What is learned, for help. */
  readonly says: string;
  /** What it changes in the defaults of the config. */
  readonly config: TrainConfigInput;
  readonly actions: ActionSpace;
  /** What robots are rewarded for, with the weights of `config.env.reward`. */
  readonly rewards: RewardTerms;
  /** Draws commands, where not as the config says. */
  readonly velocityCommand?: VelocityCommand | undefined;
}

/** A policy that moves the robots' joints. */
export interface JointTask extends TaskFields {
  readonly actsOn: "joints";
  readonly observation: JointObservation;
}

/** A policy that tells another one, which walks the robots meanwhile (`config.locomotion`), in which gait. */
export interface GaitTask extends TaskFields {
  readonly actsOn: "gaits";
  readonly observation: SelectionObservation;
}

export type Task = JointTask | GaitTask;
