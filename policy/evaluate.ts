/** Zero-shot evaluation: the deterministic policy, and the gait memory alone, on ground and commands drawn from a seed. */

import { BiomechanicsAccumulator } from "../gaits/biomechanics.js";
import { FootfallStatistics, type FootfallSummary } from "../gaits/footfall.js";
import { NUM_JOINTS } from "../gaits/types.js";
import { VecEnv } from "../sim/env.js";
import type { EnvConfig } from "../sim/env-config.js";
import { EpisodeRecorder } from "../sim/episode-log.js";
import { deriveSeed, Rng } from "../sim/rng.js";
import { createTerrain } from "../sim/terrain.js";
import { isTiled } from "../sim/terrain-kinds.js";
import type { RobotModel, TerrainSpec } from "../sim/types.js";
import type { PolicyBundle } from "./bundle.js";
import { FrameWriter } from "./episode-frames.js";
import { createEstimator, PolicyNetwork } from "./inference.js";
import { instruct, type Scenario } from "./scenario.js";
import { wilsonInterval } from "./wilson.js";

/** Robots start from rest: the first second of a trial is not scored. */
export const SETTLE_S = 1;
/** So long after a change of gait footfalls count as the new one's. */
const GAIT_SETTLE_S = 0.8;
/** Stream of the scenarios' pushes. */
const STREAM_PUSHES = 3;

/** Slower robots would not get far enough to meet what is ahead of them. */
const AHEAD_FROM_M_PER_S = 0.3;

export interface EvaluationOptions {
  readonly terrain: TerrainSpec["kind"];
  readonly level: number;
  readonly trials: number;
  readonly seed: number;
  /** Length of a trial, s. */
  readonly trialS: number;
  /** Overrides the fastest forward command, m/s. */
  readonly maxVxMPerS?: number | undefined;
  /** Id of the one gait to walk in, instead of all that the policy knows. */
  readonly gait?: string | undefined;
}

export type ControllerKind = "policy" | "zero-action";

/** Means over all robots and scored steps before their fall, if any. */
export interface ControllerScore {
  readonly falls: number;
  /** Wilson 95 % interval of the share of trials that end in a fall. */
  readonly fallRateInterval: readonly [number, number];
  readonly velocityErrorX: number;
  readonly velocityErrorY: number;
  readonly yawRateError: number;
  readonly contactErrorPercent: number;
  readonly costOfTransport: number;
  readonly torqueSaturationPercent: number;
  /** How far robots got from where they were when scoring began, m, the farthest of those that did not fall. */
  readonly driftM: number;
  /** Of each gait that robots were settled in. */
  readonly footfalls: readonly FootfallSummary[];
}

/** A recorded trial. */
export interface RecordedEpisode {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The environment that a bundle is scored in: its own, but for even commands over the whole range (no share of standing or
 * straight ones), nominal friction, no pushes, and a start at rest in the default pose. Where there are stairs, gaps or the like
 * ahead of the robots, commands are to walk ahead.
 */
export function evaluationEnv(env: EnvConfig, options: EvaluationOptions, scenario?: Scenario): EnvConfig {
  const [low, high] = env.command.vxMPerS;
  const fastest = options.maxVxMPerS ?? high;
  const onTiles = isTiled(options.terrain);
  const { friction } = env.physics;
  return {
    ...env,
    // Longer than a trial: the trial's end must not reset the robots within it.
    episodeS: options.trialS + 1,
    command: {
      ...env.command,
      gaits: options.gait === undefined ? env.command.gaits : [options.gait],
      // A scenario alone says when commands change.
      resampleS: scenario ? options.trialS + 1 : env.command.resampleS,
      vxMPerS: [onTiles ? Math.max(low, Math.min(AHEAD_FROM_M_PER_S, fastest)) : low, fastest],
      standShare: 0,
      straightShare: onTiles ? 1 : 0,
      noYawShare: onTiles ? 1 : 0,
    },
    randomization: {
      ...env.randomization,
      friction: [friction, friction],
      payloadKg: [0, 0],
      centerOfMassM: 0,
      motorStrength: [1, 1],
      stiffness: [1, 1],
      damping: [1, 1],
      gravityTiltRad: 0,
      pushMPerS: 0,
      startJointRad: 0,
      startVelocityMPerS: 0,
    },
  };
}

/** All trials of one controller at once, each robot one trial. */
export class Evaluation {
  readonly steps: number;
  step = 0;
  private readonly env: VecEnv;
  private readonly network: PolicyNetwork | undefined;
  private readonly actions: Float32Array;
  private readonly velocity: Float32Array;
  private readonly metrics: BiomechanicsAccumulator;
  private readonly fallStep: Int32Array;
  private readonly terrain: TerrainSpec;
  private readonly settleSteps: number;
  private readonly frames: FrameWriter;
  private readonly recorders: EpisodeRecorder[];
  private readonly footfalls = new FootfallStatistics();
  /** Steps that each robot has been in its gait, which is the one of `lastGait`. [N] */
  private readonly gaitSteps: Int32Array;
  private readonly lastGait: Uint8Array;
  private readonly scoredFrom: Float32Array;
  private readonly pushRng: Rng;

