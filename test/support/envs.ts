/** Environments of a few robots, every setting that matters written out: tuning the product's defaults moves no test. */

import { VecEnv } from "../../sim/env.js";
import { type EnvConfig, envConfigSchema } from "../../sim/env-config.js";
import { OBSERVATION_SPEC } from "../../sim/task/observation.js";
import type { ObservationSlice } from "../../sim/task/observation-layout.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import { FLAT, model, PHYSICS } from "./world.js";

/** Changes to sections of the config. */
export type EnvOverrides = { readonly [K in keyof EnvConfig]?: Section<EnvConfig[K]> };
type Section<T> = T extends object ? { readonly [K in keyof T]?: Readonly<T[K]> } : T;

const BASE = {
  episodeS: 2,
  physics: PHYSICS,
  control: {
    ...{ stepS: 0.02, actionMode: "residual", actionScaleRad: 0.25, gravityFeedForward: true },
    // Actions as they are.
    actionShare: 1,
  },
  command: {
    ...{ vxMPerS: [-0.5, 1], vyMPerS: [-0.3, 0.3], yawRateRadPerS: [-0.8, 0.8] },
    gaits: ["trot"],
    ...{ resampleS: 60, standShare: 0, straightShare: 0, noYawShare: 0 },
  },
  randomization: {
    ...{ friction: [0.5, 1], pushMPerS: 0, pushIntervalS: 60 },
    ...{ startJointRad: 0.1, startVelocityMPerS: 0.2 },
  },
} as const;

export function envConfig(overrides: EnvOverrides = {}): EnvConfig {
  const merged: Record<string, unknown> = { ...BASE };
  for (const [key, value] of Object.entries(overrides)) {
    const base = merged[key];
    merged[key] = typeof base === "object" ? { ...base, ...(value as object) } : value;
  }
  return envConfigSchema.parse(merged);
}

/** `free` it in the end. */
export function createEnv(numEnvs: number, overrides: EnvOverrides = {}, seed = 1, terrain: Terrain = FLAT): VecEnv {
  return new VecEnv(model, envConfig(overrides), numEnvs, terrain, seed);
}

export function sliceOf(name: string): ObservationSlice {
  const slice = OBSERVATION_SPEC.slices.find((candidate) => candidate.name === name);
  if (!slice) throw new Error(`no observation slice ${name}`);
  return slice;
}

/** One robot's row of observations. */
export function obsRow(obs: Float32Array, robot: number): number[] {
  return [...obs.subarray(robot * OBSERVATION_SPEC.size, (robot + 1) * OBSERVATION_SPEC.size)];
}

/** One named slice of one robot's row. */
export function readSlice(obs: Float32Array, robot: number, name: string): number[] {
  const { offset, size } = sliceOf(name);
  return obsRow(obs, robot).slice(offset, offset + size);
}
