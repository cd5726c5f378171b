/** What a script in the page can see of live mode: for the browser tests. */

import { GAITS } from "../../gaits/library.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import type { LiveLog } from "./live-log.js";

/** Contacts that are told of: 1 s of them. */
const TOLD_FRAMES = 50;

export interface LivePageState {
  /** Simulated since the last start, as shown, s. */
  readonly timeS: number;
  readonly playing: boolean;
  /** Simulated seconds per second. */
  readonly speed: number;
  /** As shown, world frame, m. */
  readonly basePosition: readonly number[];
  /** Id of the gait that runs, or towards which a transition runs. */
  readonly gait: string;
  /** 1 where a foot was scheduled to be on the ground, FL FR RL RR, in each of the newest 50 frames. */
  readonly scheduledContact: readonly (readonly number[])[];
  readonly terrain: TerrainSpec;
  readonly planks: number;
  readonly falls: number;
  /** Medians, ms: worker time of a policy step; main thread's script of a frame, without and with the calls that draw. */
  readonly stepMs: number;
  readonly updateMs: number;
  readonly frameMs: number;
}

declare global {
  interface Window {
    readonly gaitwayLive: LivePageState;
  }
}

/** Makes `window.gaitwayLive`, a frozen snapshot at each reading. */
export function exposeLiveState(source: { pageState(): LivePageState }): void {
  Object.defineProperty(window, "gaitwayLive", { get: () => Object.freeze(source.pageState()) });
}

/** What the newest frames say of the gait. */
export function describeGait(log: LiveLog): Pick<LivePageState, "gait" | "scheduledContact"> {
  const { numFrames } = log;
  if (numFrames === 0) return { gait: "", scheduledContact: [] };
  const { offset, size } = log.column("scheduledContact");
  const first = Math.max(0, numFrames - TOLD_FRAMES);
  return {
    gait: GAITS[log.frame(numFrames - 1)[log.column("gait").offset]].id,
    scheduledContact: Array.from({ length: numFrames - first }, (_, i) => [
      ...log.frame(first + i).subarray(offset, offset + size),
    ]),
  };
}
