/** What a term of the reward is: a row with its formula in words and in numbers. */

import { z } from "zod";
import type { LocomotionControl } from "../control/locomotion-control.js";
import type { RobotState } from "../robot/state.js";
import type { FootMotion } from "./foot-motion.js";
import type { PrivilegedState } from "./observation-term.js";

export interface RewardSources {
  readonly state: RobotState;
  readonly control: LocomotionControl;
  readonly privileged: PrivilegedState;
  /** Actions of the step before, clipped. [N, 12] */
  readonly previousAction: Float32Array;
  /** Of the robot whose terms are asked for; computed where a term asks. */
  readonly feet: FootMotion;
  /** Of each robot's last step, J/kg. [N] */
  readonly externalWork: Float32Array;
}

export interface RewardTerm {
  /** Its weight unless a config says otherwise; 0 switches it off. */
  readonly weight: number;
  /** Its formula in words, with units. */
  readonly says: string;
  /** It counts over its own running mean over all robots, so that none such term drowns the others. */
  readonly relative: boolean;
  /** Its value for one robot, before its weight. */
  readonly of: (sources: RewardSources, robot: number) => number;
}

/** By name. */
export type RewardTerms = Readonly<Record<string, RewardTerm>>;

/** A term; without a weight of its own it is off until a config gives it one. */
export function rewardTerm(
  row: Pick<RewardTerm, "says" | "of"> & Partial<Pick<RewardTerm, "weight" | "relative">>,
): RewardTerm {
  return { weight: 0, relative: false, ...row };
}

/** Weights of the terms of the same names; 0 switches a term off. */
export interface RewardConfig {
  readonly [term: string]: number;
  /** Multiplies the sum of all terms. */
  readonly scale: number;
  /** Added once when an episode ends in a fall, after scaling. */
  readonly fall: number;
}

/** @param others whether weights of terms that are not known are let through, too */
export function createRewardSchema(
  terms: RewardTerms,
  others: boolean,
): z.ZodType<RewardConfig, Readonly<Record<string, number | undefined>>> {
  const weights = Object.entries(terms).map(([name, { weight, says, relative }]) => {
    return [
      name,
      z
        .number()
        .default(weight)
        .describe(relative ? `${says}; over its running mean` : says),
    ] as const;
  });
  const schema = z.object({
    ...Object.fromEntries(weights),
    scale: z.number().positive().default(0.02).describe("multiplies the sum of all terms: returns of order 1"),
    fall: z.number().default(-0.2).describe("added once when an episode ends in a fall, after scaling"),
  });
  return (others ? schema.catchall(z.number()) : schema.strict()) as unknown as ReturnType<typeof createRewardSchema>;
}
