/** Keys of live mode, except where a control takes them itself. */

import type { KeyHelp } from "../panels/help-dialog.js";
import { gaitOfKey } from "./gait-choice.js";

export const LIVE_KEY_HELP: KeyHelp = [
  ["W S", "forward, backward"],
  ["A D", "turn left, right"],
  ["Q E", "sidestep left, right"],
  ["Shift", "as fast as it was trained to go"],
  ["1 … 8 0", "gait; by speed"],
  ["T", "new ground"],
  ["X", "push"],
  ["B", "drop planks"],
  ["R", "back to the start"],
  ["Space", "pause, go on"],
  [".", "one step of 20 ms"],
  ["F", "camera goes along"],
  ["?", "this list"],
];

export interface LiveKeyActions {
  /** Whether live mode is what is shown. */
  isActive(): boolean;
  /** Whether the key drives. @param code its place on the keyboard */
  press(code: string): boolean;
  release(code: string): void;
  releaseAll(): void;
  /** Whether Shift is held, told at each key. */
  setFast(fast: boolean): void;
  selectGait(id: string): void;
  /** By the letter of the key, lower case; " " is space. */
  readonly commands: Readonly<Record<string, () => void>>;
}

export function bindLiveKeys(actions: LiveKeyActions): void {
  for (const type of ["keydown", "keyup"] as const) {
    window.addEventListener(type, ({ shiftKey }) => actions.setFast(shiftKey));
  }
  window.addEventListener("keydown", (event) => {
    if (!actions.isActive() || event.ctrlKey || event.metaKey || event.altKey || takesKey(event)) return;
    if (actions.press(event.code)) event.preventDefault();
    else if (!event.repeat) command(event, actions);
  });
  window.addEventListener("keyup", (event) => actions.release(event.code));
  // Nobody tells the page of keys that are let go elsewhere.
  window.addEventListener("blur", () => actions.releaseAll());
}

function command(event: KeyboardEvent, actions: LiveKeyActions): void {
  const gait = gaitOfKey(event.key);
  const action = gait ? () => actions.selectGait(gait) : actions.commands[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
}

/** Text and lists use all keys, also letters; sliders, boxes and buttons only some. */
function takesKey({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLInputElement) return target.type === "number" || (target.type !== "range" && key === " ");
  return (
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.closest("button, summary, dialog") !== null && key === " ")
  );
}
