/**
 * Reads runs for the server. Only names that a listing has shown are ever opened, and only what lies in the runs' folder,
 * links followed. Node only.
 */

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import type { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import { openRun, readEvaluations } from "../../policy/cli/run-folder/run-summary.js";
import { decodeEpisode } from "../../sim/episode-log.js";
import { InputError } from "../../sim/errors.js";
import { meshFilesOf } from "../../sim/robot/urdf-meshes.js";
import type { EpisodeEntry, RunDetails, TrainingProgress } from "./api.js";

/** The runs under `runsRoot`, the newest first. */
export function listRuns(runsRoot: string): RunDirectory[] {
  if (!existsSync(runsRoot)) return [];
  return readdirSync(runsRoot)
    .filter((name) => liesIn(runsRoot, join(runsRoot, name)))
    .flatMap((name) => openRun(join(runsRoot, name)) ?? [])
    .sort((a, b) => b.info.createdAt.localeCompare(a.info.createdAt));
}

/** The run of this id, or null if the listing has none. */
export function findRun(runsRoot: string, id: string): RunDirectory | null {
  return listRuns(runsRoot).find((run) => run.id === id) ?? null;
}

export function describeRun(run: RunDirectory): RunDetails {
  const { task, createdAt } = run.info;
  return {
    id: run.id,
    task,
    status: run.status,
    createdAt,
    iterations: hasMetrics(run) ? (run.readMetrics().at(-1)?.iteration ?? null) : null,
    evaluations: evaluationsOf(run),
    episodes: episodesOf(run).map(({ name, path }) => describeEpisode(name, path)),
  };
}

/** What training has written since it had written `fromByte` bytes of metrics. */
export function readProgress(run: RunDirectory, fromByte: number): TrainingProgress {
  const policy = run.file("policy.json");
  return {
    status: run.status,
    ...(hasMetrics(run) ? run.readMetricsFrom(fromByte) : { rows: [], nextByte: 0 }),
    policyVersion: isOwnFile(run, policy) ? statSync(policy).mtimeMs : null,
  };
}

/** Whether training has left a policy. */
export function hasPolicy(run: RunDirectory): boolean {
  return isOwnFile(run, run.file("policy.json"));
}

function hasMetrics(run: RunDirectory): boolean {
  return isOwnFile(run, join(run.path, "metrics.jsonl"));
}

/** The bytes of a listed episode, or null. */
export function readEpisode(run: RunDirectory, file: string): Buffer | null {
  const episode = episodesOf(run).find(({ name }) => `${name}.episode` === file);
  return episode ? readFileSync(episode.path) : null;
}

/** Names of the meshes that the run's URDF names, as far as they are there. */
export function listMeshes(run: RunDirectory): string[] {
  const urdf = readOwnFile(run, "robot.urdf");
  if (!urdf) return [];
  const names = meshNames(urdf.toString("utf8"));
  return names.filter((name) => isOwnFile(run, join(run.meshFolder, name)));
}

/** The bytes of a listed mesh, or null. */
export function readMesh(run: RunDirectory, name: string): Buffer | null {
  return listMeshes(run).includes(name) ? readFileSync(join(run.meshFolder, name)) : null;
}

function meshNames(urdf: string): string[] {
  try {
    return meshFilesOf(urdf, "robot.urdf").map(({ file }) => file);
  } catch (error) {
    if (error instanceof InputError) return []; // the page tells of it when it reads the URDF
    throw error;
  }
}

/** What a file of the run holds, or null. */
export function readOwnFile(run: RunDirectory, name: Parameters<RunDirectory["file"]>[0]): Buffer | null {
  const path = run.file(name);
  return isOwnFile(run, path) ? readFileSync(path) : null;
}

/** Of robots that all fell at once there are no errors to show. */
function evaluationsOf(run: RunDirectory): RunDetails["evaluations"] {
  if (!isOwnFile(run, run.file("evaluation.json"))) return [];
  return readEvaluations(run).filter(({ velocityErrorX }) => !Number.isNaN(velocityErrorX));
}

/** Entries by path, which hold while their files stay as they are: decoding one checks every byte of it. */
const described = new Map<string, { readonly mtimeMs: number; readonly size: number; readonly entry: EpisodeEntry }>();

function describeEpisode(name: string, path: string): EpisodeEntry {
  const { mtimeMs, size } = statSync(path);
  const known = described.get(path);
  if (known?.mtimeMs === mtimeMs && known.size === size) return known.entry;
  const entry = readEntry(name, path);
  described.set(path, { mtimeMs, size, entry });
  return entry;
}

function readEntry(name: string, path: string): EpisodeEntry {
  try {
    return { name, header: decodeEpisode(readFileSync(path), `${name}.episode`).header };
  } catch (error) {
    if (error instanceof InputError) return { name, problem: error.message };
    throw error;
  }
}

function episodesOf(run: RunDirectory): { name: string; path: string }[] {
  return run.episodes().filter(({ path }) => isOwnFile(run, path));
}

function isOwnFile(run: RunDirectory, path: string): boolean {
  return liesIn(run.path, path) && statSync(path).isFile();
}

/** Whether there is something at `path` that lies in `folder`, links followed. */
function liesIn(folder: string, path: string): boolean {
  try {
    const way = relative(realpathSync(folder), realpathSync(path));
    return !isAbsolute(way) && way.split(sep)[0] !== ".."; // between Windows' drives there is no relative way
  } catch {
    return false; // a link that leads nowhere
  }
}
