/** Pause, single steps, speed, and what can be done to the robot. */

import { byId, make } from "../page/dom.js";
import { HelpDialog } from "../panels/help-dialog.js";
import { LIVE_KEY_HELP } from "./live-keys.js";

const SPEEDS = [0.125, 0.25, 0.5, 1, 2] as const;
const LABELS: Readonly<Record<number, string>> = { 0.125: "⅛×", 0.25: "¼×", 0.5: "½×" };

export interface LiveTransportActions {
  togglePlay(): void;
  stepOnce(): void;
  setSpeed(speed: number): void;
  reset(): void;
  push(): void;
  dropPlanks(): void;
}

export class LiveTransport {
  private readonly play = byId("live-play", HTMLButtonElement);
  private readonly time = byId("live-time", HTMLElement);
  private readonly help = new HelpDialog(
    byId("live-main", HTMLElement),
    byId("live-help-open", HTMLButtonElement),
    LIVE_KEY_HELP,
  );

  constructor(actions: LiveTransportActions) {
    const speed = byId("live-speed", HTMLSelectElement);
    speed.append(
      ...SPEEDS.map((each) => make("option", { value: String(each), textContent: LABELS[each] ?? `${each}×` })),
    );
    speed.value = "1";
    speed.addEventListener("change", () => actions.setSpeed(Number(speed.value)));
    this.play.addEventListener("click", () => actions.togglePlay());
    const buttons = {
      "live-step": actions.stepOnce,
      "live-reset": actions.reset,
      "live-push": actions.push,
      "live-planks": actions.dropPlanks,
    };
    for (const [id, action] of Object.entries(buttons)) {
      byId(id, HTMLButtonElement).addEventListener("click", () => action());
    }
  }

  toggleHelp(): void {
    this.help.toggle();
  }

  update(playing: boolean, timeS: number): void {
    const label = playing ? "Pause" : "Go on";
    if (this.play.ariaLabel !== label) {
      this.play.ariaLabel = label;
      this.play.title = `${label} (space)`;
      this.play.classList.toggle("is-playing", playing);
    }
    const time = `${timeS.toFixed(1)} s`;
    if (this.time.textContent !== time) this.time.textContent = time; // even the same text would have the page laid out anew
  }
}
