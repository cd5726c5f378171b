/** The reward of a policy step: the terms of sim/task/reward.ts, weighted and added up. */

import { ExternalWork } from "../../gaits/external-work.js";
import type { ControlConfig, RewardConfig } from "../env-config.js";
import { FootMotion } from "./foot-motion.js";
import { FOOT_REWARDS, REWARD_NAMES, REWARD_TERMS, type RewardSources } from "./reward.js";
import type { RewardScales } from "./reward-scales.js";

const REWARD_CLIP_BELOW = 0;

export class WeightedReward {
  /** Weighted terms of the robot that was last looked at, in the order of REWARD_NAMES. */
  readonly terms = new Float64Array(REWARD_NAMES.length);
  private readonly value = new Float64Array(1);
  private readonly sources: RewardSources;
  private readonly feet: FootMotion;
  private readonly usesFeet: boolean;
  private readonly work: ExternalWork;

  constructor(
    private readonly weights: RewardConfig,
    sources: Omit<RewardSources, "feet" | "externalWork">,
    private readonly scales: RewardScales,
    { stepS }: ControlConfig,
  ) {
    const { numRobots, model } = sources.control;
    this.feet = new FootMotion(model);
    this.usesFeet = FOOT_REWARDS.some((name) => weights[name] !== 0);
    this.work = new ExternalWork(numRobots, stepS);
    this.sources = { ...sources, feet: this.feet, externalWork: new Float32Array(numRobots) };
  }

  /** Writes one robot's to `reward` [N]; its step counts towards the running means only if `accept` follows. */
  write(reward: Float32Array, robot: number, fell: boolean): void {
    const { weights, sources, scales, terms, value } = this;
    const { state, externalWork } = sources;
    if (this.usesFeet) this.feet.read(state, robot);
    externalWork[robot] = this.work.add(robot, state.basePosition, state.baseVelocity);
    let sum = 0;
    for (let i = 0; i < REWARD_NAMES.length; i++) {
      const name = REWARD_NAMES[i];
      if (weights[name] === 0) continue;
      REWARD_TERMS[name](value, sources, robot);
      terms[i] = weights[name] * scales.relative(name, value[0]);
      sum += terms[i];
    }
    reward[robot] = Math.max(sum, REWARD_CLIP_BELOW) * weights.scale + (fell ? weights.fall : 0);
  }

  /** The step that was last looked at is one of a robot that did not break down. */
  accept(): void {
    this.scales.countStep();
  }

  /** Forgets the last step of a robot that is placed elsewhere. */
  reset(robot: number): void {
    this.work.reset(robot);
  }
}
