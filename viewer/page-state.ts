/** What the page shows, readable by a script: for the browser tests, and for nothing that the page itself does. */

export interface PageState {
  /** Replay time, s. */
  readonly timeS: number;
  readonly playing: boolean;
  /** Frames of the episode, 0 while none is shown. */
  readonly numFrames: number;
  /** Of the robot on the screen, world frame, m. */
  readonly basePosition: readonly number[];
}

declare global {
  interface Window {
    /** Read-only; see `PageState`. */
    readonly gaitwayViewer: PageState;
  }
}

/** Makes `window.gaitwayViewer`, a frozen snapshot at each reading. */
export function exposeState(source: { pageState(): PageState }): void {
  Object.defineProperty(window, "gaitwayViewer", { get: () => Object.freeze(source.pageState()) });
}
