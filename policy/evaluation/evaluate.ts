/** Zero-shot evaluation: the deterministic policy, and the gait memory alone, on ground and commands drawn from a seed. */

import { NUM_JOINTS } from "../../gaits/types.js";
import { VecEnv } from "../../sim/env.js";
import type { EnvConfig } from "../../sim/env-config.js";
import { CONTROLLER_NAMES, type ControllerKind, EpisodeRecorder } from "../../sim/episode-log.js";
import { deriveSeed, Rng } from "../../sim/rng.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { isTiled } from "../../sim/terrain/kinds.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { envOptionsOf } from "../runtime/env-options.js";
import { createChooser, type GaitChooser, type GaitSource } from "../runtime/gait-choice.js";
import { PolicyNetwork } from "../runtime/inference.js";
import { startsOfLongWays } from "./commanded-path.js";
import { FrameWriter } from "./episode-frames.js";
import { Crossing, type CrossingScore } from "./plank-crossing.js";
import { Recovery } from "./recovery.js";
import { instruct, type Scenario } from "./scenario.js";
import { wilsonInterval } from "./statistics/wilson.js";
import { SuddenPushes } from "./sudden-pushes.js";
import { TrialMetrics, type TrialScore } from "./trial-metrics.js";

/** Robots start from rest: the first second of a trial is not scored. */
export const SETTLE_S = 1;
/** Trials whose gaits are kept, and how often. */
const TRACED_TRIALS = 10;
const TRACE_S = 0.1;
/** Streams of the scenarios' pushes, planks and starts. */
const STREAM_PUSHES = 3;
const STREAM_PLANKS = 4;
const STREAM_STARTS = 5;

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

/** With a `CrossingScore` where there is a goal to get to. */
export interface ControllerScore extends TrialScore, Partial<CrossingScore> {
  readonly falls: number;
  /** Wilson 95 % interval of the share of trials that end in a fall. */
  readonly fallRateInterval: readonly [number, number];
  /** How far robots got from where they were when scoring began, m, the farthest of those that did not fall. */
  readonly driftM: number;
  /** Pushes, and how many of them robots recovered from; 0 where none are made. */
  readonly pushes: number;
  readonly recoveries: number;
  /** Of the first trials, the gait (index in `GAITS`) every 0.1 s, until a fall. Empty where gaits are told. */
  readonly traces: readonly (readonly number[])[];
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
      fullSpeedShare: 0,
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

/** The same, for robots whose gaits somebody chooses from a stand on. */
function withChosenGaits(env: EnvConfig): EnvConfig {
  return {
    ...env,
    command: { ...env.command, gaits: ["stand"], gaitsChosen: true },
  };
}

/** Gaits are as the scenario says; without one they are the policy's choice, but where it has none or is to keep to one gait. */
function usualSource({ selector }: PolicyBundle, { gait }: EvaluationOptions, scenario?: Scenario): GaitSource {
  return scenario?.gaitSource ?? (selector && gait === undefined ? "policy" : "told");
}

/** All trials of one controller at once, each robot one trial. */
export class Evaluation {
  readonly steps: number;
  step = 0;
  private readonly env: VecEnv;
  private readonly network: PolicyNetwork | undefined;
  private readonly actions: Float32Array;
  private readonly metrics: TrialMetrics;
  private readonly chooser: GaitChooser | null;
  private readonly traces: number[][];
  private readonly recovery: Recovery;
  private readonly crossing: Crossing | undefined;
  /** Step in which a trial ended early, by a fall or at the edge of the ground; -1 until then. [N] */
  private readonly endStep: Int32Array;
  private readonly fell: Uint8Array;
  private readonly terrain: TerrainSpec;
  private readonly settleSteps: number;
  private readonly frames: FrameWriter;
  private readonly recorders: EpisodeRecorder[];
  private readonly scoredFrom: Float32Array;
  private readonly pushes: SuddenPushes;

  /**
   * @param record how many of the trials, from the first on, to record
   * @param gaitSource who says gaits, if not whom scenario and options leave them to
   */
  constructor(
    private readonly bundle: PolicyBundle,
    private readonly model: RobotModel,
    private readonly controller: ControllerKind,
    private readonly options: EvaluationOptions,
    record: number,
    private readonly scenario?: Scenario,
    private readonly gaitSource: GaitSource = usualSource(bundle, options, scenario),
  ) {
    const told = evaluationEnv(bundle.env, options, scenario);
    const config = gaitSource === "told" ? told : withChosenGaits(told);
    this.terrain = { kind: options.terrain, level: options.level, seed: deriveSeed(options.seed, 1) };
    const seed = deriveSeed(options.seed, 2);
    this.crossing =
      scenario?.planks && new Crossing(scenario.planks.goalM, options.trials, deriveSeed(options.seed, STREAM_PLANKS));
    const startRng = new Rng(deriveSeed(options.seed, STREAM_STARTS));
    const starts = this.crossing?.starts ?? (scenario && startsOfLongWays(scenario, options.trials, startRng));
    const envOptions = { ...envOptionsOf(bundle), starts };
    this.env = new VecEnv(model, config, options.trials, createTerrain(this.terrain), seed, envOptions);
    this.crossing?.layPlanks(this.env.physics.planks);
    this.env.age.fill(0);
    this.network = controller === "policy" ? new PolicyNetwork(bundle) : undefined;
    this.actions = new Float32Array(options.trials * NUM_JOINTS);
    this.endStep = new Int32Array(options.trials).fill(-1);
    this.fell = new Uint8Array(options.trials);
    this.steps = Math.round(options.trialS / config.control.stepS);
    this.settleSteps = Math.round(SETTLE_S / config.control.stepS);
    const { readings } = this.env.sensors;
    this.chooser = createChooser(gaitSource, this.env.control, readings, bundle.selector);
    if (this.chooser) this.env.control.standsAtRest.fill(0);
    for (let robot = 0; robot < options.trials; robot++) this.chooser?.reset(robot);
    this.pushes = new SuddenPushes(this.env, options.trials, deriveSeed(options.seed, STREAM_PUSHES));
    this.frames = new FrameWriter(this.env, this.chooser?.probabilities, this.pushes.recent);
    this.metrics = new TrialMetrics(this.env, this.frames);
    this.recovery = new Recovery(options.trials, config.control.stepS);
    this.traces = Array.from({ length: this.chooser ? Math.min(TRACED_TRIALS, options.trials) : 0 }, () => []);
    this.scoredFrom = new Float32Array(3 * options.trials);
    this.recorders = Array.from({ length: Math.min(record, options.trials) }, () => new EpisodeRecorder());
  }

