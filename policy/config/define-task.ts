/** A task of one's own: a plain object in a module that a path names, since functions can't be sent to threads, but a module's code can. */

import { z } from "zod";
import { addGaits } from "../../gaits/library.js";
import type { OwnGait } from "../../gaits/types.js";
import { describeIssue, InputError } from "../../sim/errors.js";
import type { VelocityCommand } from "../../sim/task/commands.js";
import { addObservationTerms } from "../../sim/task/observation.js";
import type { ActorSources, ObservationTerm } from "../../sim/task/observation-term.js";
import type { RewardTerm, RewardTerms } from "../../sim/task/reward-term.js";
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
  /** Gaits besides those that come along: their ids go into `config.env.command.gaits`. */
  readonly gaits?: readonly OwnGait[];
  /** Terms of the reward besides its base's, by the names that `config.env.reward` calls their weights. */
  readonly rewards?: Readonly<Record<string, RewardTerm>>;
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

const termSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z]\w*$/, "expected letters and digits"),
    size: z.int().min(1).max(4096),
    unit: z.string(),
    scale: z.number(),
    mirror: z.enum(["same", "vector", "turning", "command", "legs", "legVectors", "joints"]),
    ofGaitMemory: z.boolean().optional(),
    of: aFunction.optional(),
    values: aFunction.optional(),
    origin: aFunction.optional(),
  })
  .refine(({ of, values }) => (of === undefined) !== (values === undefined), "expected either of or values");

const rewardSchema = z.strictObject({
  weight: z.number(),
  says: z.string(),
  relative: z.boolean(),
  of: aFunction,
});

const definitionSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens"),
  base: z.custom<Task>((value) => typeof value === "object" && value !== null && "actsOn" in value, "expected a task"),
  config: z.record(z.string(), z.unknown()).optional(),
  gaits: z
    .array(
      z.strictObject({
        id: z.string(),
        periodS: z.number(),
        dutyFactor: z.number(),
        phaseOffset: z.array(z.number()).length(4),
        speedsMPerS: z.array(z.number()).length(2),
      }),
    )
    .optional(),
  rewards: z.record(z.string().regex(/^[a-z]\w*$/, "expected letters and digits"), rewardSchema).optional(),
  observations: z.array(termSchema).optional(),
  terrains: z.record(z.string(), z.strictObject({ says: z.string(), heightM: aFunction })).optional(),
  velocityCommand: aFunction.optional(),
});

/**
 * @param definition a module's default export
 * @param fileName the module, for errors
 * @throws InputError naming the file, the field, its value and what was expected
 */
export function parseDefinition(definition: unknown, fileName: string): TaskDefinition {
  if (definition === undefined) {
    throw new InputError(`${fileName}: default export: got nothing, expected a task (defineTask)`);
  }
  const result = definitionSchema.safeParse(definition);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], definition)}`);
  const task = definition as TaskDefinition;
  if (TASK_NAMES.includes(task.name)) {
    throw new InputError(`${fileName}: name: got ${task.name}, expected a name that is not taken`);
  }
  if (task.observations && task.base.actsOn === "gaits") {
    throw new InputError(`${fileName}: observations: got some, expected none for a task that selects gaits`);
  }
  return task;
}

/**
 * Makes a task known to this process.
 * @param key what configs call it: its module's path
 * @throws InputError naming the key for names that are taken, and what does not fit the config
 */
export function registerTask(key: string, definition: TaskDefinition): void {
  const { base, name, config = {}, gaits = [], terrains = {} } = definition;
  const rewards = { ...base.rewards, ...watchedRewards(key, definition) };
  const observations = (definition.observations ?? []).map((term) => watchedTerm(key, term));
  const velocityCommand = definition.velocityCommand && watchedCommand(key, definition.velocityCommand);
  inModule(key, () => {
    addGaits(gaits);
    addTerrains(terrains);
    addObservationTerms(observations);
  });
  const shared = { name, says: name, config: overlay(base.config, config), rewards, velocityCommand };
  if (base.actsOn === "gaits") addTask(key, { ...base, ...shared });
  else addTask(key, { ...base, ...shared, observation: base.observation.with(observations) });
}

/** Names the module, and what of it, in errors of its functions. */
function inModule<T>(place: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new InputError(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

/** A slice that ends the run where it has no numbers, rather than to have robots discarded for ever. */
function watchedTerm(key: string, term: ObservationTerm<ActorSources>): ObservationTerm<ActorSources> {
  if (!("of" in term)) return term;
  const place = `${key}: observations.${term.name}`;
  return {
    ...term,
    of: (out, sources, robot) => {
      inModule(place, () => term.of(out, sources, robot));
      checkFinite(place, out);
    },
  };
}

/** @throws InputError for the name of a term that its base has */
function watchedRewards(key: string, { base, rewards = {} }: TaskDefinition): RewardTerms {
  const watched = Object.entries(rewards).map(([name, term]): [string, RewardTerm] => {
    const place = `${key}: rewards.${name}`;
    if (name in base.rewards || name === "scale" || name === "fall") {
      throw new InputError(`${place}: got a second term of that name, expected a name that is not taken`);
    }
    const of: RewardTerm["of"] = (sources, robot) => {
      const value = inModule(place, () => term.of(sources, robot));
      if (!Number.isFinite(value)) throw new InputError(`${place}: got ${value}, expected a finite number`);
      return value;
    };
    return [name, { ...term, of }];
  });
  return Object.fromEntries(watched);
}

function watchedCommand(key: string, draw: VelocityCommand): VelocityCommand {
  const place = `${key}: velocityCommand`;
  return (out, gait, rng) => {
    inModule(place, () => draw(out, gait, rng));
    checkFinite(place, out);
  };
}

function checkFinite(place: string, values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new InputError(`${place}: got ${values[i]}, expected finite numbers`);
  }
}
