import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { decodeEpisode, type EpisodeLog } from "../../../sim/episode-log.js";
import { InputError } from "../../../sim/errors.js";
import { readBytes } from "../files/read-file.js";
import { findNamed } from "./policy-source.js";
import { RunDirectory } from "./run-directory.js";

export interface EpisodeSource {
  /** Its robot.urdf says what the episodes show. */
  readonly run: RunDirectory;
  /** At least one. */
  readonly episodes: readonly { readonly name: string; readonly log: EpisodeLog }[];
}

/**
 * Reads recorded episodes.
 *
 * @param path an episode file within a run's folder, or a run, by its folder or its name under `runsRoot`, for all its episodes
 * @throws InputError if there is no such thing, or it is damaged
 */
export function readEpisodes(path: string, runsRoot: string): EpisodeSource {
  const found = findNamed(path, runsRoot);
  if (found === undefined) {
    const tried = `${path}: no such file or folder, and no run ${join(runsRoot, path)}`;
    throw new InputError(`${tried}; expected an episode or a run`);
  }
  if (!statSync(found).isDirectory()) {
    return { run: runAround(found), episodes: [readEpisode(basename(found, ".episode"), found)] };
  }
  const run = RunDirectory.open(found);
  const files = run.episodes();
  if (files.length === 0) throw new InputError(`${run.path} has no recorded episodes`);
  return { run, episodes: files.map((file) => readEpisode(file.name, file.path)) };
}

function readEpisode(name: string, path: string): { name: string; log: EpisodeLog } {
  const log = decodeEpisode(readBytes(path), path);
  if (log.numFrames === 0) throw new InputError(`${path} has no frames`);
  return { name, log };
}

/** An episode does not say what its robot looks like; the run that it stands in does. */
function runAround(file: string): RunDirectory {
  const folder = dirname(dirname(resolve(file)));
  if (existsSync(join(folder, "run.json"))) return RunDirectory.open(folder);
  throw new InputError(
    `${file} is outside of a run: expected runs/<id>/episodes/<name>.episode, with the run's robot.urdf`,
  );
}
