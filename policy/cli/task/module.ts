/** Modules of tasks of one's own: made into one text of JavaScript each, which threads, runs and the page can take along. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { type BuildFailure, buildSync } from "esbuild";
import { InputError } from "../../../sim/errors.js";
import * as gaitway from "../../browser.js";
import { registerTask, type TaskDefinition } from "../../config/define-task.js";
import { addTask, isTaskKnown, TASK_NAMES, taskNamed } from "../../config/tasks.js";

/** What of a task's module every thread and run needs. */
export interface TaskModule {
  /** What configs call the task: the path that was given. */
  readonly key: string;
  /** All of it in one CommonJS text, whose only import is "gaitway". */
  readonly code: string;
}

const INHERITED = "gaitway tasks";
const modules = new Map<string, TaskModule>();

/** Of a task that is known to this process by its module; undefined for those that come along. */
export function taskModuleOf(key: string): TaskModule | undefined {
  return modules.get(key);
}

/**
 * Makes sure that a config's task is known: one that is not is a module's path.
 * @throws InputError if there is no such file, or what is wrong with it
 */
export function knowTask(key: unknown): void {
  if (typeof key !== "string" || isTaskKnown(key) || !isPath(key)) return;
  useTaskModule({ key, code: compile(key) });
}

/** Registers a module's task, and hands it on to threads that are started from now on. @throws InputError if it is no task */
export function useTaskModule(module: TaskModule): void {
  const { key, code } = module;
  if (modules.get(key)?.code === code) return;
  // A run's own code is that of the module it was trained with, by another path.
  const same = [...modules.values()].find((each) => each.code === code);
  if (same) addTask(key, taskNamed(same.key, key));
  else registerTask(key, withOwnRobot(run(module), key));
  modules.set(key, module);
  setEnvironmentData(INHERITED, [...modules.values()]);
}

/** In a thread: registers the tasks that its parent knew when it started it. */
export function inheritTasks(): void {
  for (const module of (getEnvironmentData(INHERITED) ?? []) as TaskModule[]) useTaskModule(module);
}

/** Names of tasks have neither slashes nor dots. */
function isPath(key: string): boolean {
  return /[./\\]/.test(key);
}

function compile(path: string): string {
  // esbuild's own words for a missing file are many.
  readSource(path);
  try {
    const { outputFiles } = buildSync({
      entryPoints: [path],
      bundle: true,
      write: false,
      format: "cjs",
      platform: "neutral",
      mainFields: ["module", "main"],
      external: ["gaitway"],
      target: "es2022",
      logLevel: "silent",
    });
    return outputFiles[0].text;
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (!first) throw error;
    const { file, line, column } = first.location ?? { file: path, line: 1, column: 0 };
    throw new InputError(`${file}:${line}:${column + 1}: ${first.text}`, { cause: error });
  }
}

function readSource(path: string): void {
  try {
    readFileSync(path);
  } catch {
    throw new InputError(
      `task: got ${path}, expected one of ${TASK_NAMES.join(", ")}, or the path of a task's module: there is no such file`,
    );
  }
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
function withOwnRobot(definition: unknown, key: string): unknown {
  const robot = (definition as TaskDefinition | undefined)?.config?.robot;
  if (typeof robot !== "string" || !/^\.\.?\//.test(robot)) return definition;
  const { config, ...rest } = definition as TaskDefinition;
  return { ...rest, config: { ...config, robot: join(dirname(key), robot) } };
}
