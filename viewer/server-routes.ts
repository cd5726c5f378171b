/** Answers /api/…: /runs, /runs/:id, /runs/:id/robot.urdf, /runs/:id/episodes/:file. Node only. */

import { existsSync } from "node:fs";
import type { RunDirectory } from "../policy/cli/run-directory.js";
import type { ApiProblem, RunList } from "./api.js";
import { describeRun, findRun, listRuns, readEpisode } from "./server-runs.js";

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** The answer to a GET of `path`, which starts with /api/. */
export function replyToApi(runsRoot: string, path: string): Reply {
  const [resource, id, ...rest] = path.split("/").slice(2).map(decodeSegment);
  if (resource !== "runs") return problem(404, `There is nothing at ${path}.`);
  if (id === undefined) {
    const list: RunList = { runs: listRuns(runsRoot).map((run) => ({ id: run.id })) };
    return json(200, list);
  }
  const run = findRun(runsRoot, id);
  return run ? replyFromRun(run, rest) : problem(404, `There is no run “${id}”.`);
}

/** Any answer but a success, for people to read. */
export function problem(status: number, error: string): Reply {
  const body: ApiProblem = { error };
  return json(status, body);
}

function replyFromRun(run: RunDirectory, path: readonly string[]): Reply {
  const [part, file] = path;
  if (path.length === 0) return json(200, describeRun(run));
  if (path.length === 1 && part === "robot.urdf" && existsSync(run.file(part))) {
    return { status: 200, type: "application/xml; charset=utf-8", body: Buffer.from(run.readFile(part)) };
  }
  const episode = path.length === 2 && part === "episodes" ? readEpisode(run, file!) : null;
  if (episode) return { status: 200, type: "application/octet-stream", body: episode };
  return problem(404, `Run “${run.id}” has no ${path.join("/")}.`);
}

function json(status: number, value: unknown): Reply {
  return { status, type: "application/json; charset=utf-8", body: Buffer.from(JSON.stringify(value)) };
}

/** A malformed escape stays as it is: no listed name equals it. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
