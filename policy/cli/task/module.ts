/** Modules of tasks of one's own: made into one text of JavaScript each, which threads, runs and the page can take along. */

import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { InputError } from "../../../sim/errors.js";
import * as gaitway from "../../browser.js";
import { parseDefinition, registerTask, type TaskDefinition } from "../../config/define-task.js";
import { parseTrainConfig } from "../../config/parse.js";
import { isTaskKnown } from "../../config/tasks.js";
import { compileModule } from "./compile.js";

/** What of a task's module every thread and run needs. */
export interface TaskModule {
  /** What configs call the task: the path that was given. */
  readonly key: string;
  /** All of it in one CommonJS text, whose only import is "gaitway". */
  readonly code: string;
}

const INHERITED = "gaitway tasks";
const loaded = new Map<string, { readonly module: TaskModule; readonly definition: TaskDefinition }>();

/** Of a task that is known to this process by its module; undefined for those that come along. */
export function taskModuleOf(key: string): TaskModule | undefined {
  return loaded.get(key)?.module;
}

/**
 * Makes sure that a config's task is known: one that is not is a module's path.
 * @throws InputError if there is no such file, or what is wrong with it
 */
export function knowTask(key: unknown): void {
  if (typeof key !== "string" || isTaskKnown(key) || !isPath(key)) return;
  useTaskModule({ key, code: compileModule(key) });
  parseTrainConfig({ task: key }, `${key}: config`);
}

/** Registers a module's task, and hands it on to threads that are started from now on. @throws InputError if it is no task */
export function useTaskModule(module: TaskModule): void {
  const { key, code } = module;
  // A run's own code is that of the module it was trained with, by another path.
  const same = [...loaded.values()].find((each) => each.module.code === code);
  const definition = same?.definition ?? withOwnRobot(parseDefinition(run(module), key), key);
  if (!same) checkNames(key, definition);
  registerTask(key, definition);
  loaded.set(key, { module, definition });
  setEnvironmentData(
    INHERITED,
    [...loaded.values()].map((each) => each.module),
  );
}

/** What a policy is told goes by names: two tasks of one process can't mean different things by one. */
function checkNames(key: string, definition: TaskDefinition): void {
  const names = namesOf(definition);
  for (const [other, { definition: known }] of loaded) {
    const twice = namesOf(known).find((name) => names.includes(name));
    if (twice !== undefined) {
      throw new InputError(`${key}: ${twice}: ${other} has another of that name; expected tasks without one in common`);
    }
  }
}

function namesOf({ gaits = [], observations = [], terrains = {} }: TaskDefinition): string[] {
  return [
    ...gaits.map(({ id }) => `gaits.${id}`),
    ...observations.map(({ name }) => `observations.${name}`),
    ...Object.keys(terrains).map((name) => `terrains.${name}`),
  ];
}

/** In a thread: registers the tasks that its parent knew when it started it. */
export function inheritTasks(): void {
  for (const module of (getEnvironmentData(INHERITED) ?? []) as TaskModule[]) useTaskModule(module);
}

/** Names of tasks have neither slashes nor dots. */
function isPath(key: string): boolean {
  return /[./\\]/.test(key);
}

/** The module's default export. */
function run({ key, code }: TaskModule): unknown {
  const module = { exports: {} as { default?: unknown } };
  try {
    compileFunction(code, ["module", "exports", "require"], { filename: key })(module, module.exports, requireGaitway);
  } catch (error) {
    throw new InputError(`${key}: ${(error as Error).message}`, { cause: error });
  }
  return module.exports.default;
}

/** What a task's module may import, and a word about what there is not. */
function requireGaitway(name: string): unknown {
  if (name !== "gaitway") throw new Error(`"${name}" cannot be imported, expected "gaitway" or a file`);
  return new Proxy(gaitway, {
    get(target, property) {
      if (property in target || typeof property === "symbol" || property === "__esModule")
        return Reflect.get(target, property);
      throw new Error(`import of ${property}: "gaitway" has no such export`);
    },
  });
}

/** A robot's path is the module's, not the shell's. */
function withOwnRobot(definition: TaskDefinition, key: string): TaskDefinition {
  const { config } = definition;
  if (!config?.robot || !/^\.\.?\//.test(config.robot)) return definition;
  return { ...definition, config: { ...config, robot: join(dirname(key), config.robot) } };
}
