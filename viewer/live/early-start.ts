/** What live mode begins with, made in the worker while the page makes ready to show it. */

import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import type { LiveClient } from "./live-client.js";
import type { LiveLink } from "./live-link.js";
import { GAIT_MEMORY_ALONE } from "./live-panel.js";
import { fetchPolicy, POLICY_NAMES, taskOf } from "./policies.js";

/** A policy whose robot is being put on its ground. */
export interface EarlyStart {
  readonly name: string;
  readonly bundle: PolicyBundle;
}

/** Name of the policy behind a controller's name; without one, the robot is that of the first policy. */
export function policyNameOf(controller: string | null): string {
  return controller === null || controller === GAIT_MEMORY_ALONE ? POLICY_NAMES[0] : controller;
}

/** Null where the policy cannot be had: that is told when it is asked for in earnest. */
export async function startEarly(client: LiveClient, { controller, terrain }: LiveLink): Promise<EarlyStart | null> {
  const name = policyNameOf(controller);
  try {
    const bundle = await fetchPolicy(name);
    client.startEarly({ bundle, task: taskOf(name), terrain, seed: terrain.seed });
    return { name, bundle };
  } catch {
    return null;
  }
}
