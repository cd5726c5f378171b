/** Reads runs for the server. Only names that a listing has shown are ever opened. Node only. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RunDirectory } from "../policy/cli/run-directory.js";
import { decodeEpisode } from "../sim/episode-log.js";
import { InputError } from "../sim/errors.js";
import { TERRAIN_KINDS } from "../sim/terrain-kinds.js";
import type { EpisodeEntry, EvaluationFigures, RunDetails } from "./api.js";

/** What the page shows of evaluation.json; more stands beside it there. */
const evaluationsSchema = z.array(
  z.object({
    terrain: z.enum(TERRAIN_KINDS),
    level: z.number(),
    trials: z.number(),
    falls: z.number(),
    velocityErrorX: z.number(),
    contactErrorPercent: z.number(),
  }),
);

/** The runs under `runsRoot`, the newest first. */
export function listRuns(runsRoot: string): RunDirectory[] {
  if (!existsSync(runsRoot)) return [];
  return readdirSync(runsRoot)
    .flatMap((name) => openRun(join(runsRoot, name)))
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
    evaluations: readEvaluations(run),
    episodes: run.episodes().map(({ name, path }) => describeEpisode(name, path)),
  };
}

/** The bytes of a listed episode, or null. */
export function readEpisode(run: RunDirectory, file: string): Buffer | null {
  const episode = run.episodes().find(({ name }) => `${name}.episode` === file);
  return episode ? readFileSync(episode.path) : null;
}

/** None where the file is missing or broken: the episodes can be watched all the same. */
function readEvaluations(run: RunDirectory): EvaluationFigures[] {
  if (!existsSync(run.file("evaluation.json"))) return [];
  try {
    return evaluationsSchema.parse(JSON.parse(run.readFile("evaluation.json")));
  } catch {
    return [];
  }
}

function openRun(path: string): RunDirectory[] {
  try {
    return [RunDirectory.open(path)];
  } catch (error) {
    if (error instanceof InputError) return []; // some other folder or file
    throw error;
  }
}

function describeEpisode(name: string, path: string): EpisodeEntry {
  try {
    return { name, header: decodeEpisode(readFileSync(path), `${name}.episode`).header };
  } catch (error) {
    if (error instanceof InputError) return { name, problem: error.message };
    throw error;
  }
}
