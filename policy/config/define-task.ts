/** A task of one's own: a plain object in a module that a path names, since functions can't be sent to threads, but a module's code can. */

import { z } from "zod";
import { describeIssue, InputError } from "../../sim/errors.js";
import type { VelocityCommand } from "../../sim/task/commands.js";
import { type ActorSources, addObservationTerms, type ObservationTerm } from "../../sim/task/observation.js";
import { addTerrains, type TerrainShape } from "../../sim/terrain/kinds.js";
import { overlay } from "./overlay.js";
import type { TrainConfigInput } from "./schema.js";
import type { Task } from "./task.js";
import { addTask, TASK_NAMES } from "./tasks.js";

/** Fields of a config, its task apart; what a task brings along is named as what comes along is. */
export type TaskConfig = Omit<TrainConfigInput, "task">;

/** What `defineTask` takes. */
export interface TaskDefinition {
  /** Lower-case letters, digits and hyphens; not one of `trot`, `locomotion`, `gait-selection`. */
  readonly name: string;
  /** The task whose config, observation and actions it begins with. */
  readonly base: Task;
  /** What it changes in the defaults of its base's config. */
  readonly config?: TaskConfig;
  /** Slices that the policy is told besides, behind its base's. */
  readonly observations?: readonly ObservationTerm<ActorSources>[];
  /** Ground, by the name that `env.terrain.kind` and `--terrain` call it. */
  readonly terrains?: Readonly<Record<string, TerrainShape>>;
  /** Draws velocity commands instead of what `env.command` says of them. */
  readonly velocityCommand?: VelocityCommand;
}

/** Types a task's definition; what is wrong with it is told where it is loaded. */
export function defineTask(definition: TaskDefinition): TaskDefinition {
  return definition;
}

/** Types a slice of the observation. */
export function observationTerm(term: ObservationTerm<ActorSources>): ObservationTerm<ActorSources> {
  return term;
}

const aFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === "function",
  "expected a function",
);

const termFields = {
  name: z.string().regex(/^[a-z]\w*$/, "expected letters and digits"),
  size: z.int().min(1).max(4096),
  unit: z.string(),
  scale: z.number(),
  mirror: z.enum(["same", "vector", "turning", "command", "legs", "legVectors", "joints"]),
  ofGaitMemory: z.boolean().optional(),
};

const definitionSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens"),
  base: z.custom<Task>((value) => typeof value === "object" && value !== null && "actsOn" in value, "expected a task"),
  config: z.record(z.string(), z.unknown()).optional(),
  observations: z
    .array(
      z.union([
        z.strictObject({ ...termFields, of: aFunction }),
        z.strictObject({ ...termFields, values: aFunction, origin: aFunction.optional() }),
      ]),
    )
    .optional(),
  terrains: z.record(z.string(), z.strictObject({ says: z.string(), heightM: aFunction })).optional(),
  velocityCommand: aFunction.optional(),
});

/**
 * Makes a task known to this process under a key.
 *
 * @param key what configs call it: its module's path
 * @param definition the module's default export
 * @throws InputError naming the key, the field, its value and what was expected
 */
export function registerTask(key: string, definition: unknown): Task {
  if (definition === undefined)
    throw new InputError(`${key}: default export: got nothing, expected a task (defineTask)`);
  const result = definitionSchema.safeParse(definition);
  if (!result.success) throw new InputError(`${key}: ${describeIssue(result.error.issues[0], definition)}`);
  const { base, name, config = {}, observations, terrains, velocityCommand } = definition as TaskDefinition;
  if (TASK_NAMES.includes(name)) throw new InputError(`${key}: name: got ${name}, expected a name that is not taken`);
  if (observations && base.actsOn === "gaits") {
    throw new InputError(
      `${key}: observations: got ${observations[0].name}, expected none for a task that selects gaits`,
    );
  }
  inModule(key, () => {
    addTerrains(terrains ?? {});
    addObservationTerms(observations ?? []);
  });
  const shared = { name, says: name, config: overlay(base.config, config), velocityCommand };
  const task: Task =
    base.actsOn === "gaits"
      ? { ...base, ...shared }
      : { ...base, ...shared, observation: base.observation.with(observations ?? []) };
  addTask(key, task);
  return task;
}

/** Names the module in errors of what it brings along. */
function inModule(key: string, add: () => void): void {
  try {
    add();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${key}: ${error.message}`, { cause: error }) : error;
  }
}
