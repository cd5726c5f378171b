/**
 * One worker's training loop. All workers run it in step: each owns robots and a replica of the networks, and they meet only
 * to add up gradients and statistics.
 *
 * A run is a chain of segments, from one checkpoint to the next. Environments and random streams start anew with every
 * segment, seeded by its first iteration, and checkpoints hold what else they follow from: so a run that goes on from a
 * checkpoint of every `checkpointEvery` iterations is the run that never stopped, bit for bit. One that was stopped in between
 * starts a segment there that the other does not have: nothing is lost, but its robots start elsewhere.
 */

import { GAITS } from "../../gaits/library.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS, type Estimator } from "../../sim/control/state-estimate.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { type CurriculumState, fullCurriculum } from "../../sim/task/commands.js";
import { advanceCurriculum, firstCurriculum } from "../../sim/task/curriculum.js";
import { RewardScales } from "../../sim/task/reward-scales.js";
import { TerrainCurriculum } from "../../sim/task/terrain-curriculum.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import { MIXED_ROWS } from "../../sim/terrain/tiles.js";
import { decodeBundle, type PolicyBundle } from "../bundle/bundle.js";
import type { TrainConfig } from "../config/schema.js";
import type { Task } from "../config/task.js";
import { taskOf } from "../config/tasks.js";
import { addToSums } from "../networks/normalizer.js";
import type { DeviceExchange } from "../ppo/device-exchange.js";
import { Learner } from "../ppo/learner.js";
import { Rollout } from "../ppo/rollout.js";
import type { WorkerGroup } from "../threads/all-reduce.js";
import type { Checkpoint, TrainedRobot } from "./checkpoint.js";
import { createTrainingEnv } from "./env.js";
import type { TrainingEnv } from "./env-interface.js";
import { TrainingGuard } from "./guard.js";
import { type PhaseTimes, phaseTimes } from "./phase-times.js";
import type { TrainingEvents, TrainingLimits } from "./progress.js";

/** Streams of random numbers: purposes must not share them. */
const STREAM_ENV = 1;
const STREAM_ACTION = 2;
const STREAM_ORDER = 3;
const STREAM_TERRAIN = 4;

export class Trainer {
  readonly learner: Learner;
  readonly rollout: Rollout;
  private iteration = 0;
  private steps = 0;
  private trainingS = 0;
  private env: TrainingEnv | undefined;
  private readonly task: Task;
  /** Walks the robots where gaits are selected. */
  private readonly locomotion: PolicyBundle | undefined;
  private actionRng = new Rng(0);
  private orderRng = new Rng(0);
  private readonly terrain: Terrain;
  private readonly terrainCurriculum: TerrainCurriculum | undefined;
  /** Rows of the terrain curriculum, of all workers' robots. Empty without one. */
  private terrainRows = new Float64Array(0);
  private readonly observationSums: Float64Array;
  private readonly finalRows: Float32Array;
  private readonly curriculum: CurriculumState;
  private readonly rewardScales: RewardScales;
  private readonly guard: TrainingGuard;

  constructor(
    private readonly config: TrainConfig,
    private readonly robot: TrainedRobot,
    private readonly model: RobotModel,
    private readonly group: WorkerGroup,
    device?: DeviceExchange,
  ) {
    const { numEnvs, workers, ppo, env, seed } = config;
    this.task = taskOf(config);
    const { spec } = this.task.observation;
    this.rewardScales = new RewardScales(this.task.rewards);
    if (robot.locomotion !== undefined) this.locomotion = decodeBundle(robot.locomotion, "locomotion");
    this.learner = new Learner(config, spec, group, device);
    const learned = this.learner.layout.estimator.layers.length > 0;
    this.rollout = new Rollout(ppo.horizon, numEnvs / workers, spec.size, this.task.actions, learned);
    this.curriculum = env.command.curriculum ? firstCurriculum() : fullCurriculum();
    this.guard = new TrainingGuard(this.learner, group, numEnvs);
    this.terrain = createTerrain({ ...env.terrain, seed: deriveSeed(seed, STREAM_TERRAIN) });
    if (env.terrain.curriculum) {
      const { numEnvs: ownEnvs } = this.rollout;
      this.terrainCurriculum = new TerrainCurriculum(this.terrain.tiles, MIXED_ROWS, ownEnvs, env.control.stepS);
      this.terrainRows = new Float64Array(numEnvs);
    }
    this.observationSums = new Float64Array(1 + 2 * spec.size);
    this.finalRows = new Float32Array(this.rollout.samples * spec.size);
  }

