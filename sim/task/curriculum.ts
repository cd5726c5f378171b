import { GAITS } from "../../gaits/library.js";
import type { CurriculumState } from "./commands.js";
import type { EpisodeStatistics } from "./episode-statistics.js";

/** Share of its range of commands that a gait starts with, and by how much it grows or shrinks in an iteration. */
const FIRST_SHARE = 0.3;
const SHARE_STEP = 0.02;
/** A gait that scores above the one gets faster commands, below the other slower ones. */
const GOOD_SCORE = 0.6;
const POOR_SCORE = 0.4;
/** Fewer robot steps of a gait in an iteration tell nothing. */
const MIN_STEPS = 100;
/** How often a gait with a perfect score still comes up, relative to one with the worst. */
const LEAST_WEIGHT = 0.3;

/** The start of a curriculum: slow commands, all gaits alike. */
export function firstCurriculum(): CurriculumState {
  return {
    commandShare: new Float64Array(GAITS.length).fill(FIRST_SHARE),
    gaitWeight: new Float64Array(GAITS.length).fill(1),
  };
}

/** Moves a curriculum on by what one iteration's robots made of it, all workers' together. */
export function advanceCurriculum({ commandShare, gaitWeight }: CurriculumState, statistics: EpisodeStatistics): void {
  for (let gait = 0; gait < GAITS.length; gait++) {
    const { steps, score } = statistics.gaitScore(gait);
    if (steps < MIN_STEPS) continue;
    const step = score > GOOD_SCORE ? SHARE_STEP : score < POOR_SCORE ? -SHARE_STEP : 0;
    commandShare[gait] = Math.min(1, Math.max(FIRST_SHARE, commandShare[gait] + step));
    gaitWeight[gait] = LEAST_WEIGHT + (1 - LEAST_WEIGHT) * (1 - score);
  }
}
