/** What is worth jumping to in an episode. */

import type { EpisodeLog } from "../../sim/episode-log.js";
import { gaitSpans } from "./gait-spans.js";

/** A jump lands this much earlier, so that one sees the event come, s. */
const LEAD_S = 0.5;

export interface ReplayEvent {
  readonly kind: "fall" | "gait";
  /** Replay time: 0 is the first frame. */
  readonly timeS: number;
  readonly label: string;
}

/** Gait switches and the fall, in the order of time. */
export function replayEvents(log: EpisodeLog): ReplayEvent[] {
  const events: ReplayEvent[] = [];
  const spans = gaitSpans(log);
  for (let i = 1; i < spans.length; i++) {
    const [before, after] = [spans[i - 1].gait, spans[i].gait];
    if (before !== after) events.push({ kind: "gait", timeS: spans[i].fromS, label: `${before} to ${after}` });
  }
  // The recording ends with the last step before the fall.
  if (log.header.fell) events.push({ kind: "fall", timeS: (log.numFrames - 1) * log.header.dtS, label: "Fall" });
  return events;
}

/** Where a jump to the event lands, s. */
export function landingS({ timeS }: ReplayEvent): number {
  return Math.max(0, timeS - LEAD_S);
}

/** The event to jump to from `timeS`: the next one (direction 1) or the one before (-1), if any. */
export function neighbourEvent(
  events: readonly ReplayEvent[],
  timeS: number,
  direction: 1 | -1,
): ReplayEvent | undefined {
  const ahead = (event: ReplayEvent) => direction * (landingS(event) - timeS) > 1e-6;
  return direction === 1 ? events.find(ahead) : events.findLast(ahead);
}
