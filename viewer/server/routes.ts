/**
 * Answers /api/…: /runs.json, /runs/:id/details.json, and of a run /robot.urdf, /robot.json, /policy.json, /task.js, /meshes.json,
 * /meshes/:file, /episodes/:file and /metrics/:byte. All are names of files, so that a folder of them can stand for this server (`staticApi`). Node only.
 */

import type { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import { InputError } from "../../sim/errors.js";
import type { RunDetails, RunList, TrainingProgress } from "./api.js";
import { json, problem, type Reply } from "./reply.js";
import {
  describeRun,
  findRun,
  hasPolicy,
  listMeshes,
  listRuns,
  readEpisode,
  readMesh,
  readOwnFile,
  readProgress,
} from "./runs.js";

const JSON_TYPE = "application/json; charset=utf-8";
/** Of the run's files that are served as they stand. */
const TYPES = { "robot.urdf": "application/xml; charset=utf-8", "robot.json": JSON_TYPE, "policy.json": JSON_TYPE };

/** The answer to a GET of `path`, which starts with /api/. */
export function replyToApi(runsRoot: string, path: string): Reply {
  const [resource, id, ...rest] = path.split("/").slice(2).map(decodeSegment);
  if (resource === "runs.json" && id === undefined) {
    return json(200, listOf(listRuns(runsRoot)));
  }
  if (resource !== "runs" || id === undefined) return problem(404, `There is nothing at ${path}.`);
  const run = findRun(runsRoot, id);
  return run ? replyFromRun(run, rest) : problem(404, `There is no run “${id}”.`);
}

/** All answers about one run, by path, such as `api/runs.json`. Throws InputError if there is no such run. */
export function staticApi(runsRoot: string, id: string): Map<string, Buffer> {
  const run = findRun(runsRoot, id);
  if (!run) throw new InputError(`there is no run '${id}' in ${runsRoot}`);
  // In a folder nothing goes on: a run that still trains is one that was left here.
  const status = run.info.status === "running" ? "interrupted" : run.info.status;
  const details: RunDetails = { ...describeRun(run), status };
  const progress: TrainingProgress = { ...readProgress(run, 0), status };
  const names = [
    ...Object.keys(TYPES),
    "meshes.json",
    "task.js",
    ...listMeshes(run).map((name) => `meshes/${name}`),
    ...details.episodes.map(({ name }) => `episodes/${name}.episode`),
  ];
  const answers = names.flatMap((name): [string, Buffer][] => {
    const { status, body } = replyFromRun(run, name.split("/"));
    return status === 200 ? [[`api/runs/${id}/${name}`, body]] : [];
  });
  return new Map([
    ["api/runs.json", json(200, listOf([run])).body],
    [`api/runs/${id}/details.json`, json(200, details).body],
    [`api/runs/${id}/metrics/0`, json(200, progress).body],
    ...answers,
  ]);
}

function listOf(runs: readonly RunDirectory[]): RunList {
  return { runs: runs.map((run) => ({ id: run.id, hasPolicy: hasPolicy(run) })) };
}

function replyFromRun(run: RunDirectory, path: readonly string[]): Reply {
  const [part, file] = path;
  if (path.length === 1 && part === "details.json") return json(200, describeRun(run));
  if (path.length === 1 && part === "meshes.json") return json(200, listMeshes(run));
  if (path.length === 1 && part === "task.js") return bytes("text/javascript; charset=utf-8", taskScript(run));
  if (path.length === 1 && isServedAsIs(part)) {
    const contents = readOwnFile(run, part);
    if (contents) return bytes(TYPES[part], contents);
    if (part === "robot.json") return json(200, null); // a robot that needs no tuning
  }
  if (path.length === 2 && part === "metrics" && /^\d{1,15}$/.test(file!)) {
    return json(200, readProgress(run, Number(file)));
  }
  const found = path.length === 2 ? readListed(run, part, file!) : null;
  if (found) return bytes("application/octet-stream", found);
  return problem(404, `Run “${run.id}” has no ${path.join("/")}.`);
}

/** The code of the run's own task as a module that the page is to call with what it imports; null for tasks that come along. */
function taskScript(run: RunDirectory): Buffer {
  const code = readOwnFile(run, "task.cjs");
  if (!code) return Buffer.from("export default null;\n");
  return Buffer.from(`export default (gaitway) => {
const module = { exports: {} };
((module, exports, require) => {
${code}
})(module, module.exports, () => gaitway);
return module.exports.default;
};
`);
}

/** The bytes of an episode or a mesh, or null. */
function readListed(run: RunDirectory, folder: string, file: string): Buffer | null {
  if (folder === "episodes") return readEpisode(run, file);
  return folder === "meshes" ? readMesh(run, file) : null;
}

function isServedAsIs(name: string): name is keyof typeof TYPES {
  return Object.hasOwn(TYPES, name);
}

function bytes(type: string, body: Buffer): Reply {
  return { status: 200, type, body, headers: { "Cache-Control": "no-store" } };
}

/** A malformed escape stays as it is: no listed name equals it. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
