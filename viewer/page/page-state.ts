/** What a script in the page can see: for the browser tests, and for nothing that the page itself does. */

export interface PageState {
  /** Replay time, s. */
  readonly timeS: number;
  readonly playing: boolean;
  /** Frames of the episode, 0 while none is shown. */
  readonly numFrames: number;
  /** Of the robot on the screen, world frame, m. */
  readonly basePosition: readonly number[];
  /** Of the robot beside it, null where there is none. */
  readonly otherBasePosition: readonly number[] | null;
  /** Of training, of the policy that walks in the training view; null in the others. */
  readonly policyIteration: number | null;
}

declare global {
  interface Window {
    readonly gaitwayViewer: PageState;
  }
}

/** Makes `window.gaitwayViewer`, a frozen snapshot at each reading. */
export function exposeState(source: { pageState(): PageState }): void {
  const get = () => Object.freeze(source.pageState());
  Object.defineProperty(window, "gaitwayViewer", { get });
}
