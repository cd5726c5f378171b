/** What is learned, as an object: nobody asks for its name. */

import type { ObservationSpec } from "../../sim/task/observation.js";
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

export interface Task {
  readonly name: string;
  /** What is learned, for help. */
  readonly says: string;
  /** What it changes in the defaults of the config. */
  readonly config: TrainConfigInput;
  readonly observation: { readonly spec: ObservationSpec };
  readonly actions: ActionSpace;
  /** Another policy walks the robots meanwhile (`config.locomotion`), and this one tells it how. */
  readonly isAboveLocomotion: boolean;
}
