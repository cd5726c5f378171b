/** The policies that the user names: by a path, by the name of a run, or by that of one that comes along. */

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { GAITS, SELECTABLE_GAITS } from "../../../gaits/library.js";
import { InputError } from "../../../sim/errors.js";
import { decodeBundle, type PolicyBundle } from "../../bundle/bundle.js";
import { decodeCheckpoint } from "../../training/checkpoint.js";
import { createBundle } from "../../training/create-bundle.js";
import { assetPath } from "../files/package-root.js";
import { readBytes, readText } from "../files/read-file.js";
import { RunDirectory } from "./run-directory.js";
import { useTaskNear } from "./run-task.js";

/** Names of the policies that come along, each a file in policy/pretrained. */
export const SHIPPED_POLICIES = ["trot", "locomotion", "gait-selection"] as const;

export type ShippedPolicy = (typeof SHIPPED_POLICIES)[number];

/** How a policy may be named, for help. */
export const POLICY_HELP = `A path (a run's folder, a policy.json or a checkpoint), else a run's name, else ${SHIPPED_POLICIES.join(", ")}`;

export interface LoadedPolicy {
  readonly bundle: PolicyBundle;
  /** Where it was found, in words. */
  readonly source: string;
  /** Null where it is none of a run's folder. */
  readonly run: RunDirectory | null;
}

/** What a user's name stands for: what exists at that path, or else the run of that name; undefined where there is neither. */
export function findNamed(name: string, runsRoot: string): string | undefined {
  return [name, join(runsRoot, name)].find(existsSync);
}

/** The run that a user's name stands for. @throws InputError if there is none */
export function openNamedRun(name: string, runsRoot: string): RunDirectory {
  const path = findNamed(name, runsRoot);
  if (path !== undefined) return RunDirectory.open(path);
  const known = isShipped(name) ? ": the policy that comes along keeps none of its training" : "";
  throw new InputError(`${name}: no such folder, and no run ${join(runsRoot, name)}${known}`);
}

export function isShipped(name: string): name is ShippedPolicy {
  return SHIPPED_POLICIES.some((shipped) => shipped === name);
}

/**
 * @param name a path that exists, or else a run's name under `runsRoot`, or else the name of a policy that comes along
 * @throws InputError if there is nothing of that name, or it is no policy
 */
export function loadPolicy(name: string, runsRoot: string): LoadedPolicy {
  const path = findNamed(name, runsRoot);
  if (path === undefined) {
    if (isShipped(name)) return { bundle: loadShipped(name), source: name, run: null };
    throw new InputError(
      `${name}: no such file or folder, and no run ${join(runsRoot, name)}; expected a run, a policy, a checkpoint, or one of ${SHIPPED_POLICIES.join(", ")}`,
    );
  }
  if (statSync(path).isDirectory()) return fromRun(RunDirectory.open(path));
  return { bundle: readBundle(path), source: path, run: null };
}

/** As `loadPolicy`; without a name, that of the newest run under `runsRoot`, or where there is none, the shipped trot. */
export function loadPolicyOrNewest(name: string | undefined, runsRoot: string): LoadedPolicy {
  if (name !== undefined) return loadPolicy(name, runsRoot);
  const latest = RunDirectory.latest(runsRoot);
  if (latest && existsSync(latest.file("policy.json"))) return fromRun(latest);
  return { bundle: loadShipped("trot"), source: "trot", run: null };
}

/** The policy that walks while gaits are selected: a shipped one, whatever runs are called, or as for `loadPolicy`. */
export function loadLocomotion(name: string, runsRoot: string): PolicyBundle {
  // It is the config's default, which is not to mean another policy because a run happens to be called so.
  const bundle = isShipped(name) ? loadShipped(name) : loadPolicy(name, runsRoot).bundle;
  const missing = SELECTABLE_GAITS.map((gait) => GAITS[gait].id).filter((id) => !bundle.env.command.gaits.includes(id));
  if (missing.length === 0) return bundle;
  throw new InputError(
    `locomotion: ${name} does not know ${missing.join(", ")}; expected a policy of all gaits to select from`,
  );
}

/** A policy that comes along. */
export function loadShipped(name: ShippedPolicy): PolicyBundle {
  return readBundle(assetPath(`policy/pretrained/${name}.json`));
}

function fromRun(run: RunDirectory): LoadedPolicy {
  const path = run.file("policy.json");
  if (!existsSync(path)) throw new InputError(`${run.path} has no policy.json: it stopped before its first checkpoint`);
  return { bundle: readBundle(path), source: run.path, run };
}

function readBundle(path: string): PolicyBundle {
  useTaskNear(path);
  if (!path.endsWith(".ckpt")) return decodeBundle(readText(path), path);
  return createBundle(decodeCheckpoint(readBytes(path), path));
}
