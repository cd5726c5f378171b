/** Reads runs for the server. Only names that a listing has shown are ever opened. Node only. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunDirectory } from "../policy/cli/run-directory.js";
import { openRun, readEvaluations } from "../policy/cli/run-summary.js";
import { decodeEpisode } from "../sim/episode-log.js";
import { InputError } from "../sim/errors.js";
import type { EpisodeEntry, RunDetails } from "./api.js";

/** The runs under `runsRoot`, the newest first. */
export function listRuns(runsRoot: string): RunDirectory[] {
  if (!existsSync(runsRoot)) return [];
  return readdirSync(runsRoot)
    .flatMap((name) => openRun(join(runsRoot, name)) ?? [])
    .sort((a, b) => b.info.createdAt.localeCompare(a.info.createdAt));
}

/** The run of this id, or null if the listing has none. */
export function findRun(runsRoot: string, id: string): RunDirectory | null {
  return listRuns(runsRoot).find((run) => run.id === id) ?? null;
}

export function describeRun(run: RunDirectory): RunDetails {
  const { task, status, createdAt } = run.info;
  return {
    id: run.id,
    task,
    status,
    createdAt,
    iterations: run.readMetrics().at(-1)?.iteration ?? null,
    // Of robots that all fell at once there are no errors to show.
    evaluations: readEvaluations(run).filter(({ velocityErrorX }) => !Number.isNaN(velocityErrorX)),
    episodes: run.episodes().map(({ name, path }) => describeEpisode(name, path)),
  };
}

/** The bytes of a listed episode, or null. */
export function readEpisode(run: RunDirectory, file: string): Buffer | null {
  const episode = run.episodes().find(({ name }) => `${name}.episode` === file);
  return episode ? readFileSync(episode.path) : null;
}

function describeEpisode(name: string, path: string): EpisodeEntry {
  try {
    return { name, header: decodeEpisode(readFileSync(path), `${name}.episode`).header };
  } catch (error) {
    if (error instanceof InputError) return { name, problem: error.message };
    throw error;
  }
}
