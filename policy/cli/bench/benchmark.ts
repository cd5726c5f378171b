/** Gaitway's benchmark: training end to end, then its parts against what one would have used instead. */

import { cpus } from "node:os";
import type { PhysicsOptions } from "../../../sim/physics/world.js";
import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import type { TrainConfig } from "../../config/schema.js";
import { loadRobot } from "../files/robot-file.js";
import { startBackend } from "../training/backend.js";
import { measureAllocation } from "./allocation.js";
import { measureTraining, type TrainingSpeed } from "./end-to-end.js";
import { type Fidelity, measureFidelity } from "./fidelity.js";
import type { Benchmark } from "./figures.js";
import { type LearningSpeed, measureLearning } from "./learning.js";
import { hasMujoco, mujocoRobot } from "./mujoco.js";
import { TrotWorkload } from "./physics.js";
import { type Spread, spreadOf } from "./spread.js";

export { benchmarkText, benchmarkToJson } from "./figures.js";
export { MUJOCO_MISSING } from "./mujoco.js";

export interface BenchmarkOptions {
  readonly config: TrainConfig;
  readonly repeats: number;
  /** Training iterations of each repeat. */
  readonly iterationsPerRepeat: number;
  /** @param fraction of all work that is done, 0..1 */
  onProgress(fraction: number, doing: string): void;
}

/** Shares of the benchmark's time. */
const LEARNING_FROM = 0.85;
const PHYSICS_FROM = 0.95;
/** Robots that MuJoCo simulates, of those that a training thread has. */
const MUJOCO_ROBOTS = 16;

export async function runBenchmark(options: BenchmarkOptions): Promise<Benchmark> {
  const { config, repeats, iterationsPerRepeat, onProgress } = options;
  const robot = loadRobot(config.robot);
  const model = createRobotModel(robot, robot.name);
  // Training comes first: the process's peak memory is its own.
  const training = await measureTraining(config, robot, repeats, iterationsPerRepeat, (done) =>
    onProgress(LEARNING_FROM * done, "training"),
  );
  const backend = await startBackend(config.backend);
  await loadPhysics();
  const { workers, numEnvs } = config;
  const oneThread = { ...config, numEnvs: numEnvs / workers, workers: 1 };
  const learning = await measureLearning(oneThread, robot, model, repeats, (done) =>
    onProgress(LEARNING_FROM + (PHYSICS_FROM - LEARNING_FROM) * done, "learning"),
  );
  onProgress(PHYSICS_FROM, "physics");
  const physics = await measurePhysics(model, config.env.physics, oneThread.numEnvs, repeats);
  const allocations = measureAllocation(oneThread, model, repeats);
  const { heapGrowthMB, heapGrowthIterations, peakRssMB } = training;
  return {
    ...{ cpu: cpus()[0].model, backend, workers, numEnvs, repeats, iterationsPerRepeat },
    figures: {
      ...trainingFigures(training.repeats),
      ...learningFigures(learning),
      ...physics.figures,
      bytesPerStep: spreadOf(allocations.map(({ bytesPerStep }) => bytesPerStep)),
      rapierBytesPerStep: spreadOf(allocations.map(({ rapierBytesPerStep }) => rapierBytesPerStep)),
      startBytesPerStep: spreadOf(allocations.map(({ startBytesPerStep }) => startBytesPerStep)),
    },
    fidelity: physics.fidelity,
    ...{ heapGrowthMB, heapGrowthIterations, peakRssMB },
  };
}

function trainingFigures(repeats: readonly TrainingSpeed[]) {
  const spread = (name: keyof TrainingSpeed) => spreadOf(repeats.map((speed) => speed[name]));
  return {
    envStepsPerSecond: spread("envStepsPerSecond"),
    physicsMicrosPerStep: spread("physicsMicrosPerStep"),
    observationMicrosPerStep: spread("observationMicrosPerStep"),
    inferenceMicrosPerStep: spread("inferenceMicrosPerStep"),
    learningMicrosPerStep: spread("learningMicrosPerStep"),
  };
}

function learningFigures(repeats: readonly LearningSpeed[]) {
  return {
    learningAloneMicrosPerStep: spreadOf(repeats.map((speed) => speed.learnerMicrosPerStep)),
    plainLearningMicrosPerStep: spreadOf(repeats.map((speed) => speed.plainMicrosPerStep)),
    learningSpeedup: spreadOf(repeats.map((speed) => speed.plainMicrosPerStep / speed.learnerMicrosPerStep)),
  };
}

interface PhysicsFigures {
  readonly physicsAloneMicrosPerStep: Spread;
  readonly mujocoPhysicsMicrosPerStep: Spread | null;
  readonly physicsSpeedup: Spread | null;
}

/** The engines take turns, so that what else the machine does slows down both. */
async function measurePhysics(
  model: RobotModel,
  physics: PhysicsOptions,
  numRobots: number,
  repeats: number,
): Promise<{ figures: PhysicsFigures; fidelity: Fidelity | null }> {
  const workload = new TrotWorkload(model, numRobots);
  const fidelity = (await hasMujoco()) ? await measureFidelity(model, physics) : null;
  const timestepS = fidelity?.mujocoTimestepS ?? 0;
  const robot = fidelity ? await mujocoRobot(model, timestepS, physics.friction) : null;
  const count = Math.min(MUJOCO_ROBOTS, numRobots);
  const once = () => ({
    rapier: workload.timeRapier(physics),
    mujoco: robot ? workload.timeMujoco(robot, count) : Number.NaN,
  });
  once();
  const times = Array.from({ length: repeats }, once);
  robot?.free();
  const figures = {
    physicsAloneMicrosPerStep: spreadOf(times.map((time) => time.rapier)),
    mujocoPhysicsMicrosPerStep: robot ? spreadOf(times.map((time) => time.mujoco)) : null,
    physicsSpeedup: robot ? spreadOf(times.map((time) => time.mujoco / time.rapier)) : null,
  };
  return { figures, fidelity };
}
