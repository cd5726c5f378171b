/** The policies to choose from: those that come along with the page, and the runs'. */

import { isStanding } from "../../gaits/library.js";
import type { GaitParameters } from "../../gaits/types.js";
import { decodeBundle, type PolicyBundle } from "../../policy/bundle/bundle.js";
import { fetchPolicy as fetchRunPolicy, fetchRuns, ViewerError } from "../page/client.js";
import { loadMeshes } from "../recording/load-run.js";
import type { MeshContents } from "../recording/mesh-files.js";
import { taskAddress, useTask } from "../recording/run-task.js";

// Vite puts a file of its own into the built page for each, and its address here.
const ADDRESSES = import.meta.glob<string>("../../policy/pretrained/*.json", {
  query: "?url",
  import: "default",
  eager: true,
});

/** By name, as in policy/pretrained. */
const POLICIES = new Map(Object.entries(ADDRESSES).map(([path, url]) => [path.replace(/^.*\/|\.json$/g, ""), url]));

/** The one of eight gaits first: it is what live mode begins with. */
export const POLICY_NAMES: readonly string[] = [...new Set(["locomotion", ...POLICIES.keys()])];

/** Comes before a run's id in the name of its policy. */
const RUN_PREFIX = "runs/";

/** Names of the policies of runs, the newest first; none where no server tells of runs. */
export async function listRunPolicies(): Promise<string[]> {
  try {
    const { runs } = await fetchRuns();
    return runs.filter(({ hasPolicy }) => hasPolicy).map(({ id }) => RUN_PREFIX + id);
  } catch (error) {
    if (error instanceof ViewerError) return [];
    throw error;
  }
}

/** Throws ViewerError where it is not there, InputError where it is broken. */
export async function fetchPolicy(name: string): Promise<PolicyBundle> {
  const url = POLICIES.get(name);
  const address = taskOf(name);
  const [text] = await Promise.all([
    url ? fetchText(url) : fetchRunPolicy(name.slice(RUN_PREFIX.length)),
    address === null ? null : useTask(address),
  ]);
  return decodeBundle(text, url ? `${name}.json` : `${name}/policy.json`);
}

/** Address of the task that a policy was trained for; null for those that come along. */
export function taskOf(name: string): string | null {
  return POLICIES.has(name) ? null : taskAddress(name.slice(RUN_PREFIX.length));
}

/** What the robot of a policy is drawn with besides its URDF. */
export async function fetchMeshes(name: string, { robot }: PolicyBundle): Promise<MeshContents> {
  return POLICIES.has(name) ? new Map() : loadMeshes(name.slice(RUN_PREFIX.length), robot.urdf);
}

async function fetchText(url: string): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch {
    throw new ViewerError("The policy could not be loaded: the server does not answer.");
  }
  if (!answer.ok) throw new ViewerError(`The policy could not be loaded: the server answered ${answer.status}.`);
  return answer.text();
}

/** Whether a policy was trained in a gait; every one was trained to stand where it is told to. */
export function knowsGait({ env }: PolicyBundle, gait: GaitParameters): boolean {
  return isStanding(gait) || env.command.gaits.includes(gait.id);
}
