/** Falls and gait switches as marks on the timeline; clicking one goes there. */

import { byId, make } from "../page/dom.js";
import { landingS, neighbourEvent, type ReplayEvent } from "../recording/events.js";

export class EventMarks {
  private readonly host = byId("marks", HTMLElement);
  private readonly back = byId("event-back", HTMLButtonElement);
  private readonly next = byId("event-next", HTMLButtonElement);
  private events: readonly ReplayEvent[] = [];
  private timeS = 0;

  constructor(private readonly onSeek: (timeS: number) => void) {
    this.back.addEventListener("click", () => this.jump(-1));
    this.next.addEventListener("click", () => this.jump(1));
  }

  show(events: readonly ReplayEvent[], durationS: number): void {
    this.events = events;
    this.back.hidden = this.next.hidden = events.length === 0;
    this.host.replaceChildren(...events.map((event) => this.mark(event, event.timeS / durationS)));
  }

  update(timeS: number): void {
    this.timeS = timeS;
    this.back.disabled = !neighbourEvent(this.events, timeS, -1);
    this.next.disabled = !neighbourEvent(this.events, timeS, 1);
  }

  /** To the next event (1) or the one before (-1), if there is any. */
  jump(direction: 1 | -1): void {
    const event = neighbourEvent(this.events, this.timeS, direction);
    if (event) this.land(event);
  }

  private land(event: ReplayEvent): void {
    this.timeS = landingS(event); // the next jump may come before the next update
    this.onSeek(this.timeS);
  }

  private mark(event: ReplayEvent, share: number): HTMLButtonElement {
    const label = `${event.label} at ${event.timeS.toFixed(2)} s`;
    const button = make("button", { type: "button", className: `mark ${event.kind}`, title: label, ariaLabel: label });
    button.style.setProperty("--share", share.toFixed(4));
    button.addEventListener("click", () => this.land(event));
    return button;
  }
}
