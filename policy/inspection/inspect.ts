/** Looks into a policy: rollouts of a few robots, and what its network, observations, actions, rewards and legs are like. */

import { GAITS, gaitIndex } from "../../gaits/library.js";
import { NUM_JOINTS } from "../../gaits/types.js";
import { VecEnv } from "../../sim/env.js";
import type { EnvConfig } from "../../sim/env-config.js";
import { deriveSeed } from "../../sim/rng.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { createTerrain } from "../../sim/terrain/create.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import type { PolicyBundle } from "../bundle/bundle.js";
import { evaluationEnv, SETTLE_S } from "../evaluation/evaluate.js";
import { envOptionsOf } from "../runtime/env-options.js";
import { PolicyNetwork } from "../runtime/inference.js";
import { ActionSaturation, type JointSummary } from "./action-saturation.js";
import { isSymmetric, LegStatistics, type SymmetryFigure } from "./gait-symmetry.js";
import { LayerActivity, type LayerSummary } from "./layer-activity.js";
import { ObservationRanges, type SliceSummary } from "./observation-ranges.js";

export interface InspectionOptions {
  readonly robots: number;
  /** Length of each of the two rollouts, s; the second's first `SETTLE_S` do not count. */
  readonly rolloutS: number;
  readonly seed: number;
}

export interface Inspection {
  readonly layers: readonly LayerSummary[];
  readonly observation: readonly SliceSummary[];
  readonly joints: readonly JointSummary[];
  /** Weighted reward terms, means per step. */
  readonly reward: readonly RewardShare[];
  readonly fallsPerMinute: number;
  /** In gaits that are the same on both sides; null where the policy knows none. */
  readonly symmetry: readonly SymmetryFigure[] | null;
}

export interface RewardShare {
  readonly name: string;
  readonly mean: number;
  /** Of the sum of all terms' sizes, whatever their signs. */
  readonly share: number;
}

/**
 * Walks robots twice: as in training, with its ground, commands and pushes, but without exploration noise; and, for the
 * symmetry, straight ahead on flat ground in gaits that are the same on both sides.
 * @param onProgress called with the share that is done, 0..1
 */
export function inspect(
  bundle: PolicyBundle,
  model: RobotModel,
  options: InspectionOptions,
  onProgress: (fraction: number) => void = () => undefined,
): Inspection {
  const asTrained = inspectAsTrained(bundle, model, options, (fraction) => onProgress(fraction / 2));
  const gaits = bundle.env.command.gaits.filter((gait) => isSymmetric(GAITS[gaitIndex(gait)]));
  const symmetry =
    gaits.length > 0
      ? inspectSymmetry(bundle, gaits, model, options, (fraction) => onProgress((1 + fraction) / 2))
      : null;
  return { ...asTrained, symmetry };
}

function inspectAsTrained(
  bundle: PolicyBundle,
  model: RobotModel,
  options: InspectionOptions,
  onProgress: (fraction: number) => void,
): Omit<Inspection, "symmetry"> {
  const network = new PolicyNetwork(bundle);
  const layers = new LayerActivity(network.hidden.map(({ length }) => length));
  const rollout = new PolicyRollout(bundle, network, model, bundle.env, bundle.env.terrain, options);
  const { env } = rollout;
  const slices = env.spec.slices.filter((slice) => slice.for === "actor");
  const observation = new ObservationRanges(slices, bundle.normalizer);
  const joints = new ActionSaturation(model);
  rollout.run(
    (row) => {
      layers.add(network.hidden);
      observation.add(env.obs, row);
    },
    (robot, actions) => joints.add(robot, actions, env.control.jointTarget, env.physics.state.jointTorque),
    onProgress,
  );
  const figures = env.statistics.summary();
  env.free();
  return {
    layers: layers.summary(),
    observation: observation.summary(),
    joints: joints.summary(),
    reward: rewardShares(figures),
    fallsPerMinute: (60 * figures.falls) / (options.robots * options.rolloutS),
  };
}

function inspectSymmetry(
  bundle: PolicyBundle,
  gaits: EnvConfig["command"]["gaits"],
  model: RobotModel,
  options: InspectionOptions,
  onProgress: (fraction: number) => void,
): SymmetryFigure[] {
  const flat = { kind: "flat", level: 0 } as const;
  const trial = { terrain: flat.kind, level: 0, trials: options.robots, seed: options.seed, trialS: options.rolloutS };
  const even = evaluationEnv(bundle.env, trial);
  const config: EnvConfig = {
    ...even,
    command: { ...even.command, gaits, vyMPerS: [0, 0], yawRateRadPerS: [0, 0] },
  };
  const rollout = new PolicyRollout(bundle, new PolicyNetwork(bundle), model, config, flat, options);
  const { env } = rollout;
  env.age.fill(0);
  const legs = new LegStatistics(options.robots, config.control.stepS);
  const { footContact, jointTorque, jointPosition } = env.physics.state;
  rollout.run(
    () => undefined,
    (robot) => {
      if (rollout.timeS > SETTLE_S) legs.add(robot, footContact, jointTorque, jointPosition);
    },
    onProgress,
  );
  env.free();
  return legs.summary();
}

/** Robots that a policy drives, without exploration noise. */
class PolicyRollout {
  readonly env: VecEnv;
  /** Since the start, s. */
  timeS = 0;

  constructor(
    bundle: PolicyBundle,
    private readonly network: PolicyNetwork,
    model: RobotModel,
    config: EnvConfig,
    terrain: Omit<TerrainSpec, "seed">,
    private readonly options: InspectionOptions,
  ) {
    const { robots, seed } = options;
    const ground = createTerrain({ ...terrain, seed: deriveSeed(seed, 1) });
    this.env = new VecEnv(model, config, robots, ground, deriveSeed(seed, 2), envOptionsOf(bundle));
  }

  /**
   * @param acted after the network's pass for the observation row that starts at `row`
   * @param stepped after each robot's step, but for those whose episode ended in it: they stand at their next start already
   */
  run(
    acted: (row: number) => void,
    stepped: (robot: number, actions: Float32Array) => void,
    onProgress: (fraction: number) => void,
  ): void {
    const { env, network, options } = this;
    const { stepS } = env.config.control;
    const steps = Math.round(options.rolloutS / stepS);
    const actions = new Float32Array(options.robots * NUM_JOINTS);
    for (let step = 1; step <= steps; step++) {
      for (let robot = 0; robot < options.robots; robot++) {
        network.act(actions, robot * NUM_JOINTS, env.obs, robot * env.spec.size);
        acted(robot * env.spec.size);
      }
      env.step(actions);
      this.timeS = step * stepS;
      for (let robot = 0; robot < options.robots; robot++) {
        if (!env.terminated[robot] && !env.truncated[robot]) stepped(robot, actions);
      }
      onProgress(step / steps);
    }
  }
}

/** The terms among the figures that `EpisodeStatistics` sums up. */
function rewardShares(figures: Readonly<Record<string, number>>): RewardShare[] {
  const terms = Object.entries(figures).filter(([name]) => name.startsWith("reward/"));
  const total = terms.reduce((sum, [, mean]) => sum + Math.abs(mean), 0);
  return terms.map(([name, mean]) => ({ name: name.slice("reward/".length), mean, share: Math.abs(mean) / total }));
}