  /** Goes on from a checkpoint. */
  restore(checkpoint: Checkpoint): void {
    const { learner } = this;
    learner.params.set(checkpoint.params);
    learner.averageActor.set(checkpoint.averageActor);
    learner.adam.m.set(checkpoint.adamM);
    learner.adam.v.set(checkpoint.adamV);
    learner.adam.t = checkpoint.adamUpdates;
    learner.learningRate = checkpoint.learningRate;
    learner.normalizer.load(checkpoint.normalizer);
    const { commandShare, gaitWeight } = checkpoint.curriculum;
    GAITS.forEach(({ id }, gait) => {
      this.curriculum.commandShare[gait] = commandShare[id] ?? this.curriculum.commandShare[gait];
      this.curriculum.gaitWeight[gait] = gaitWeight[id] ?? this.curriculum.gaitWeight[gait];
    });
    const { names, means } = this.rewardScales;
    means.set(names.map((name) => checkpoint.rewardMeans[name] ?? 0));
    this.iteration = checkpoint.iteration;
    this.steps = checkpoint.steps;
    const { worker } = this.group;
    const { numEnvs } = this.rollout;
    this.terrainCurriculum?.rows.set(checkpoint.terrainRows.slice(worker * numEnvs, (worker + 1) * numEnvs));
    this.trainingS = checkpoint.trainingS;
  }

  /** Trains until a limit is reached or a stop is requested. Ends with a checkpoint. */
  run(limits: TrainingLimits, events: TrainingEvents): void {
    const { checkpointEvery } = this.config;
    let last = performance.now();
    let stop = this.limitReached(limits);
    if (!stop) this.startSegment();
    while (!stop) {
      const metrics = this.runIteration();
      const now = performance.now();
      const iterationS = (now - last) / 1000;
      last = now;
      this.trainingS += iterationS;
      const steps = this.rollout.samples * this.group.size;
      this.steps += steps;
      this.iteration++;
      const { iteration, trainingS } = this;
      if (this.group.worker === 0) {
        const stepsPerSecond = steps / iterationS;
        events.iteration({ iteration, steps: this.steps, trainingS, stepsPerSecond, ...metrics });
        for (const text of this.guard.warnings.splice(0)) events.warning?.(text);
      }
      stop = this.agreeToStop(limits);
      if (this.group.worker === 0 && (stop || iteration % checkpointEvery === 0)) events.checkpoint(this.checkpoint());
      if (!stop && iteration % checkpointEvery === 0) this.startSegment();
    }
    this.env?.free();
    this.env = undefined;
  }

  checkpoint(): Checkpoint {
    const { learner, config, robot, iteration, steps, trainingS, curriculum, rewardScales } = this;
    return {
      config,
      robot,
      observationHash: this.task.observation.spec.hash,
      iteration,
      steps,
      trainingS,
      learningRate: learner.learningRate,
      terrainRows: [...this.terrainRows],
      adamUpdates: learner.adam.t,
      normalizer: learner.normalizer.save(),
      rewardMeans: Object.fromEntries(rewardScales.names.map((name, i) => [name, rewardScales.means[i]])),
      curriculum: { commandShare: byGait(curriculum.commandShare), gaitWeight: byGait(curriculum.gaitWeight) },
      params: learner.params,
      averageActor: learner.averageActor,
      adamM: learner.adam.m,
      adamV: learner.adam.v,
    };
  }

  private startSegment(): void {
    const { config, group, iteration } = this;
    const seedOf = (stream: number) => deriveSeed(config.seed, stream, iteration, group.worker);
    this.env?.free();
    const { model, terrain, locomotion, learner, rollout } = this;
    const estimator: Estimator = (outputs, inputs) => learner.estimate(outputs, inputs);
    const options = {
      curriculum: this.curriculum,
      terrainCurriculum: this.terrainCurriculum,
      rewardScales: this.rewardScales,
      estimator: rollout.learnsEstimator ? estimator : undefined,
    };
    const { numEnvs } = rollout;
    this.env = createTrainingEnv(config, model, numEnvs, terrain, seedOf(STREAM_ENV), options, locomotion);
    this.actionRng = new Rng(seedOf(STREAM_ACTION));
    this.orderRng = new Rng(seedOf(STREAM_ORDER));
  }

  /** Collects one rollout, learns from it, and returns what all workers saw. */
  private runIteration(): Record<string, number> & PhaseTimes {
    const { learner, group, rollout } = this;
    const env = this.env!;
    env.statistics.clear();
    env.blowUps.clear();
    this.observationSums.fill(0);
    const physicsBeforeMs = env.physicsMs;
    const start = performance.now();
    const environmentMs = this.collect(env);
    const collectMs = performance.now() - start;
    const update = learner.update(rollout, this.orderRng);
    const learningMs = performance.now() - start - collectMs;
    group.doubles.sum(this.observationSums);
    learner.mirror?.doubleSums(this.observationSums);
    learner.normalizer.merge(this.observationSums);
    group.doubles.sum(env.statistics.sums);
    group.doubles.sum(this.rewardScales.sums);
    this.rewardScales.advance();
    if (this.config.env.command.curriculum) advanceCurriculum(this.curriculum, env.statistics);
    const physicsMs = env.physicsMs - physicsBeforeMs;
    const phaseMs = Float64Array.of(physicsMs, environmentMs - physicsMs, collectMs - environmentMs, learningMs);
    group.doubles.sum(phaseMs);
    const summary = env.statistics.summary();
    this.guard.check(this.iteration + 1, summary.blowUps, env.blowUps, update);
    return {
      ...summary,
      ...this.gatherTerrain(),
      ...update,
      ...phaseTimes(phaseMs, rollout.samples * group.size),
    };
  }

