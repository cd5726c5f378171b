/**
 * Gaitway's entry in a browser's bundle: robots, ground, simulation and policies at run time, without training. The entry in Node,
 * policy/index.ts, has all of it, and tasks of one's own (`--task ./task.ts`) may import what is here.
 */

export { GAITS, gaitIndex } from "../gaits/library.js";
export type { GaitParameters, OwnGait } from "../gaits/types.js";
export { VecEnv, type VecEnvOptions } from "../sim/env.js";
export type { EnvConfig } from "../sim/env-config.js";
export { InputError } from "../sim/errors.js";
export { loadPhysics } from "../sim/physics/world.js";
export { Rng } from "../sim/rng.js";
export { createRobotModel } from "../sim/robot/model.js";
export type { RobotModel, RobotSource } from "../sim/robot/types.js";
export type { VelocityCommand } from "../sim/task/commands.js";
export type { ActorSources, ObservationTerm } from "../sim/task/observation-term.js";
export { type RewardSources, type RewardTerm, rewardTerm } from "../sim/task/reward-term.js";
export { createTerrain } from "../sim/terrain/create.js";
export { heightAt, type Terrain, type TerrainSpec } from "../sim/terrain/height-field.js";
export type { TerrainShape } from "../sim/terrain/kinds.js";
export { decodeBundle, encodeBundle, type PolicyBundle } from "./bundle/bundle.js";
export { defineTask, observationTerm, type TaskConfig, type TaskDefinition } from "./config/define-task.js";
export type { TrainConfig } from "./config/schema.js";
export type { Task } from "./config/task.js";
export { gaitSelection, locomotion, trot } from "./config/tasks.js";
export { Controller } from "./runtime/controller.js";
