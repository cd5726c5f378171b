/** Asks the server; every failure becomes a sentence for the page. */

import type { ApiProblem, RunDetails, RunList, TrainingProgress } from "../server/api.js";

/** Something that the user should read, not a bug. */
export class ViewerError extends Error {
  override name = "ViewerError";
}

export async function fetchRuns(): Promise<RunList> {
  return (await get("api/runs.json")).json();
}

export async function fetchRun(id: string): Promise<RunDetails> {
  return (await get(`api/runs/${encodeURIComponent(id)}/details.json`)).json();
}

export async function fetchUrdf(id: string): Promise<string> {
  return (await get(`api/runs/${encodeURIComponent(id)}/robot.urdf`)).text();
}

/** What the run's robot.json holds, null where it has none. */
export async function fetchTuning(id: string): Promise<unknown> {
  return (await get(`api/runs/${encodeURIComponent(id)}/robot.json`)).json();
}

/** Names of the meshes that there are of those that the run's URDF names. */
export async function fetchMeshNames(id: string): Promise<string[]> {
  return (await get(`api/runs/${encodeURIComponent(id)}/meshes.json`)).json();
}

export async function fetchMesh(id: string, name: string): Promise<ArrayBuffer> {
  return (await get(`api/runs/${encodeURIComponent(id)}/meshes/${encodeURIComponent(name)}`)).arrayBuffer();
}

/** The run's newest policy, as text. */
export async function fetchPolicy(id: string): Promise<string> {
  return (await get(`api/runs/${encodeURIComponent(id)}/policy.json`)).text();
}

/** What training has written since it had written `fromByte` bytes of metrics. */
export async function fetchProgress(id: string, fromByte: number): Promise<TrainingProgress> {
  return (await get(`api/runs/${encodeURIComponent(id)}/metrics/${fromByte}`)).json();
}

export async function fetchEpisode(id: string, name: string): Promise<Uint8Array> {
  const answer = await get(`api/runs/${encodeURIComponent(id)}/episodes/${encodeURIComponent(name)}.episode`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function get(path: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path);
  } catch {
    throw new ViewerError("The server does not answer. Is “gaitway view” still running in its terminal?");
  }
  if (answer.ok) return answer;
  throw new ViewerError(await problemOf(answer));
}

async function problemOf(answer: Response): Promise<string> {
  try {
    const { error }: ApiProblem = await answer.json();
    return error;
  } catch {
    return `The server answered ${answer.status} to ${new URL(answer.url).pathname}.`;
  }
}
