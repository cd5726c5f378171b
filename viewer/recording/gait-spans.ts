/** Which gait runs when in an episode, and when one turns into another. */

import { GAITS } from "../../gaits/library.js";
import type { Frames } from "./frames.js";

const UNKNOWN = "unknown gait";

export interface GaitSpan {
  /** Replay time: 0 is the first frame. */
  readonly fromS: number;
  readonly toS: number;
  /** Id in the gait library; of a transition, the gait that it leads to. */
  readonly gait: string;
  readonly transition: boolean;
}

/**
 * Spans that cover all frames, or those from `first` to before `end`, without gaps. Recordings from before gaits were logged
 * have one, of their header's gait.
 */
export function gaitSpans(log: Frames, first = 0, end = log.numFrames): GaitSpan[] {
  const { dtS, gait = UNKNOWN } = log.header;
  if (!log.has("gait") || !log.has("transition")) {
    return [{ fromS: first * dtS, toS: end * dtS, gait, transition: false }];
  }
  const gaitAt = log.column("gait").offset;
  const transitionAt = log.column("transition").offset;
  const spans: GaitSpan[] = [];
  for (let from = first, i = first + 1; i <= end; i++) {
    const frame = log.frame(from);
    const next = i < end ? log.frame(i) : null;
    if (next && next[gaitAt] === frame[gaitAt] && next[transitionAt] === frame[transitionAt]) continue;
    const id = GAITS[frame[gaitAt]]?.id ?? UNKNOWN;
    spans.push({ fromS: from * dtS, toS: i * dtS, gait: id, transition: frame[transitionAt] === 1 });
    from = i;
  }
  return spans;
}
