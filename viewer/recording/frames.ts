import type { EpisodeHeader, EpisodeLog } from "../../sim/episode-log.js";

/** Frames at an even pace from time 0 on: those of a recorded episode, or of a simulation that is still running. */
export type Frames = Pick<EpisodeLog, "numFrames" | "has" | "column" | "frame"> & {
  /** The gait is that of frames which do not tell their own. */
  readonly header: Pick<EpisodeHeader, "dtS"> & Partial<Pick<EpisodeHeader, "gait">>;
};
