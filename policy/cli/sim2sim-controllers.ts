/** The controllers that sim2sim walks, found where the user points. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { type EnvConfig, envConfigSchema } from "../../sim/env-config.js";
import { InputError } from "../../sim/errors.js";
import type { RobotModel, RobotSource } from "../../sim/types.js";
import type { PolicyBundle } from "../bundle.js";
import { describeIssue } from "../config.js";
import { BundleController, type RobotController, StudentController } from "../sim2sim/robot-controller.js";
import { decodeStudent, type StudentBundle } from "../student.js";
import { loadPolicy } from "./load.js";

interface Common {
  /** What runs, in words. */
  readonly name: string;
  readonly robot: RobotSource & { readonly name: string };
  readonly env: EnvConfig;
  /** Of `GAITS`. */
  readonly gaits: readonly string[];
}

/** What a thread makes a controller of. */
export type ControllerSource = Common &
  (
    | { readonly kind: "bundle"; readonly bundle: PolicyBundle }
    | { readonly kind: "student"; readonly student: StudentBundle }
  );

/**
 * The controllers in a file or folder: of a run, a policy bundle or checkpoint, itself; a student.
 * @throws InputError where there is none
 */
export function findControllers(path: string): ControllerSource[] {
  if (existsSync(path) && statSync(path).isFile() && isStudent(path)) return [studentSource(path)];
  const { bundle, source } = loadPolicy(path, "");
  return [{ kind: "bundle", name: source, bundle, ...commonOf(bundle) }];
}

/** `close` ends what it runs in, if anything. */
export async function createController(
  source: ControllerSource,
  model: RobotModel,
): Promise<{ controller: RobotController; close: () => void }> {
  const nothing = () => undefined;
  if (source.kind === "student") return { controller: new StudentController(model, source.student), close: nothing };
  return { controller: new BundleController(model, source.bundle), close: nothing };
}

function commonOf({ robot, env }: PolicyBundle): Pick<Common, "robot" | "env" | "gaits"> {
  return { robot, env, gaits: env.command.gaits };
}

function isStudent(path: string): boolean {
  return readFileSync(path).subarray(0, 200).includes("gaitway-student");
}

function studentSource(path: string): ControllerSource {
  const student = decodeStudent(readFileSync(path, "utf8"), path);
  const env = envConfigSchema.safeParse(student.env);
  if (!env.success) throw new InputError(`${path}: in env: ${describeIssue(env.error.issues[0], student.env)}`);
  return { kind: "student", name: path, student, robot: student.robot, env: env.data, gaits: [student.gait] };
}
