/** Reads what the user names on the command line: robots, configs, policies. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { GAITS, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { InputError } from "../../../sim/errors.js";
import type { RobotSource } from "../../../sim/robot/types.js";
import { decodeBundle, type PolicyBundle } from "../../bundle/bundle.js";
import { decodeCheckpoint } from "../../training/checkpoint.js";
import { createBundle } from "../../training/create-bundle.js";
import { asInputError } from "../files/atomic-file.js";
import { assetPath } from "../files/package-root.js";
import { RunDirectory } from "./run-directory.js";
import { useTaskNear } from "./run-task.js";

/** Robots that come along, by name. */
const BUILT_IN_ROBOTS = ["a1"];
const PRETRAINED = "policy/pretrained/trot.json";
const PRETRAINED_LOCOMOTION = "policy/pretrained/locomotion.json";

export type NamedRobot = RobotSource & { readonly name: string };

/**
 * @param robot name of a built-in robot, or path of a URDF; a JSON file of the same name beside it holds its tuning
 * @throws InputError if a file is missing or no JSON
 */
export function loadRobot(robot: string): NamedRobot {
  const builtIn = BUILT_IN_ROBOTS.includes(robot);
  const path = builtIn ? assetPath(`sim/robots/${robot}.urdf`) : robot;
  if (!existsSync(path)) {
    throw new InputError(`robot ${robot}: no such file; expected a URDF file or one of ${BUILT_IN_ROBOTS.join(", ")}`);
  }
  const name = builtIn ? `${robot}.urdf` : robot;
  const tuningPath = path.replace(/(\.urdf)?$/, ".json");
  return {
    name,
    urdf: readText(path),
    tuning: existsSync(tuningPath) ? parseJson(readText(tuningPath), tuningPath) : null,
  };
}

/** A config file in YAML (or JSON, which is YAML), not yet validated. */
export function loadConfigFile(path: string): unknown {
  const text = readText(path);
  try {
    return parse(text);
  } catch (error) {
    throw new InputError(`${path}: not YAML: ${firstLine((error as Error).message)}`);
  }
}

/**
 * A policy from a run's folder, a bundle or a checkpoint; without a path, from the newest run under `runsRoot`, or else the
 * one that was trained before.
 */
export function loadPolicy(
  path: string | undefined,
  runsRoot: string,
): { bundle: PolicyBundle; source: string; run: RunDirectory | null } {
  if (path === undefined) return loadDefaultPolicy(runsRoot);
  if (!existsSync(path))
    throw new InputError(`${path}: no such file or folder; expected a run, a policy or a checkpoint`);
  if (statSync(path).isDirectory()) return fromRun(RunDirectory.open(path));
  return { bundle: readBundle(path), source: path, run: null };
}

/** The policy that walks while gaits are selected: "pretrained", or as for `loadPolicy`. */
export function loadLocomotion(path: string): PolicyBundle {
  const bundle = path === "pretrained" ? readBundle(assetPath(PRETRAINED_LOCOMOTION)) : loadPolicy(path, "").bundle;
  const missing = SELECTABLE_GAITS.map((gait) => GAITS[gait].id).filter((id) => !bundle.env.command.gaits.includes(id));
  if (missing.length === 0) return bundle;
  throw new InputError(
    `locomotion: ${path} does not know ${missing.join(", ")}; expected a policy of all gaits to select from`,
  );
}

/** The policy that comes along. */
export function loadPretrained(): PolicyBundle {
  return readBundle(assetPath(PRETRAINED));
}

function loadDefaultPolicy(runsRoot: string): ReturnType<typeof loadPolicy> {
  const latest = RunDirectory.latest(runsRoot);
  if (latest && existsSync(latest.file("policy.json"))) return fromRun(latest);
  return { bundle: loadPretrained(), source: "the pre-trained policy", run: null };
}

function fromRun(run: RunDirectory): ReturnType<typeof loadPolicy> {
  const path = run.file("policy.json");
  if (!existsSync(path)) throw new InputError(`${run.path} has no policy.json: it stopped before its first checkpoint`);
  return { bundle: readBundle(path), source: run.path, run };
}

function readBundle(path: string): PolicyBundle {
  useTaskNear(path);
  if (!path.endsWith(".ckpt")) return decodeBundle(readText(path), path);
  return createBundle(decodeCheckpoint(readBytes(path), path));
}

function readText(path: string): string {
  return readBytes(path).toString("utf8");
}

export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw asInputError(error, `cannot read ${path}`);
  }
}

/** A file with its name; null where there is none. */
export function findBytes(path: string): { name: string; bytes: Buffer } | null {
  return existsSync(path) ? { name: path, bytes: readBytes(path) } : null;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${path}: not JSON: ${firstLine((error as Error).message)}`);
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
