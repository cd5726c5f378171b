/** The policies that come along with the page. */

import { isStanding } from "../../gaits/library.js";
import type { GaitParameters } from "../../gaits/types.js";
import { decodeBundle, type PolicyBundle } from "../../policy/bundle.js";
import { ViewerError } from "../client.js";

// Vite puts a file of its own into the built page for each, and its address here.
const ADDRESSES = import.meta.glob<string>("../../policy/pretrained/*.json", {
  query: "?url",
  import: "default",
  eager: true,
});

/** By name, as in policy/pretrained. */
const POLICIES = new Map(Object.entries(ADDRESSES).map(([path, url]) => [path.replace(/^.*\/|\.json$/g, ""), url]));

export const POLICY_NAMES: readonly string[] = [...POLICIES.keys()];

/** Throws ViewerError where it is not there, InputError where it is broken. */
export async function fetchPolicy(name: string): Promise<PolicyBundle> {
  let answer: Response;
  try {
    answer = await fetch(POLICIES.get(name)!);
  } catch {
    throw new ViewerError("The policy could not be loaded: the server does not answer.");
  }
  if (!answer.ok) throw new ViewerError(`The policy could not be loaded: the server answered ${answer.status}.`);
  return decodeBundle(await answer.text(), `${name}.json`);
}

/** Whether a policy was trained in a gait; every one was trained to stand where it is told to. */
export function knowsGait({ env }: PolicyBundle, gait: GaitParameters): boolean {
  return isStanding(gait) || env.command.gaits.includes(gait.id);
}
