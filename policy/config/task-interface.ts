import { SELECTABLE_GAITS } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { SELECTION_SPEC } from "../../sim/task/gait-selection.js";
import { OBSERVATION_SPEC, type ObservationSpec } from "../../sim/task/observation.js";
import type { TrainConfig } from "./schema.js";

/** What a task's policy is told, and how many numbers it answers with. */
export interface TaskInterface {
  readonly spec: ObservationSpec;
  readonly numActions: number;
  readonly numOutputs: number;
}

export function taskInterface({ task }: Pick<TrainConfig, "task">): TaskInterface {
  if (task === "gait-selection") return { spec: SELECTION_SPEC, numActions: 1, numOutputs: SELECTABLE_GAITS.length };
  return { spec: OBSERVATION_SPEC, numActions: NUM_JOINTS, numOutputs: NUM_JOINTS };
}
