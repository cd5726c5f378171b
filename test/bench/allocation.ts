/** What stepping the environment costs the garbage collector. */

import { NUM_JOINTS } from "../../gaits/types.js";
import type { TrainConfig } from "../../policy/config.js";
import { VecEnv } from "../../sim/env.js";
import { Rng } from "../../sim/rng.js";
import { createTerrain } from "../../sim/terrain.js";
import type { RobotModel } from "../../sim/types.js";
import { heapBytes } from "./heap.js";

/** Until V8 has compiled everything: interpreted code allocates a box for each floating-point number. */
const WARM_UP_STEPS = 100;
const MEASURED_STEPS = 50;

/**
 * JavaScript heap that `VecEnv.step` allocates for each robot, bytes; one figure a repeat.
 *
 * V8 allocates by moving the end of the used heap, so the use after a step less the use before is what the step allocated,
 * to the byte. Where a garbage collection fell into a step the difference is far below zero: such steps are left out. What
 * asking allocates is measured the same way, without a step in between, and taken off.
 *
 * @param config of one training thread
 */
export function measureAllocation(config: TrainConfig, model: RobotModel, repeats: number): number[] {
  const env = new VecEnv(
    model,
    config.env,
    config.numEnvs,
    createTerrain({ ...config.env.terrain, seed: 0 }),
    config.seed,
  );
  const rng = new Rng(config.seed);
  const actions = new Float32Array(config.numEnvs * NUM_JOINTS);
  const step = () => {
    for (let i = 0; i < actions.length; i++) actions[i] = config.network.initialStd * rng.normal();
    return allocatedBytes(() => env.step(actions));
  };
  const nothing = () => allocatedBytes(() => undefined);
  for (let i = 0; i < WARM_UP_STEPS; i++) {
    step();
    nothing();
  }
  const bytes = Array.from({ length: repeats }, () => (meanOf(step) - meanOf(nothing)) / config.numEnvs);
  env.free();
  return bytes;
}

function allocatedBytes(run: () => void): number {
  const before = heapBytes();
  run();
  return heapBytes() - before;
}

function meanOf(measure: () => number): number {
  const values = Array.from({ length: MEASURED_STEPS }, measure).filter((bytes) => bytes >= 0);
  return values.reduce((sum, bytes) => sum + bytes, 0) / values.length;
}
