/** A training run on disk: threads that train, files that keep what they do. */

import { InputError } from "../../sim/errors.js";
import { createRobotModel } from "../../sim/robot-model.js";
import { createBundle, encodeBundle } from "../bundle.js";
import { type Checkpoint, decodeCheckpoint } from "../checkpoint.js";
import type { TrainConfig } from "../config.js";
import type { IterationMetrics, TrainingLimits } from "../trainer.js";
import { checkBackendInstalled } from "./backend.js";
import { configYaml } from "./config-document.js";
import { loadRobot, type NamedRobot, readBytes } from "./load.js";
import { log } from "./log.js";
import { type Progress, ProgressLine } from "./progress.js";
import { RunDirectory } from "./run-directory.js";
import { startTraining } from "./worker-pool.js";

export interface TrainingOutcome {
  readonly run: RunDirectory;
  /** Stopped by the user before its limit. */
  readonly interrupted: boolean;
  readonly last: IterationMetrics | undefined;
}

/** A run that is about to train: a new one, or an old one at its last checkpoint. */
export interface PreparedRun {
  readonly run: RunDirectory;
  readonly config: TrainConfig;
  readonly robot: NamedRobot;
  readonly checkpoint: Checkpoint | undefined;
}

/** Makes the folder of a new run. Nothing is written if the robot is wrong or the backend missing. */
export function prepareRun(config: TrainConfig, runsRoot: string, name: string | undefined): PreparedRun {
  const robot = loadTrainableRobot(config);
  const run = RunDirectory.create(runsRoot, config, name);
  run.writeFile("config.yaml", configYaml(config));
  run.writeFile("robot.urdf", robot.urdf);
  run.writeFile("robot.json", `${JSON.stringify(robot.tuning, null, 2)}\n`);
  return { run, config, robot, checkpoint: undefined };
}

/** The config's robot. @throws InputError if it is wrong or the backend missing */
export function loadTrainableRobot(config: TrainConfig): NamedRobot {
  const robot = loadRobot(config.robot);
  createRobotModel(robot, robot.name);
  checkBackendInstalled(config.backend);
  return robot;
}

/** Opens a run to go on from its last checkpoint; its config and robot are those it was started with. Writes nothing. */
export function prepareResume(path: string): PreparedRun {
  const run = RunDirectory.open(path);
  const latest = run.latestCheckpoint();
  if (!latest) throw new InputError(`${path}: nothing to resume: it stopped before its first checkpoint`);
  const checkpoint = decodeCheckpoint(readBytes(latest.path), latest.path);
  checkBackendInstalled(checkpoint.config.backend);
  return { run, config: checkpoint.config, robot: checkpoint.robot, checkpoint };
}

/** Trains to the limits, or until Ctrl-C or a SIGTERM, which save first. */
export async function train(
  prepared: PreparedRun,
  limits: TrainingLimits,
  progress: Progress = new ProgressLine(),
): Promise<TrainingOutcome> {
  const { run, config, robot, checkpoint } = prepared;
  if (checkpoint) run.truncateMetrics(checkpoint.iteration);
  run.setStatus("running");
  let last: IterationMetrics | undefined;
  const pool = startTraining(config, robot, limits, checkpoint, {
    iteration(metrics) {
      last = metrics;
      run.writeMetrics(metrics);
      progress.update({ fraction: fractionDone(metrics, limits), text: progressText(metrics) });
    },
    checkpoint(iteration, bytes) {
      const path = run.writeCheckpoint(iteration, bytes);
      log.debug(`saved ${path}`);
      run.writeFile("policy.json", encodeBundle(createBundle(decodeCheckpoint(bytes, path))));
    },
  });
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted) log.info("Stopping after this iteration …");
    interrupted = true;
    pool.stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    await pool.finished;
    run.setStatus(interrupted ? "interrupted" : "finished");
  } catch (error) {
    if (last || checkpoint) run.setStatus("failed");
    else run.remove(); // nothing was learned
    throw error;
  } finally {
    progress.stop();
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
  return { run, interrupted, last };
}

function fractionDone({ iteration, trainingS }: IterationMetrics, limits: TrainingLimits): number {
  const byIterations = iteration / (limits.iterations ?? Number.POSITIVE_INFINITY);
  const byTime = trainingS / (limits.trainingS ?? Number.POSITIVE_INFINITY);
  return Math.min(1, Math.max(byIterations, byTime));
}

function progressText(m: IterationMetrics): string {
  return [
    `it ${m.iteration}`,
    `${Math.round(m.steps / 1000)}k steps`,
    `reward ${m.reward.toFixed(2)}`,
    `|v err| ${m.velocityErrorX.toFixed(3)} m/s`,
    `falls ${m.falls}/${m.episodes}`,
    `${Math.round(m.stepsPerSecond)} steps/s`,
  ].join("  ");
}