  /** @param record how many of the trials, from the first on, to record */
  constructor(
    private readonly bundle: PolicyBundle,
    private readonly model: RobotModel,
    private readonly controller: ControllerKind,
    private readonly options: EvaluationOptions,
    record: number,
    private readonly scenario?: Scenario,
  ) {
    const config = evaluationEnv(bundle.env, options, scenario);
    this.terrain = { kind: options.terrain, level: options.level, seed: deriveSeed(options.seed, 1) };
    const seed = deriveSeed(options.seed, 2);
    const estimator = createEstimator(bundle);
    this.env = new VecEnv(model, config, options.trials, createTerrain(this.terrain), seed, { estimator });
    this.env.age.fill(0);
    this.network = controller === "policy" ? new PolicyNetwork(bundle) : undefined;
    this.actions = new Float32Array(options.trials * NUM_JOINTS);
    this.velocity = new Float32Array(options.trials * 3);
    const { massKg, torqueMaxNm } = model;
    this.metrics = new BiomechanicsAccumulator({ numRobots: options.trials, massKg, torqueMaxNm });
    this.fallStep = new Int32Array(options.trials).fill(-1);
    this.steps = Math.round(options.trialS / config.control.stepS);
    this.settleSteps = Math.round(SETTLE_S / config.control.stepS);
    this.frames = new FrameWriter(this.env);
    this.gaitSteps = new Int32Array(options.trials);
    this.lastGait = new Uint8Array(options.trials);
    this.scoredFrom = new Float32Array(3 * options.trials);
    this.pushRng = new Rng(deriveSeed(options.seed, STREAM_PUSHES));
    this.recorders = Array.from({ length: Math.min(record, options.trials) }, () => new EpisodeRecorder());
  }

  /** One policy step of all trials. Returns false when they are over. */
  advance(): boolean {
    const { env, network, actions, options } = this;
    if (this.step >= this.steps) return false;
    if (this.scenario) this.direct(this.scenario);
    if (network) {
      for (let robot = 0; robot < options.trials; robot++) {
        network.act(actions, robot * NUM_JOINTS, env.obs, robot * env.spec.size);
      }
    }
    this.frames.beforeStep();
    env.step(actions);
    this.step++;
    for (let robot = 0; robot < options.trials; robot++) this.finish(robot);
    return true;
  }

  result(): ControllerScore {
    const falls = this.fallStep.reduce((count, step) => count + (step >= 0 ? 1 : 0), 0);
    const pooled = this.metrics.pooledSummary();
    return {
      falls,
      fallRateInterval: wilsonInterval(falls, this.options.trials),
      velocityErrorX: pooled.vxErrorMPerS,
      velocityErrorY: pooled.vyErrorMPerS,
      yawRateError: pooled.yawRateErrorRadPerS,
      contactErrorPercent: pooled.contactErrorPercent,
      costOfTransport: pooled.costOfTransport,
      torqueSaturationPercent: pooled.torqueSaturationPercent,
      driftM: this.driftM(),
      footfalls: this.footfalls.summary(),
    };
  }

