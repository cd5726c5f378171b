/** Entry point of a thread that runs trials of an experiment. */

import { parentPort } from "node:worker_threads";
import type { ControllerKind } from "../../../sim/episode-log.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import type { ControllerScore, EvaluationOptions } from "../../evaluation/evaluate.js";
import { EXPERIMENTS } from "../../evaluation/experiments.js";
import type { GaitSource } from "../../runtime/gait-choice.js";
import { inheritTasks } from "../task/module.js";
import type { JobMessage } from "../threads/job-pool.js";
import { score } from "./evaluation-run.js";

/** A cell's trials with one policy. The cell goes by its place, as its scenario holds functions, which no message can. */
export interface ExperimentJob {
  readonly experiment: string;
  readonly cell: number;
  readonly bundle: PolicyBundle;
  readonly controller: ControllerKind;
  readonly options: EvaluationOptions;
  readonly gaitSource: GaitSource;
}

inheritTasks();
await loadPhysics();
const post = (message: JobMessage<ControllerScore>) => parentPort!.postMessage(message);
parentPort!.on("message", async ({ experiment, cell, bundle, controller, options, gaitSource }: ExperimentJob) => {
  const { scenario } = EXPERIMENTS.find(({ id }) => id === experiment)!.cells[cell];
  const onProgress = (fraction: number) => post({ kind: "progress", fraction });
  const { score: result } = await score(bundle, controller, options, 0, onProgress, scenario, gaitSource);
  post({ kind: "done", result });
});
