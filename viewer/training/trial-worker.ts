/** Lets a policy walk one trial, off the page's thread, and answers with the recording: physics and policy as in evaluations. */

import "../page/zod-without-eval.js";
import { decodeBundle } from "../../policy/bundle/bundle.js";
import { Evaluation } from "../../policy/evaluation/evaluate.js";
import { InputError } from "../../sim/errors.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createRobotModel } from "../../sim/robot/model.js";
import { useTask } from "../recording/run-task.js";
import type { TrialReply, TrialRequest } from "./trial-client.js";

/** Always the same ground, start and commands, so that one policy can be told from the next. */
const SEED = 1;
const TRIAL_S = 10;

async function walk({ policy, task }: TrialRequest): Promise<TrialReply> {
  await Promise.all([loadPhysics(), useTask(task)]);
  const bundle = decodeBundle(policy, "policy.json");
  const model = createRobotModel(bundle.robot, bundle.robot.name);
  const { kind: terrain, level } = bundle.env.terrain;
  const options = { terrain, level, trials: 1, seed: SEED, trialS: TRIAL_S };
  const evaluation = new Evaluation(bundle, model, "policy", options, 1);
  while (evaluation.advance());
  const [{ bytes }] = evaluation.episodes();
  evaluation.free();
  const { iteration } = bundle.selector ?? bundle; // what trains is what selects gaits, where there is such
  return { kind: "walked", bytes, iteration };
}

self.onmessage = async ({ data }: MessageEvent<TrialRequest>) => {
  try {
    self.postMessage(await walk(data));
  } catch (error) {
    const kind = error instanceof InputError ? "refused" : "failed";
    const reply: TrialReply = { kind, message: error instanceof Error ? error.message : String(error) };
    self.postMessage(reply);
  }
};
