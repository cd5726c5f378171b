/** What a gait selection policy made of the gaits, when. */

import type { Frames } from "./frames.js";

export interface SelectionSpan {
  /** Replay time: 0 is the first frame. */
  readonly fromS: number;
  readonly toS: number;
  /** Of each of `SELECTABLE_GAITS`, 0..1. */
  readonly probabilities: Float32Array;
}

/** Whether a policy selected gaits at any time. */
export function hasSelection(log: Frames): boolean {
  return selectionSpans(log).length > 0;
}

/** From one choice to the next, over all frames or those from `first` to before `end`. None where no policy selected. */
export function selectionSpans(log: Frames, first = 0, end = log.numFrames): SelectionSpan[] {
  if (!log.has("gaitProbability")) return [];
  const { offset, size } = log.column("gaitProbability"); // looked up once: live mode asks at every frame of the screen
  const { dtS } = log.header;
  const spans: SelectionSpan[] = [];
  for (let from = first; from < end; ) {
    const chosen = log.frame(from);
    let to = from + 1;
    while (to < end && sameWithin(chosen, log.frame(to), offset, size)) to++;
    const probabilities = chosen.subarray(offset, offset + size);
    if (probabilities.some((share) => share > 0)) spans.push({ fromS: from * dtS, toS: to * dtS, probabilities });
    from = to;
  }
  return spans;
}

function sameWithin(a: Float32Array, b: Float32Array, offset: number, size: number): boolean {
  for (let i = offset; i < offset + size; i++) if (a[i] !== b[i]) return false;
  return true;
}