  /** One policy step of all trials. Returns false when they are over. */
  advance(): boolean {
    const { env, network, actions, options } = this;
    if (this.step >= this.steps || this.endStep.every((_, robot) => this.isOver(robot))) return false;
    if (this.scenario) this.direct(this.scenario);
    for (let robot = 0; robot < options.trials; robot++) this.chooser?.choose(robot);
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
    const falls = this.fell.reduce((count, fell) => count + fell, 0);
    const fallRateInterval = wilsonInterval(falls, this.options.trials);
    const { pushed: pushes, recovered: recoveries } = this.recovery;
    const { traces } = this;
    const driftM = this.driftM();
    const crossing = this.crossing?.result();
    return { falls, fallRateInterval, ...this.metrics.result(), driftM, pushes, recoveries, traces, ...crossing };
  }

  /** Recorded trials as episode files. */
  episodes(): RecordedEpisode[] {
    const { options, controller, bundle } = this;
    const dtS = bundle.env.control.stepS;
    return this.recorders.map((recorder, robot) => {
      const { vxErrorMPerS, yawRateErrorRadPerS, costOfTransport } = this.metrics.summary(robot);
      const fell = this.fell[robot] === 1;
      const ground = options.terrain === "flat" ? "flat" : `${options.terrain}-${options.level}`;
      const bytes = recorder.encode({
        robot: this.model.name,
        task: bundle.task,
        gait: recorder.longestGait(),
        controller,
        seed: options.seed,
        trial: robot + 1,
        dtS,
        terrain: this.terrain,
        fell,
        durationS: (this.endStep[robot] >= 0 ? this.endStep[robot] : this.steps) * dtS,
        metrics: { velocityErrorX: vxErrorMPerS, yawRateError: yawRateErrorRadPerS, costOfTransport },
        label: `${ground} ${CONTROLLER_NAMES[controller]} ${robot + 1}`,
      });
      return { name: `${ground}-${controller}-${String(robot + 1).padStart(3, "0")}`, bytes };
    });
  }

  free(): void {
    this.env.free();
  }

  /** Whether a robot has fallen, come to the edge of the ground, or got to its goal. */
  private isOver(robot: number): boolean {
    return this.endStep[robot] >= 0 || this.crossing?.hasReached(robot) === true;
  }

  /** The environment has already moved a robot whose trial has ended to its next start: its step is neither scored nor recorded. */
  private finish(robot: number): void {
    const { env, frames, recorders } = this;
    if (this.isOver(robot)) return;
    if (env.terminated[robot] | env.truncated[robot]) {
      this.endStep[robot] = this.step;
      this.fell[robot] = env.terminated[robot];
      return;
    }
    const { stepS } = env.config.control;
    recorders[robot]?.append(frames.write(robot, this.step * stepS));
    this.crossing?.add(robot, this.step * stepS, env.physics.state);
    this.metrics.addFootfall(robot);
    if (this.step % Math.round(TRACE_S / stepS) === 0) {
      this.traces[robot]?.push(env.control.gait.reference.gaitIndex[robot]);
    }
    this.recovery.add(robot, frames.command, env.physics.state.baseVelocity);
    if (this.step > this.settleSteps) this.metrics.score(robot);
    else this.scoredFrom.set(env.physics.state.basePosition.subarray(3 * robot, 3 * robot + 3), 3 * robot);
  }

  /** Tells robots what to do, and pushes them. */
  private direct(scenario: Scenario): void {
    const { env, step, options, crossing } = this;
    const { stepS } = env.config.control;
    const { pushes } = scenario;
    this.pushes.clear();
    const pushing = pushes && step > 0 && step % Math.round(pushes.everyS / stepS) === 0;
    for (let robot = 0; robot < options.trials; robot++) {
      instruct(env.control, scenario, this.gaitSource, robot, step * stepS);
      if (crossing) env.control.command[3 * robot + 2] = crossing.yawRate(robot, env.physics.state);
      if (!pushing || this.isOver(robot)) continue;
      this.recovery.push(robot);
      this.pushes.push(robot, pushes.velocityChangeMPerS);
    }
  }

  private driftM(): number {
    const { basePosition } = this.env.physics.state;
    const distances = Array.from(this.endStep, (step, robot) => {
      const p = 3 * robot;
      return step >= 0
        ? 0
        : Math.hypot(basePosition[p] - this.scoredFrom[p], basePosition[p + 1] - this.scoredFrom[p + 1]);
    });
    return Math.max(...distances);
  }
}
