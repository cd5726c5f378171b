/** Entry point of a thread that walks the same trials in Rapier, as a policy was trained, for comparison. */

import { parentPort } from "node:worker_threads";
import { loadPhysics } from "../../../sim/physics/world.js";
import type { PolicyBundle } from "../../bundle/bundle.js";
import type { ControllerScore } from "../../evaluation/evaluate.js";
import { COURSES } from "../../sim2sim/courses.js";
import { score } from "../evaluation/evaluation-run.js";
import { inheritTasks } from "../task/module.js";
import type { JobMessage } from "../threads/job-pool.js";

export interface RapierJob {
  readonly bundle: PolicyBundle;
  readonly course: number;
  readonly trials: number;
  readonly seed: number;
}

inheritTasks();
await loadPhysics();
const post = (message: JobMessage<ControllerScore>) => parentPort!.postMessage(message);
parentPort!.on("message", async ({ bundle, course: index, trials, seed }: RapierJob) => {
  const { terrain, level, scenario } = COURSES[index];
  const options = { terrain, level, trials, seed, trialS: scenario.trialS };
  const onProgress = (fraction: number) => post({ kind: "progress", fraction });
  const { score: result } = await score(bundle, "policy", options, 0, onProgress, scenario);
  post({ kind: "done", result });
});
