/** Everything that shapes an environment, with units and ranges. Defaults are the trot task's. */

import { z } from "zod";
import {
  commandConfigSchema,
  controlConfigSchema,
  oneOf,
  physicsConfigSchema,
  randomizationConfigSchema,
  sensorConfigSchema,
} from "./config-sections.js";
import { REWARD_TERMS } from "./task/reward.js";
import { createRewardSchema, type RewardTerms } from "./task/reward-term.js";
import { MAX_TERRAIN_LEVEL, TERRAIN_KINDS } from "./terrain/kinds.js";

/**
 * @param rewards the terms that an environment has weights of
 * @param others whether it may have weights of other terms besides
 */
export function createEnvConfigSchema(rewards: RewardTerms, others = false) {
  return z.strictObject({
    episodeS: z.number().positive().max(120).default(10).describe("s"),
    terrain: z
      .strictObject({
        kind: oneOf(() => TERRAIN_KINDS)
          .default("patchy")
          .describe("patchy: rough and flat ground in turns; mixed: the kinds after it, in tiles"),
        level: z
          .number()
          .min(0)
          .max(MAX_TERRAIN_LEVEL)
          .default(1)
          .describe("difficulty; rough ground of level 2 has a standard deviation of 18 mm"),
        curriculum: z
          .boolean()
          .default(false)
          .describe("with kind mixed: robots begin on easy tiles, and move to harder ones, up to level, as they cope"),
      })
      .refine(({ kind, curriculum }) => kind === "mixed" || !curriculum, {
        path: ["curriculum"],
        message: "expected false, or kind mixed",
      })
      .prefault({})
      .describe("ground of the training"),
    physics: physicsConfigSchema.prefault({}).describe("Rapier"),
    control: controlConfigSchema.prefault({}).describe("from actions to motor targets"),
    command: commandConfigSchema.prefault({}).describe("velocity commands"),
    randomization: randomizationConfigSchema.prefault({}).describe("drawn anew for each robot or episode"),
    sensors: sensorConfigSchema.prefault({}).describe("how wrong and late sensors are; noise is uniform around 0"),
    reward: createRewardSchema(rewards, others)
      .prefault({})
      .describe("weights of the terms of sim/task/reward.ts; 0 switches one off"),
  });
}

/** With the rewards that come along. */
export const envConfigSchema = createEnvConfigSchema(REWARD_TERMS);

/** Of an environment that was trained in, where nothing is learned any more: it may have had rewards of a task's own. */
export const pastEnvConfigSchema = createEnvConfigSchema(REWARD_TERMS, true);

export type EnvConfig = z.output<typeof envConfigSchema>;
export type EnvConfigInput = z.input<typeof envConfigSchema>;
