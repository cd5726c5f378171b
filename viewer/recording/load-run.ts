import { decodeEpisode, type EpisodeLog } from "../../sim/episode-log.js";
import { createRobotModel } from "../../sim/robot/model.js";
import type { RobotModel } from "../../sim/robot/types.js";
import { meshFilesOf } from "../../sim/robot/urdf-meshes.js";
import {
  fetchEpisode,
  fetchMesh,
  fetchMeshNames,
  fetchRun,
  fetchTuning,
  fetchUrdf,
  ViewerError,
} from "../page/client.js";
import type { EpisodeId } from "../page/deep-link.js";
import type { RunDetails, RunList } from "../server/api.js";
import type { MeshContents } from "./mesh-files.js";
import { taskAddress, useTask } from "./run-task.js";

/** The robot that a run's episodes recorded. */
export interface RunRobot {
  readonly urdf: string;
  readonly meshes: MeshContents;
  readonly model: RobotModel;
}

/** An episode and its robot. */
export interface Recording {
  readonly log: EpisodeLog;
  readonly robot: RunRobot;
}

/** A run with all that showing its episodes takes. */
export interface LoadedRun {
  readonly details: RunDetails;
  readonly robot: RunRobot;
}

/** Fetches the run of this id, or the first of the list. */
export async function loadRun({ runs }: RunList, id: string | null): Promise<LoadedRun> {
  const wanted = id ?? runs[0]?.id;
  if (wanted === undefined) throw new ViewerError("There are no runs yet. Train one with “gaitway train”.");
  const [details, robot] = await Promise.all([fetchRun(wanted), loadRobot(wanted)]);
  return { details, robot };
}

/** The robot of a run. */
export async function loadRobot(run: string): Promise<RunRobot> {
  const [urdf, tuning] = await Promise.all([fetchUrdf(run), fetchTuning(run)]);
  const model = createRobotModel({ urdf, tuning }, "robot.urdf");
  return { urdf, model, meshes: await loadMeshes(run, urdf) };
}

/** The meshes of a run's URDF, as far as they are there. */
export async function loadMeshes(run: string, urdf: string): Promise<MeshContents> {
  const files = meshFilesOf(urdf, "robot.urdf");
  if (files.length === 0) return new Map();
  const names = new Set(await fetchMeshNames(run));
  const there = files.filter(({ file }) => names.has(file));
  return new Map(await Promise.all(there.map(async ({ path, file }) => [path, await fetchMesh(run, file)] as const)));
}

/** Throws ViewerError for an episode that holds nothing. */
export async function loadEpisode({ run, episode }: EpisodeId): Promise<EpisodeLog> {
  const [bytes] = await Promise.all([fetchEpisode(run, episode), useTask(taskAddress(run))]);
  const log = decodeEpisode(bytes, `${episode}.episode`);
  if (log.numFrames === 0) throw new ViewerError("This episode has no frames.");
  return log;
}
