/** Keys that work anywhere on the page, except where a control takes them itself. */

import type { KeyHelp } from "../panels/help-dialog.js";

export const KEY_HELP: KeyHelp = [
  ["Space", "play, pause"],
  ["← →", "one frame back, on"],
  ["Shift ← →", "one second back, on"],
  ["N", "to the next fall or gait switch"],
  ["Shift N", "to the one before"],
  ["F", "camera goes along"],
  ["?", "this list"],
];

export interface KeyActions {
  togglePlay(): void;
  stepFrames(count: number): void;
  skip(seconds: number): void;
  /** To the next event, or the one before. */
  jump(direction: 1 | -1): void;
  toggleFollow(): void;
  toggleHelp(): void;
}

const SKIP_S = 1;

/** @param isActive whether replay is what is shown */
export function bindKeys(isActive: () => boolean, actions: KeyActions): void {
  window.addEventListener("keydown", (event) => {
    if (!isActive() || event.ctrlKey || event.metaKey || event.altKey || takesKey(event)) return;
    const action = actionFor(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
  // A button that was clicked, not tabbed to, keeps no focus: the next space is meant for the replay.
  window.addEventListener("click", (event) => {
    if (event.detail > 0 && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
  });
}

function actionFor(event: KeyboardEvent, actions: KeyActions): (() => void) | null {
  const move = (direction: number) => () =>
    event.shiftKey ? actions.skip(direction * SKIP_S) : actions.stepFrames(direction);
  switch (event.key) {
    case " ":
      return actions.togglePlay;
    case "ArrowLeft":
      return move(-1);
    case "ArrowRight":
      return move(1);
    case "n":
    case "N":
      return () => actions.jump(event.shiftKey ? -1 : 1);
    case "f":
    case "F":
      return actions.toggleFollow;
    case "?":
      return actions.toggleHelp;
    default:
      return null;
  }
}

/** Lists and text fields use all keys; a button is pressed with space. Arrows on the scrubber do what they do everywhere. */
function takesKey(event: KeyboardEvent): boolean {
  const at = event.target;
  const isText = at instanceof HTMLInputElement && at.type !== "range";
  return isText || at instanceof HTMLSelectElement || (at instanceof HTMLButtonElement && event.key === " ");
}
