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

/** JavaScript heap that a policy step allocates for each robot, bytes. */
export interface Allocation {
  /** All of `VecEnv.step`. */
  readonly bytesPerStep: number;
  /** The same step of the physics alone: motor targets, Rapier's step, and reading its results through its bindings. */
  readonly rapierBytesPerStep: number;
}

/**
 * What stepping allocates; one figure a repeat.
 *
 * V8 allocates by moving the end of the used heap, so the use after a step less the use before is what the step allocated,
 * to the byte. Where a garbage collection fell into a step the difference is far below zero: such steps are left out. What
 * asking allocates is measured the same way, without a step in between, and taken off.
 *
 * @param config of one training thread
 */
export function measureAllocation(config: TrainConfig, model: RobotModel, repeats: number): Allocation[] {
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
  const timesteps = Math.round(config.env.control.stepS / config.env.physics.timestepS);
  const stepPhysics = () =>
    allocatedBytes(() => {
      env.physics.setTargets(env.control.jointTarget);
      env.physics.step(timesteps);
      env.physics.read();
    });
  const nothing = () => allocatedBytes(() => undefined);
  // In turns: whoever falls in one of them is placed anew by the next step of the environment.
  const measure = (steps: number): Allocation => {
    const all: number[] = [];
    const physics: number[] = [];
    const none: number[] = [];
    for (let i = 0; i < steps; i++) {
      all.push(step());
      physics.push(stepPhysics());
      none.push(nothing());
    }
    const perRobot = (bytes: readonly number[]) => (meanOf(bytes) - meanOf(none)) / config.numEnvs;
    return { bytesPerStep: perRobot(all), rapierBytesPerStep: perRobot(physics) };
  };
  measure(WARM_UP_STEPS);
  const allocations = Array.from({ length: repeats }, () => measure(MEASURED_STEPS));
  env.free();
  return allocations;
}

function allocatedBytes(run: () => void): number {
  const before = heapBytes();
  run();
  return heapBytes() - before;
}

/** Of the steps into which no garbage collection fell. */
function meanOf(measured: readonly number[]): number {
  const values = measured.filter((bytes) => bytes >= 0);
  return values.reduce((sum, bytes) => sum + bytes, 0) / values.length;
}