  /** Gathers all workers' rows of the terrain curriculum, and tells their mean as a level. */
  private gatherTerrain(): { terrainLevel?: number } {
    const { terrainCurriculum, terrainRows, group, rollout } = this;
    if (!terrainCurriculum) return {};
    terrainRows.fill(0);
    terrainRows.set(terrainCurriculum.rows, group.worker * rollout.numEnvs);
    group.doubles.sum(terrainRows);
    const meanRow = terrainRows.reduce((sum, row) => sum + row, 0) / terrainRows.length;
    return { terrainLevel: (this.config.env.terrain.level * (meanRow + 1)) / MIXED_ROWS };
  }

  /** Fills the rollout. Returns the time that the environment took of it, ms. */
  private collect(env: TrainingEnv): number {
    const { rollout, learner } = this;
    const { numEnvs, horizon, numActions, obsSize } = rollout;
    let numFinal = 0;
    let environmentMs = 0;
    const finalSteps: number[] = [];
    const adviceWeight = this.adviceWeight();
    learner.beginRollout();
    for (let t = 0; t < horizon; t++) {
      this.group.heartbeat.beat();
      this.storeObservations(env, t);
      learner.act(rollout, t, this.actionRng);
      const start = performance.now();
      if (env.locked) rollout.locked.set(env.locked, t * numEnvs);
      if (env.advice) rollout.advise(t, env.advice, adviceWeight);
      env.step(rollout.action.subarray(t * numEnvs * numActions, (t + 1) * numEnvs * numActions));
      environmentMs += performance.now() - start;
      if (rollout.learnsEstimator) {
        rollout.estimatorInputs.set(env.estimatorInputs, t * numEnvs * ESTIMATOR_INPUTS);
        rollout.estimatorTargets.set(env.estimatorTargets, t * numEnvs * ESTIMATOR_OUTPUTS);
      }
      for (let robot = 0; robot < numEnvs; robot++) {
        const k = t * numEnvs + robot;
        rollout.reward[k] = env.reward[robot];
        rollout.done[k] = env.terminated[robot] | env.truncated[robot];
        if (!env.truncated[robot]) continue;
        finalSteps.push(k);
        learner.normalizer.normalize(this.finalRows, numFinal++ * obsSize, env.finalObs, robot * obsSize);
      }
    }
    this.storeObservations(env, horizon);
    learner.values(rollout.value, rollout.obs);
    this.bootstrapTruncated(finalSteps);
    return environmentMs;
  }

  /**
   * From 1 to 0 over the first iterations: a policy that selects gaits begins as the rule, and then goes its own way ("kickstarting",
   * Schmitt et al. 2018).
   */
  private adviceWeight(): number {
    const { ruleIterations } = this.config.selection;
    return this.iteration < ruleIterations ? 1 - this.iteration / ruleIterations : 0;
  }

  /** Normalises the robots' current observations into row `t`, and counts them towards the statistics. */
  private storeObservations(env: TrainingEnv, t: number): void {
    const { rollout, learner } = this;
    const size = rollout.obsSize;
    for (let robot = 0; robot < rollout.numEnvs; robot++) {
      const from = robot * size;
      if (t < rollout.horizon) addToSums(this.observationSums, env.obs, from, size);
      learner.normalizer.normalize(rollout.obs, (t * rollout.numEnvs + robot) * size, env.obs, from);
    }
  }

  /** An episode that only ran out of time would have gone on: its last reward takes in γ V(final state). */
  private bootstrapTruncated(finalSteps: readonly number[]): void {
    if (finalSteps.length === 0) return;
    const values = new Float32Array(finalSteps.length);
    this.learner.values(values, this.finalRows.subarray(0, finalSteps.length * this.rollout.obsSize));
    finalSteps.forEach((k, i) => {
      this.rollout.reward[k] += this.config.ppo.discount * values[i];
    });
  }

  private limitReached({ iterations, trainingS }: TrainingLimits): boolean {
    const done = this.iteration >= (iterations ?? Number.POSITIVE_INFINITY);
    return done || this.trainingS >= (trainingS ?? Number.POSITIVE_INFINITY);
  }

  /** Every worker must come to the same answer, whatever its clock says: the first one decides. */
  private agreeToStop(limits: TrainingLimits): boolean {
    const decision = new Float64Array(1);
    if (this.group.worker === 0) decision[0] = this.limitReached(limits) || this.group.stopRequested ? 1 : 0;
    this.group.doubles.sum(decision);
    return decision[0] === 1;
  }
}

/** Numbers of the gaits by their ids. */
function byGait(numbers: Float64Array): Record<string, number> {
  return Object.fromEntries(GAITS.map(({ id }, gait) => [id, numbers[gait]]));
}
