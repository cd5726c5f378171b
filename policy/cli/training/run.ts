/** A training run on disk: threads that train, files that keep what they do. */

import { createRobotModel } from "../../../sim/robot/model.js";
import { encodeBundle, type PolicyBundle } from "../../bundle/bundle.js";
import type { TrainConfig } from "../../config/schema.js";
import { taskOf } from "../../config/tasks.js";
import type { Checkpoint, TrainedRobot } from "../../training/checkpoint.js";
import type { IterationMetrics, TrainingLimits } from "../../training/progress.js";
import { warmStart } from "../../training/warm-start.js";
import { configYaml } from "../config/document.js";
import { loadRobot } from "../files/robot-file.js";
import { loadLocomotion } from "../run-folder/policy-source.js";
import { copyMeshes } from "../run-folder/robot-meshes.js";
import { RunDirectory } from "../run-folder/run-directory.js";
import { RunLock } from "../run-folder/run-lock.js";
import { useRunTask } from "../run-folder/run-task.js";
import { taskModuleOf } from "../task/module.js";
import { Interruption } from "../terminal/interruption.js";
import { log } from "../terminal/log.js";
import { type Progress, ProgressLine } from "../terminal/progress.js";
import { checkBackendInstalled } from "./backend.js";
import { loadNewestCheckpoint, trainWithRecovery } from "./crash-recovery.js";
import { checkConfigYaml } from "./resumed-config.js";
import { RunKeeper } from "./run-keeper.js";
import type { StartPolicy } from "./start-policy.js";
import { startTraining, type TrainingPool } from "./worker-pool.js";

export interface TrainingOutcome {
  readonly run: RunDirectory;
  /** Stopped by the user before its limit. */
  readonly interrupted: boolean;
  /** For the command to end with. */
  readonly exitCode: number;
  readonly last: IterationMetrics | undefined;
}

/** A run that is about to train: a new one, with nothing or with another policy's weights, or an old one at its last checkpoint. */
export interface PreparedRun {
  readonly run: RunDirectory;
  readonly config: TrainConfig;
  readonly robot: TrainedRobot;
  readonly checkpoint: Checkpoint | undefined;
  /** Held until the end of the training. */
  readonly lock: RunLock;
}

/**
 * Makes the folder of a new run, which begins with a policy's weights where one is given. Nothing is left of it if the robot is
 * wrong, the policy does not fit, the backend is missing or the disk full.
 * @param root where the run's folder is made
 * @param runsRoot where a run that the config names is looked for
 */
export function prepareRun(
  config: TrainConfig,
  root: string,
  name: string | undefined,
  runsRoot: string = root,
  from?: StartPolicy,
): PreparedRun {
  const robot = loadTrainableRobot(config, runsRoot);
  const start = from && warmStart(config, robot, from.source, from.name);
  for (const misfit of start?.misfits ?? []) log.warn(misfit);
  const module = taskModuleOf(config.task);
  const task = { task: taskOf(config).name, taskPath: module?.key ?? null };
  const run = RunDirectory.create(root, { seed: config.seed, ...task, from: from?.name ?? null }, name);
  let lock: RunLock | undefined;
  try {
    lock = RunLock.acquire(run.path);
    run.writeFile("config.yaml", configYaml(config));
    if (module) run.writeFile("task.cjs", module.code);
    run.writeFile("robot.urdf", robot.urdf);
    copyMeshes(run, robot.urdf, robot.name);
    run.writeFile("robot.json", `${JSON.stringify(robot.tuning, null, 2)}\n`);
    return { run, config, robot, checkpoint: start?.checkpoint, lock };
  } catch (error) {
    lock?.release();
    run.remove();
    throw error;
  }
}

/**
 * The config's robot; where gaits are to be selected, that of the policy that walks it.
 * @throws InputError if robot or policy are wrong, or the backend missing
 */