  /** Recorded trials as episode files. */
  episodes(): RecordedEpisode[] {
    const { options, controller, bundle } = this;
    const dtS = bundle.env.control.stepS;
    return this.recorders.map((recorder, robot) => {
      const { vxErrorMPerS, yawRateErrorRadPerS, costOfTransport } = this.metrics.summary(robot);
      const fell = this.fallStep[robot] >= 0;
      const ground = options.terrain === "flat" ? "flat" : `${options.terrain}-${options.level}`;
      const bytes = recorder.encode({
        robot: this.model.name,
        task: bundle.task,
        gait: bundle.env.command.gaits[0],
        controller,
        seed: options.seed,
        trial: robot + 1,
        dtS,
        terrain: this.terrain,
        fell,
        durationS: (fell ? this.fallStep[robot] : this.steps) * dtS,
        metrics: { velocityErrorX: vxErrorMPerS, yawRateError: yawRateErrorRadPerS, costOfTransport },
        label: `${ground} ${controller} ${robot + 1}`,
      });
      return { name: `${ground}-${controller}-${String(robot + 1).padStart(3, "0")}`, bytes };
    });
  }

  free(): void {
    this.env.free();
  }

  /** The environment has already moved a robot that fell to its next start: its step is neither scored nor recorded. */
  private finish(robot: number): void {
    const { env, fallStep, frames, recorders } = this;
    if (fallStep[robot] >= 0) return;
    if (env.terminated[robot]) {
      fallStep[robot] = this.step;
      return;
    }
    recorders[robot]?.append(frames.write(robot, this.step * env.config.control.stepS));
    this.addFootfall(robot);
    if (this.step > this.settleSteps) this.score(robot);
    else this.scoredFrom.set(env.physics.state.basePosition.subarray(3 * robot, 3 * robot + 3), 3 * robot);
  }

  /** Tells robots what to do, and pushes them. */
  private direct(scenario: Scenario): void {
    const { env, step, options, pushRng } = this;
    const { stepS } = env.config.control;
    const { pushes } = scenario;
    const pushing = pushes && step > 0 && step % Math.round(pushes.everyS / stepS) === 0;
    for (let robot = 0; robot < options.trials; robot++) {
      instruct(env.control, scenario, robot, step * stepS);
      if (!pushing) continue;
      const impulse = env.model.massKg * pushes.velocityChangeMPerS;
      const angle = pushRng.uniform(-Math.PI, Math.PI);
      env.physics.pushTrunk(robot, [0, 0, 0], [impulse * Math.cos(angle), impulse * Math.sin(angle), 0]);
    }
  }

  private driftM(): number {
    const { basePosition } = this.env.physics.state;
    const distances = Array.from(this.fallStep, (step, robot) => {
      const p = 3 * robot;
      return step >= 0
        ? 0
        : Math.hypot(basePosition[p] - this.scoredFrom[p], basePosition[p + 1] - this.scoredFrom[p + 1]);
    });
    return Math.max(...distances);
  }

  private addFootfall(robot: number): void {
    const { env, frames, gaitSteps, lastGait } = this;
    const gait = env.control.gait.reference.gaitIndex[robot];
    gaitSteps[robot] = gait === lastGait[robot] ? gaitSteps[robot] + 1 : 0;
    lastGait[robot] = gait;
    if (gaitSteps[robot] * env.config.control.stepS < GAIT_SETTLE_S) return;
    this.footfalls.add(robot, gait, frames.phase, env.physics.state.footContact);
  }

  private score(robot: number): void {
    const { env, frames, velocity } = this;
    const { state } = env.physics;
    velocity[3 * robot] = state.baseVelocity[3 * robot];
    velocity[3 * robot + 1] = state.baseVelocity[3 * robot + 1];
    velocity[3 * robot + 2] = state.baseAngularVelocity[3 * robot + 2];
    this.metrics.add(
      robot,
      state.jointTorque,
      state.jointVelocity,
      state.footContact,
      frames.scheduledContact,
      frames.command,
      velocity,
    );
  }
}
