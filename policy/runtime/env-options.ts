import type { VecEnvOptions } from "../../sim/env.js";
import { observationOf } from "../../sim/task/observation.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { createEstimator } from "./inference.js";

/** What an environment needs for a bundle's policy to act in it: the observation that it was trained on, and its estimator. */
export function envOptionsOf(bundle: PolicyBundle): Pick<VecEnvOptions, "estimator" | "observation"> {
  const { observation, task } = bundle;
  return { estimator: createEstimator(bundle), observation: observationOf(observation.slices, task) };
}
