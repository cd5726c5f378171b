/** Everything that shapes an environment, with units and ranges. Defaults are the trot task's. */

import { z } from "zod";
import { GAITS } from "../gaits/library.js";
import { TERRAIN_KINDS } from "./terrain.js";

/** [min, max] of a uniform distribution. */
const range = (min: number, max: number) =>
  z
    .tuple([z.number(), z.number()])
    .refine(([a, b]) => a <= b && a >= min && b <= max, `expected [low, high] within ${min}..${max}`);

export const physicsConfigSchema = z.strictObject({
  timestepS: z.number().min(0.001).max(0.02).default(0.01),
  solverIterations: z.int().min(1).max(16).default(2),
  pgsIterations: z.int().min(1).max(64).default(8),
  /** Coulomb friction between feet and ground. */
  friction: z.number().min(0.05).max(3).default(0.8),
});

export const controlConfigSchema = z.strictObject({
  /** Duration of a policy step; a multiple of the physics timestep. */
  stepS: z.number().min(0.005).max(0.1).default(0.02),
  gait: z.enum(GAITS.map(({ id }) => id)).default("trot"),
  /** residual: target = gait memory's joint reference + scale · action; absolute: default pose + scale · action. */
  actionMode: z.enum(["residual", "absolute"]).default("residual"),
  actionScaleRad: z.number().positive().max(2).default(0.25),
  /** Actions are smoothed: share of each new one. Keeps the exploration's noise and hasty feedback off the motors. 1: as they are. */
  actionShare: z.number().positive().max(1).default(0.4),
  /** Shifts the stance legs' targets by −JᵀF/kp so that soft motors carry the robot's weight. */
  gravityFeedForward: z.boolean().default(true),
});

export const commandConfigSchema = z.strictObject({
  vxMPerS: range(-3, 4).default([-0.5, 1.5]),
  vyMPerS: range(-2, 2).default([-0.3, 0.3]),
  yawRateRadPerS: range(-4, 4).default([-0.8, 0.8]),
  /** Time between two commands within an episode. */
  resampleS: z.number().positive().default(5),
  /** Share of commands that are zero throughout, and that have no lateral or no yaw part. */
  standShare: z.number().min(0).max(1).default(0.05),
  straightShare: z.number().min(0).max(1).default(0.5),
  noYawShare: z.number().min(0).max(1).default(0.3),
});

export const randomizationConfigSchema = z.strictObject({
  friction: range(0.05, 3).default([0.5, 1.25]),
  /** Sudden pushes at one hip, in any direction, up to what would change the robot's velocity by so much. 0: none. */
  pushMPerS: z.number().min(0).max(3).default(0.4),
  pushIntervalS: z.number().positive().default(3),
  /** At the start of an episode: joint angles around the default pose, ± rad, and trunk velocity, ± m/s. */
  startJointRad: z.number().min(0).max(1).default(0.1),
  startVelocityMPerS: z.number().min(0).max(2).default(0.3),
});

/** Weights of the reward terms of the same names; 0 switches a term off. */
export const rewardConfigSchema = z.strictObject({
  linearVelocity: z.number().default(3),
  yawRate: z.number().default(4),
  contactSchedule: z.number().default(0.4),
  upright: z.number().default(-2),
  baseHeight: z.number().default(-8),
  verticalVelocity: z.number().default(-1),
  rollPitchRate: z.number().default(-0.05),
  torque: z.number().default(-1e-4),
  actionRate: z.number().default(-0.01),
  actionSize: z.number().default(-0.002),
  /** Multiplies the sum of all terms, so that returns are of order 1. */
  scale: z.number().positive().default(0.02),
  /** Added once when an episode ends in a fall, after scaling. */
  fall: z.number().default(-0.2),
});

export const envConfigSchema = z.strictObject({
  episodeS: z.number().positive().max(120).default(10),
  terrain: z
    .strictObject({ kind: z.enum(TERRAIN_KINDS).default("patchy"), level: z.number().min(0).max(3).default(1.75) })
    .prefault({}),
  physics: physicsConfigSchema.prefault({}),
  control: controlConfigSchema.prefault({}),
  command: commandConfigSchema.prefault({}),
  randomization: randomizationConfigSchema.prefault({}),
  reward: rewardConfigSchema.prefault({}),
});

export type EnvConfig = z.output<typeof envConfigSchema>;
export type PhysicsConfig = EnvConfig["physics"];
export type ControlConfig = EnvConfig["control"];
export type CommandConfig = EnvConfig["command"];
export type RewardConfig = EnvConfig["reward"];
