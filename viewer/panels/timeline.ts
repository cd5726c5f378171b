/** Play, step, scrub, speed and the time. */

import { byId, make } from "../page/dom.js";
import { REPLAY_SPEEDS, type ReplayClock } from "../recording/clock.js";

const SPEED_LABELS: Readonly<Record<number, string>> = { 0.125: "⅛×", 0.25: "¼×", 0.5: "½×" };

export class Timeline {
  private readonly playButton = byId("play", HTMLButtonElement);
  private readonly scrubber = byId("scrubber", HTMLInputElement);
  private readonly speed = byId("speed", HTMLSelectElement);
  private readonly time = byId("time", HTMLElement);
  private clock: ReplayClock | null = null;

  constructor() {
    for (const speed of REPLAY_SPEEDS) {
      this.speed.append(make("option", { value: String(speed), textContent: SPEED_LABELS[speed] ?? `${speed}×` }));
    }
    this.speed.value = "1";
    this.playButton.addEventListener("click", () => this.clock?.toggle());
    byId("step-back", HTMLButtonElement).addEventListener("click", () => this.clock?.stepFrames(-1));
    byId("step-forward", HTMLButtonElement).addEventListener("click", () => this.clock?.stepFrames(1));
    this.scrubber.addEventListener("input", () => this.clock?.seek(this.scrubber.valueAsNumber));
    this.speed.addEventListener("change", () => this.clock?.setSpeed(Number(this.speed.value)));
  }

  /** Drives another clock, at the speed that is selected. */
  show(clock: ReplayClock): void {
    this.clock = clock;
    clock.setSpeed(Number(this.speed.value));
    this.scrubber.max = String(clock.durationS);
    this.scrubber.step = String(clock.frameS);
  }

  update(clock: ReplayClock): void {
    const label = clock.playing ? "Pause" : "Play";
    if (this.playButton.ariaLabel !== label) {
      this.playButton.ariaLabel = label;
      this.playButton.title = `${label} (space)`;
      this.playButton.classList.toggle("is-playing", clock.playing);
    }
    this.scrubber.value = String(clock.timeS);
    const share = clock.durationS > 0 ? clock.timeS / clock.durationS : 0;
    this.scrubber.style.setProperty("--share", share.toFixed(4));
    this.time.textContent = `${clock.timeS.toFixed(2)} / ${clock.durationS.toFixed(2)} s`;
    this.scrubber.ariaValueText = `${clock.timeS.toFixed(2)} seconds`;
  }
}
