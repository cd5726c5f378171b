/** What stepping the environment costs the garbage collector. */

import { NUM_JOINTS } from "../../../gaits/types.js";
import { VecEnv } from "../../../sim/env.js";
import { Rng } from "../../../sim/rng.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import type { TrainConfig } from "../../config/schema.js";
import { heapBytes } from "./heap.js";
import { spreadOf } from "./spread.js";

/** Until V8 has compiled everything: interpreted code allocates a box for each floating-point number. */
const WARM_UP_STEPS = 300;
const MEASURED_STEPS = 50;

/** JavaScript heap that a policy step allocates for each robot, bytes. */
export interface Allocation {
  /** All of `VecEnv.step`. */
  readonly bytesPerStep: number;
  /** The same step of the physics alone: motor targets, Rapier's step, and reading its results through its bindings. */
  readonly rapierBytesPerStep: number;
  /** What starting anew makes of it, of the robots whose episode ended in a step, through Rapier's bindings for the most part. */
  readonly startBytesPerStep: number;
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
  const stepPhysics = () =>
    allocatedBytes(() => {
      env.physics.setTargets(env.control.jointTarget);
      env.physics.advance(config.env.control.stepS);
      env.physics.read();
    });
  const nothing = () => allocatedBytes(() => undefined);
  let turn = 0;
  const start = () => allocatedBytes(() => env.reset(turn++ % config.numEnvs));
  // In turns: whoever falls in one of them is placed anew by the next step of the environment.
  const measure = (steps: number): Allocation => {
    const bytes = { step: [], physics: [], start: [], nothing: [] } as Record<string, number[]>;
    let starts = 0;
    for (let i = 0; i < steps; i++) {
      bytes.step.push(step());
      starts += countEnded(env);
      bytes.physics.push(stepPhysics());
      bytes.start.push(start());
      bytes.nothing.push(nothing());
    }
    const perRobot = (all: readonly number[]) => (medianOf(all) - medianOf(bytes.nothing)) / config.numEnvs;
    return {
      bytesPerStep: perRobot(bytes.step),
      rapierBytesPerStep: perRobot(bytes.physics),
      startBytesPerStep: (starts / steps) * perRobot(bytes.start),
    };
  };
  measure(WARM_UP_STEPS);
  const allocations = Array.from({ length: repeats }, () => measure(MEASURED_STEPS));
  env.free();
  return allocations;
}

function countEnded({ terminated, truncated }: VecEnv): number {
  return terminated.reduce((count, fell, robot) => count + (fell | truncated[robot]), 0);
}

function allocatedBytes(run: () => void): number {
  const before = heapBytes();
  run();
  return heapBytes() - before;
}

/** Of the steps into which no garbage collection fell. Not the mean: where a page of the heap is full, its rest counts as used. */
function medianOf(measured: readonly number[]): number {
  return spreadOf(measured.filter((bytes) => bytes >= 0)).median;
}
