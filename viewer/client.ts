/** Asks the server; every failure becomes a sentence for the page. */

import type { ApiProblem, RunDetails, RunList } from "./api.js";

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
