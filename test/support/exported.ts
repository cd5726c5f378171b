/** What exports are made of and tried with. */

import { readFileSync } from "node:fs";
import { decodeBundle, type PolicyBundle } from "../../policy/bundle/bundle.js";
import { GaitSelector } from "../../policy/runtime/gait-choice.js";
import { createEstimator, PolicyNetwork } from "../../policy/runtime/inference.js";
import { VecEnv } from "../../sim/env.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createRobotModel } from "../../sim/robot/model.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import { FLAT } from "./world.js";

/** A policy that comes along: "trot" or, with a learned estimator, "locomotion". */
export function pretrained(name: "trot" | "locomotion"): PolicyBundle {
  const file = new URL(`../../policy/pretrained/${name}.json`, import.meta.url);
  return decodeBundle(readFileSync(file, "utf8"), `${name}.json`);
}

/** What a policy's networks are told while an A1 walks for some steps. */
export async function recordInputs(
  bundle: PolicyBundle,
  steps: number,
): Promise<Record<"policy" | "estimator" | "selector", Float32Array[]>> {
  await loadPhysics();
  const network = new PolicyNetwork(bundle);
  const estimator = createEstimator(bundle);
  const inputs: Record<"policy" | "estimator" | "selector", Float32Array[]> = {
    policy: [],
    estimator: [],
    selector: [],
  };
  const env = new VecEnv(createRobotModel(bundle.robot, "a1.urdf"), bundle.env, 1, FLAT, 1, { estimator });
  const action = new Float32Array(network.outputs);
  const selector = bundle.selector && new GaitSelector(bundle.selector, env.control, env.sensors.readings);
  selector?.reset(0);
  for (let step = 0; step < steps; step++) {
    if (selector?.observe(0)) inputs.selector.push(selector.observation.slice());
    inputs.policy.push(env.obs.slice(0, OBSERVATION_SPEC.actorSize));
    network.act(action, 0, env.obs, 0);
    env.step(action);
    if (estimator) inputs.estimator.push(env.estimatorInputs.slice());
  }
  env.free();
  return inputs;
}
