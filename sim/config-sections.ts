/** Sections of the config that the rooms of sim read, with units and ranges. Defaults are the trot task's. */

import { z } from "zod";
import { GAITS } from "../gaits/library.js";

/** [low, high] of a uniform distribution. */
const range = (min: number, max: number) => {
  const bound = z.number().min(min).max(max);
  return z.tuple([bound, bound]).refine(([low, high]) => low <= high, "expected [low, high], low first");
};

/** One of a list that tasks of one's own may have made longer by the time that a config is parsed, or told of. */
export const oneOf = (names: () => readonly string[]) =>
  z
    .string()
    .refine((name) => names().includes(name), {
      error: () =>
        `expected one of ${names()
          .map((name) => `"${name}"`)
          .join("|")}`,
    })
    .meta({
      get enum() {
        return names();
      },
    });

/** Half-width of a uniform distribution around 0. */
const noise = (max: number) => z.number().min(0).max(max).default(0);

export const physicsConfigSchema = z.strictObject({
  timestepS: z.number().min(0.001).max(0.02).default(0.02).describe("s"),
  solverIterations: z.int().min(1).max(16).default(4).describe("substeps, each with its own collision response"),
  pgsIterations: z.int().min(1).max(64).default(8).describe("constraint sweeps within a substep"),
  friction: z.number().min(0.05).max(3).default(0.8).describe("Coulomb friction between feet and ground in evaluation"),
});

export const controlConfigSchema = z.strictObject({
  stepS: z
    .number()
    .min(0.005)
    .max(0.1)
    .default(0.02)
    .describe("s a policy step lasts, a multiple of physics.timestepS"),
  estimator: z
    .enum(["odometry", "learned", "none"])
    .default("odometry")
    .describe("of velocity and height: IMU and legs; these corrected by a network; or only the command"),
  gaitMemory: z.boolean().default(true).describe("false: the policy is told nothing of schedule and reference feet"),
  actionMode: z
    .enum(["residual", "absolute"])
    .default("residual")
    .describe("what actions are added to: the gait memory's joint angles or the default pose"),
  actionScaleRad: z.number().positive().max(2).default(0.25).describe("rad of joint angle per unit of action"),
  actionShare: z
    .number()
    .positive()
    .max(1)
    .default(0.4)
    .describe("share of each new action, the rest stays: keeps noise and haste off the motors; 1 for none of it"),
  gravityFeedForward: z
    .boolean()
    .default(true)
    .describe("shifts the stance legs' targets by -J'F/kp, so that soft motors carry the weight"),
});

export const commandConfigSchema = z.strictObject({
  gaits: z
    .array(oneOf(() => GAITS.map(({ id }) => id)))
    .min(1)
    .default(["trot"])
    .describe("gaits to draw from, each up to its own speed (sim/task/commands.ts)"),
  gaitsChosen: z
    .boolean()
    .default(false)
    .describe("gaits are drawn at an episode's start, then chosen by a policy; speeds are drawn whatever the gait"),
  gaitSwitchShare: z.number().min(0).max(1).default(0.5).describe("share of new commands that also change the gait"),
  curriculum: z
    .boolean()
    .default(false)
    .describe("speeds start small and grow gait by gait; gaits that do badly come up more often"),
  vxMPerS: range(-3, 4).default([-0.5, 1.5]).describe("m/s forward"),
  vyMPerS: range(-2, 2).default([-0.3, 0.3]).describe("m/s to the left"),
  yawRateRadPerS: range(-4, 4).default([-0.8, 0.8]).describe("rad/s to the left"),
  resampleS: z.number().positive().default(5).describe("s between two commands within an episode"),
  standShare: z.number().min(0).max(1).default(0.05).describe("share of commands to stand still"),
  fullSpeedShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe("share of commands at the upper end of vxMPerS, or of the gait's own speeds: jumps of speed"),
  straightShare: z.number().min(0).max(1).default(0.5).describe("share of commands without a lateral part"),
  noYawShare: z.number().min(0).max(1).default(0.3).describe("share of commands without a yaw rate"),
});

export const randomizationConfigSchema = z.strictObject({
  friction: range(0.05, 3).default([0.5, 1.25]).describe("Coulomb friction, one for each robot"),
  pushMPerS: z
    .number()
    .min(0)
    .max(3)
    .default(0.4)
    .describe("m/s by which a sudden push at one hip changes the robot's velocity at most; 0 for none"),
  pushIntervalS: z.number().positive().default(3).describe("s between pushes"),
  payloadKg: range(-5, 20).default([0, 0]).describe("kg more on the trunk"),
  centerOfMassM: z
    .number()
    .min(0)
    .max(0.2)
    .default(0)
    .describe("m by which the trunk's centre of mass is off, per axis"),
  motorStrength: range(0.1, 2).default([1, 1]).describe("share of the motors' torque limits"),
  stiffness: range(0.1, 3).default([1, 1]).describe("share of the motors' kp"),
  damping: range(0.1, 3).default([1, 1]).describe("share of the motors' kd"),
  actionDelayS: range(0, 0.1).default([0, 0]).describe("s that motor targets are late, at most a policy step"),
  gravityTiltRad: z.number().min(0).max(0.5).default(0).describe("rad by which gravity leans at most, as on a slope"),
  startJointRad: z.number().min(0).max(1).default(0.1).describe("rad around the default pose at an episode's start"),
  startVelocityMPerS: z.number().min(0).max(2).default(0.3).describe("m/s of the trunk at an episode's start"),
});

/** Errors of the sensors; all 0 by default: readings are the truth. */
export const sensorConfigSchema = z.strictObject({
  angularVelocityRadPerS: noise(2).describe("rad/s, noise of the gyroscope"),
  angularVelocityBiasRadPerS: noise(1).describe("rad/s, constant over an episode"),
  accelerationMPerS2: noise(20).describe("m/s^2, noise of the accelerometer's mean over a policy step"),
  accelerationBiasMPerS2: noise(5).describe("m/s^2, constant over an episode"),
  projectedGravity: noise(1).describe("noise of gravity's direction, a unit vector"),
  jointPositionRad: noise(0.5).describe("rad, noise of the joint encoders"),
  jointVelocityRadPerS: noise(10).describe("rad/s"),
  jointOffsetRad: noise(0.5).describe("rad by which encoders, and the motors that follow them, are off"),
  falseContactShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe("share of readings in which a foot's contact is wrong"),
  delayS: range(0, 0.1).default([0, 0]).describe("s that readings are late, at most a policy step"),
});

export type PhysicsConfig = z.output<typeof physicsConfigSchema>;
export type ControlConfig = z.output<typeof controlConfigSchema>;
export type CommandConfig = z.output<typeof commandConfigSchema>;
export type RandomizationConfig = z.output<typeof randomizationConfigSchema>;
export type SensorConfig = z.output<typeof sensorConfigSchema>;
