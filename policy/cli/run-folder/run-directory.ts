/**
 * One training run on disk:
 *
 *     runs/<id>/
 *       run.json                               when, from which code and policy, which seed and task, how it ended
 *       config.yaml                            the whole configuration
 *       task.cjs                               the code of its task, where that is one of its own
 *       metrics.jsonl                          one JSON object per iteration
 *       events.out.tfevents.<time>.gaitway     the same for TensorBoard
 *       checkpoints/000020.ckpt                to resume from: the newest few
 *       best.ckpt                              the one with the highest rewards
 *       run.lock                               which process trains it, while one does
 *       policy.json, robot.urdf, robot.json    all that running the policy needs
 *       meshes/*                               what the robot is drawn with, where its URDF names meshes
 *       evaluation.json, episodes/*.episode    what evaluating it found
 */

import { execFileSync, type StdioOptions } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../sim/errors.js";
import { asInputError, makeFolders, makeNewFolder, writeFileAtomic } from "../files/atomic-file.js";
import { packageRoot, packageVersion } from "../files/package-root.js";
import { isBeingTrained } from "./run-lock.js";
import { type MetricsRow, RunMetrics, type TimedMetricsRow } from "./run-metrics.js";

const infoSchema = z.object({
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  /** Commit of the code, or null outside a git checkout. */
  gitSha: z.string().nullable(),
  gaitwayVersion: z.string(),
  seed: z.number(),
  task: z.string(),
  /** The path that configs call its task by, where that is one of its own: task.cjs is its code. */
  taskPath: z.string().nullable().default(null),
  /** The policy that it began with, as it was named; null where it began with none. */
  from: z.string().nullable().default(null),
  /** A killed process leaves "running" behind; `RunDirectory.status` sees through it. */
  status: z.enum(["running", "finished", "interrupted", "failed"]),
  /** Of best.ckpt; the score is the mean reward of a robot's step, before scaling, since the checkpoint before. */
  best: z.object({ iteration: z.int(), score: z.number() }).nullable().default(null),
});

export type RunInfo = z.infer<typeof infoSchema>;

/** A whole file that the run's user writes and reads. */
export type RunFile = "config.yaml" | "task.cjs" | "policy.json" | "robot.urdf" | "robot.json" | "evaluation.json";

export class RunDirectory {
  readonly id: string;
  private readonly metrics: RunMetrics;

  private constructor(
    readonly path: string,
    private currentInfo: RunInfo,
  ) {
    this.id = basename(path);
    this.metrics = new RunMetrics(path);
  }

  /**
   * Makes the folder of a new run under `root`, named after the time and the task unless a name is given.
   * Throws InputError if the name is taken or no folder name, or the folder cannot be made; nothing is left of it then.
   */
  static create(
    root: string,
    { seed, task, taskPath = null, from = null }: Pick<RunInfo, "seed" | "task"> & Partial<RunInfo>,
    name?: string,
  ): RunDirectory {
    const createdAt = new Date().toISOString();
    const path = newFolderPath(root, task, createdAt, name);
    const code = { gitSha: gitSha(), gaitwayVersion: packageVersion() };
    makeFolders(root);
    makeNewFolder(path);
    try {
      makeFolders(join(path, "checkpoints"), join(path, "episodes"));
      const run = new RunDirectory(path, {
        createdAt,
        ...code,
        seed,
        task,
        taskPath,
        from,
        status: "running",
        best: null,
      });
      run.writeInfo();
      return run;
    } catch (error) {
      rmSync(path, { recursive: true });
      throw error;
    }
  }

  /** Opens a run's folder. Throws InputError if there is none, or it is not a run. */
  static open(path: string): RunDirectory {
    if (!existsSync(path)) throw new InputError(`${path}: no such folder`);
    if (!existsSync(join(path, "run.json"))) throw new InputError(`${path} is not a run: it has no run.json`);
    const info = readInfo(path);
    if (info === null) throw new InputError(`${path} is not a run: its run.json is broken`);
    return new RunDirectory(path, info);
  }

  /** The run under `root` that was created last, or null if there is none. */
  static latest(root: string): RunDirectory | null {
    if (!existsSync(root)) return null;
    const newest = readdirSync(root)
      .map((name) => ({ path: join(root, name), info: readInfo(join(root, name)) }))
      .filter((run): run is { path: string; info: RunInfo } => run.info !== null)
      .sort((a, b) => a.info.createdAt.localeCompare(b.info.createdAt))
      .at(-1);
    return newest === undefined ? null : new RunDirectory(newest.path, newest.info);
  }

  get info(): RunInfo {
    return this.currentInfo;
  }

  /** How the run ended: "interrupted" where its process was killed, "running" only while one lives that trains it. */
  get status(): RunInfo["status"] {
    const { status } = this.currentInfo;
    return status === "running" && !isBeingTrained(this.path) ? "interrupted" : status;
  }

  setStatus(status: RunInfo["status"]): void {
    this.currentInfo = { ...this.currentInfo, status };
    this.writeInfo();
  }

  /** Deletes the run's folder with all that is in it. */
  remove(): void {
    rmSync(this.path, { recursive: true });
  }

  /** Path of the folder of meshes, which only some runs have. */
  get meshFolder(): string {
    return join(this.path, "meshes");
  }

  /** Path of one of the run's files, whether it exists or not. */
  file(name: RunFile): string {
    return join(this.path, name);
  }

  writeFile(name: RunFile, text: string): void {
    writeFileAtomic(this.file(name), text);
  }

  /** Throws InputError if the run does not have the file. */
  readFile(name: RunFile): string {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch (error) {
      throw asInputError(error, `cannot read ${this.file(name)}`);
    }
  }

