/** The reward of a policy step: the terms of sim/task/reward.ts, weighted and added up. */

import { ExternalWork } from "../../gaits/external-work.js";
import type { ControlConfig } from "../config-sections.js";
import type { Terrain } from "../terrain/height-field.js";
import { FootMotion } from "./foot-motion.js";

import type { RewardScales } from "./reward-scales.js";
import type { RewardConfig, RewardSources, RewardTerm, RewardTerms } from "./reward-term.js";

const REWARD_CLIP_BELOW = 0;

export class WeightedReward {
  /** Weighted terms of the robot that was last looked at, in the order of the terms. */
  readonly terms: Float64Array;
  private readonly sources: RewardSources;
  private readonly feet: FootMotion;
  private readonly rows: readonly (readonly [name: string, term: RewardTerm])[];
  private readonly work: ExternalWork;

  constructor(
    rewards: RewardTerms,
    private readonly weights: RewardConfig,
    sources: Omit<RewardSources, "feet" | "externalWork">,
    private readonly scales: RewardScales,
    { stepS }: ControlConfig,
    terrain: Terrain,
  ) {
    const { numRobots, model } = sources.control;
    this.rows = Object.entries(rewards);
    this.terms = new Float64Array(this.rows.length);
    this.feet = new FootMotion(model, sources.state, terrain);
    this.work = new ExternalWork(numRobots, stepS);
    this.sources = { ...sources, feet: this.feet, externalWork: new Float32Array(numRobots) };
  }

  /** Writes one robot's to `reward` [N]; its step counts towards the running means only if `accept` follows. */
  write(reward: Float32Array, robot: number, fell: boolean): void {
    const { weights, sources, scales, terms, rows } = this;
    const { state, externalWork } = sources;
    this.feet.read(robot);
    externalWork[robot] = this.work.add(robot, state.basePosition, state.baseVelocity);
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const [name, { of }] = rows[i];
      if (weights[name] === 0) continue;
      terms[i] = weights[name] * scales.relative(name, of(sources, robot));
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
