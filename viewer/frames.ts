import type { EpisodeHeader, EpisodeLog } from "../sim/episode-log.js";

/** Frames at an even pace from time 0 on: those of a recorded episode, or of a simulation that is still running. */
export type Frames = Pick<EpisodeLog, "numFrames" | "column" | "frame"> & {
  readonly header: Pick<EpisodeHeader, "dtS">;
};