  /** Adds an iteration to metrics.jsonl, with the time as `wallTimeS`, and to TensorBoard's file. */
  writeMetrics(row: MetricsRow): void {
    this.metrics.append(row);
  }

  readMetrics(): TimedMetricsRow[] {
    return this.metrics.read();
  }

  /** Rows that were added after this many bytes, for a reader that follows the training. */
  readMetricsFrom(fromByte: number): { rows: TimedMetricsRow[]; nextByte: number } {
    return this.metrics.readFrom(fromByte);
  }

  /** Drops what follows `iteration`, the checkpoint that training resumes from, so that no iteration stands twice. */
  rewind(iteration: number): void {
    this.metrics.truncate(iteration);
    this.setDamagedAside(iteration);
    this.removeLeftovers();
  }

  /** Returns the checkpoint's path. Of older ones, all but the newest are deleted, so that `keep` are left. */
  writeCheckpoint(iteration: number, bytes: Uint8Array, keep = Number.POSITIVE_INFINITY): string {
    const path = join(this.path, "checkpoints", `${String(iteration).padStart(6, "0")}.ckpt`);
    writeFileAtomic(path, bytes);
    for (const old of this.checkpoints().slice(keep)) rmSync(old.path, { force: true });
    return path;
  }

  /** Keeps a checkpoint as best.ckpt if none before had as high a score. */
  writeIfBest(iteration: number, bytes: Uint8Array, score: number): void {
    const { best } = this.currentInfo;
    if (Number.isNaN(score) || (best && best.score >= score)) return;
    writeFileAtomic(join(this.path, "best.ckpt"), bytes);
    this.currentInfo = { ...this.currentInfo, best: { iteration, score } };
    this.writeInfo();
  }

  /** The newest one first. */
  checkpoints(): { iteration: number; path: string }[] {
    const checkpoints = this.list("checkpoints", /^(\d+)\.ckpt$/);
    const byIteration = checkpoints.map(({ name, path }) => ({ iteration: Number(name), path }));
    return byIteration.sort((a, b) => b.iteration - a.iteration);
  }

  /** The checkpoint of the highest iteration, or null before the first one. */
  latestCheckpoint(): { iteration: number; path: string } | null {
    return this.checkpoints()[0] ?? null;
  }

  /** `name` without its extension. Returns the episode file's path. */
  writeEpisode(name: string, bytes: Uint8Array): string {
    const path = join(this.path, "episodes", `${checkName(name)}.episode`);
    writeFileAtomic(path, bytes);
    return path;
  }

  /** Recorded episodes in the order of their names. */
  episodes(): { name: string; path: string }[] {
    return this.list("episodes", /^(.+)\.episode$/);
  }

  /** Checkpoints after the one that training resumes from are damaged. */
  private setDamagedAside(iteration: number): void {
    for (const later of this.checkpoints().filter((each) => each.iteration > iteration)) {
      renameSync(later.path, `${later.path}.damaged`);
    }
  }

  /** Deletes what killed processes left half-written. */
  private removeLeftovers(): void {
    for (const folder of ["", "checkpoints", "episodes"]) {
      for (const { path } of this.list(folder, /^(.+)\.\d+\.tmp$/)) rmSync(path, { force: true });
    }
  }

  /** The folder's files that match, under the name that the pattern's group takes from theirs. */
  private list(folder: string, pattern: RegExp): { name: string; path: string }[] {
    const path = join(this.path, folder);
    if (!existsSync(path)) return [];
    const named = readdirSync(path).map((file) => ({ name: pattern.exec(file)?.[1], path: join(path, file) }));
    return named
      .filter((file): file is { name: string; path: string } => file.name !== undefined)
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
  }

  private writeInfo(): void {
    writeFileAtomic(join(this.path, "run.json"), `${JSON.stringify(this.currentInfo, null, 2)}\n`);
  }
}

/** An ISO time, s and all, as it may stand in a folder's name. */
export function folderTime(isoTime: string): string {
  return isoTime.slice(0, 19).replaceAll(":", "-");
}

/** Names become files: no separators, and nothing that hides or leads elsewhere. */
function checkName(name: string): string {
  if (!/^[\w][\w.+-]*$/.test(name)) {
    throw new InputError(`name '${name}': expected letters, digits, '_', '.', '+' and '-', not starting with a mark`);
  }
  return name;
}

/** `name`, or with the first of -2, -3, ... that is free: two runs may start within one second. */
export function freeName(root: string, name: string): string {
  let free = name;
  for (let count = 2; existsSync(join(root, free)); count++) free = `${name}-${count}`;
  return free;
}

/**
 * Path of a folder that is to be made under `root`, named after the time (ISO 8601) and a label unless a name is given.
 * Throws InputError if the name is taken or no folder name.
 */
export function newFolderPath(root: string, label: string, createdAt: string, name?: string): string {
  const path = join(root, checkName(name ?? freeName(root, `${folderTime(createdAt)}-${label}`)));
  if (existsSync(path)) throw new InputError(`${path} exists already: choose another name`);
  return path;
}

/** Null where there is no run, or none that can be read. */
function readInfo(path: string): RunInfo | null {
  try {
    return infoSchema.parse(JSON.parse(readFileSync(join(path, "run.json"), "utf8")));
  } catch {
    return null;
  }
}

function gitSha(): string | null {
  try {
    const quiet = ["ignore", "pipe", "ignore"] satisfies StdioOptions;
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: packageRoot(), encoding: "utf8", stdio: quiet }).trim();
  } catch {
    return null;
  }
}
