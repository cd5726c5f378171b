/** The last seconds of a live simulation, to be read like an episode. */

import {
  type ColumnPlace,
  EPISODE_COLUMNS,
  EPISODE_FRAME_SIZE,
  type EpisodeColumnName,
  episodeColumn,
} from "../../sim/episode-log.js";
import type { Frames } from "../recording/frames.js";

/** Frames that are kept: 10 s of policy steps of 20 ms. */
const KEPT = 512;

export class LiveLog implements Frames {
  /** Since the start, also those that are no longer kept. */
  numFrames = 0;
  private readonly ring = new Float32Array(KEPT * EPISODE_FRAME_SIZE);
  /** Made once: the page reads a thousand frames for each that it draws. */
  private readonly frames = Array.from({ length: KEPT }, (_, slot) =>
    this.ring.subarray(slot * EPISODE_FRAME_SIZE, (slot + 1) * EPISODE_FRAME_SIZE),
  );

  constructor(readonly header: { readonly dtS: number }) {}

  /** Time of the newest frame, s. */
  get endS(): number {
    return Math.max(0, this.numFrames - 1) * this.header.dtS;
  }

  clear(): void {
    this.numFrames = 0;
  }

  /** @param frames [count, EPISODE_FRAME_SIZE] */
  append(frames: Float32Array): void {
    for (let offset = 0; offset < frames.length; offset += EPISODE_FRAME_SIZE) {
      const slot = this.numFrames++ % KEPT;
      this.ring.set(frames.subarray(offset, offset + EPISODE_FRAME_SIZE), slot * EPISODE_FRAME_SIZE);
    }
  }

  has(name: EpisodeColumnName): boolean {
    return EPISODE_COLUMNS.some((column) => column.name === name);
  }

  column(name: EpisodeColumnName): ColumnPlace {
    return episodeColumn(name);
  }

  /** A view that the frame `KEPT` later overwrites. */
  frame(index: number): Float32Array {
    const oldest = Math.max(0, this.numFrames - KEPT);
    if (!(index >= oldest && index < this.numFrames)) {
      throw new RangeError(`live frame: got ${index}, expected ${oldest}..${this.numFrames - 1}`);
    }
    return this.frames[index % KEPT];
  }
}
