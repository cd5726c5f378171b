/** Tasks of one's own in the page: the server has the code that a run was trained with. */

import { parseDefinition, registerTask } from "../../policy/config/define-task.js";
import { ViewerError } from "../page/client.js";

/** What the server answers with: null for a run of a task that comes along. */
interface TaskScript {
  readonly default: ((gaitway: unknown) => unknown) | null;
}

/** Where the server has a run's task, for threads, whose own address is another. */
export function taskAddress(run: string): string {
  return new URL(`api/runs/${encodeURIComponent(run)}/task.js`, document.baseURI).href;
}

/** Makes the slices, gaits and ground of a run's task known to this page or thread. Throws ViewerError where its code is not to be had. */
export async function useTask(address: string): Promise<void> {
  const { default: make } = await load(address);
  // With the physics engine and all, and so only where it is asked for.
  if (make) registerTask(address, parseDefinition(make(await import("../../policy/browser.js")), "task.cjs"));
}

async function load(address: string): Promise<TaskScript> {
  try {
    return await import(/* @vite-ignore */ address);
  } catch {
    throw new ViewerError("The code of the run's task could not be loaded.");
  }
}
