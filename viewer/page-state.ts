/** What a script in the page can see and do: for the browser tests, and for nothing that the page itself does. */

import { LiveClient } from "./live-client.js";
import type { LiveOptions } from "./live-simulation.js";

export interface PageState {
  /** Replay time, s. */
  readonly timeS: number;
  readonly playing: boolean;
  /** Frames of the episode, 0 while none is shown. */
  readonly numFrames: number;
  /** Of the robot on the screen, world frame, m. */
  readonly basePosition: readonly number[];
}

export interface PageControl {
  /** Starts a simulation of one robot with its policy in a Web Worker; nothing on the page shows it. */
  startLive(options: LiveOptions): Promise<LiveClient>;
}

declare global {
  interface Window {
    readonly gaitwayViewer: PageState & PageControl;
  }
}

/** Makes `window.gaitwayViewer`, a frozen snapshot at each reading. */
export function exposeState(source: { pageState(): PageState }): void {
  const get = () => Object.freeze({ ...source.pageState(), startLive: LiveClient.start });
  Object.defineProperty(window, "gaitwayViewer", { get });
}