export function loadTrainableRobot(config: TrainConfig, runsRoot: string): TrainedRobot {
  const selects = taskOf(config).actsOn === "gaits";
  const robot = selects ? robotOf(loadLocomotion(config.locomotion, runsRoot)) : loadRobot(config.robot);
  createRobotModel(robot, robot.name);
  checkBackendInstalled(config.backend);
  return robot;
}

/** Of a policy that has its gaits selected already, only the walking. */
function robotOf(locomotion: PolicyBundle): TrainedRobot {
  return { ...locomotion.robot, locomotion: encodeBundle({ ...locomotion, selector: null }) };
}

/** Opens a run to go on from its last checkpoint; its config and robot are those it was started with. */
export function prepareResume(path: string): PreparedRun {
  const run = RunDirectory.open(path);
  const lock = RunLock.acquire(path);
  try {
    useRunTask(run);
    const checkpoint = loadNewestCheckpoint(run);
    checkConfigYaml(run, checkpoint.config);
    checkBackendInstalled(checkpoint.config.backend);
    return { run, config: checkpoint.config, robot: checkpoint.robot, checkpoint, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Trains to the limits, or until Ctrl-C, a SIGTERM or the end of the terminal, which save first. */
export async function train(
  prepared: PreparedRun,
  limits: TrainingLimits,
  progress: Progress = new ProgressLine(),
): Promise<TrainingOutcome> {
  const { run, config, robot, checkpoint, lock } = prepared;
  const keeper: RunKeeper = new RunKeeper(run, config.keepCheckpoints, (metrics) =>
    progress.update({ fraction: fractionDone(metrics, limits), text: progressText(metrics, keeper) }),
  );
  let pool: TrainingPool | undefined;
  const start = (from: Checkpoint | undefined) => {
    if (from?.iteration || keeper.last) run.rewind(from?.iteration ?? 0);
    keeper.startSegment();
    pool = startTraining(config, robot, limits, from, keeper);
    return pool;
  };
  const interruption = new Interruption(() => {
    log.info("Stopping after this iteration …");
    pool?.stop();
  });
  try {
    run.setStatus("running");
    await trainWithRecovery(run, start, checkpoint, () => interruption.requested);
    const interrupted = interruption.requested && !(keeper.last && fractionDone(keeper.last, limits) === 1);
    run.setStatus(interrupted ? "interrupted" : "finished");
    return { run, interrupted, exitCode: interrupted ? interruption.exitCode : 0, last: keeper.last };
  } catch (error) {
    closeFailed(run, keeper.last !== undefined || (checkpoint?.iteration ?? 0) > 0);
    throw error;
  } finally {
    lock.release();
    progress.stop();
    interruption.stopListening();
  }
}

/** What ended the training counts more than a run.json that cannot be written, as on a full disk. */
function closeFailed(run: RunDirectory, hasLearned: boolean): void {
  if (!hasLearned) {
    run.remove();
    return;
  }
  try {
    run.setStatus("failed");
  } catch (error) {
    log.debug((error as Error).message);
  }
}

function fractionDone({ iteration, trainingS }: IterationMetrics, limits: TrainingLimits): number {
  const byIterations = iteration / (limits.iterations ?? Number.POSITIVE_INFINITY);
  const byTime = trainingS / (limits.trainingS ?? Number.POSITIVE_INFINITY);
  return Math.min(1, Math.max(byIterations, byTime));
}

function progressText(m: IterationMetrics, { blowUps, skippedUpdates }: RunKeeper): string {
  return [
    `it ${m.iteration}`,
    `${Math.round(m.steps / 1000)}k steps`,
    `reward ${m.reward.toFixed(2)}`,
    `|v err| ${m.velocityErrorX.toFixed(3)} m/s`,
    `falls ${m.falls}/${m.episodes}`,
    `${Math.round(m.stepsPerSecond)} steps/s`,
    ...(blowUps > 0 ? [`blow-ups ${blowUps}`] : []),
    ...(skippedUpdates > 0 ? [`skipped updates ${skippedUpdates}`] : []),
  ].join("  ");
}
