/** A message in place of the replay: why there is nothing to see. */

import { InputError } from "../../sim/errors.js";
import { ViewerError } from "../page/client.js";
import { byId, make } from "../page/dom.js";
import { NoWebGlError } from "../scene/stage.js";

export class Notice {
  /** @param parts selects what there is no use of while the message stands */
  constructor(
    private readonly box = byId("notice", HTMLElement),
    private readonly parts = "[data-needs-episode]",
  ) {}

  /** Says what is wrong; bugs also go to the console. */
  show(error: unknown): void {
    const [title, text] = explain(error);
    this.box.replaceChildren(make("strong", {}, title), make("p", {}, text));
    this.setShown(true);
  }

  wait(): void {
    this.box.replaceChildren(make("strong", {}, "Loading…"));
    this.setShown(true);
  }

  hide(): void {
    this.setShown(false);
  }

  /** Controls and charts of a replay that is not there are taken away, also from the keyboard. */
  private setShown(shown: boolean): void {
    this.box.hidden = !shown;
    for (const part of document.querySelectorAll<HTMLElement>(this.parts)) part.inert = shown;
  }
}

function explain(error: unknown): readonly [title: string, text: string] {
  if (error instanceof ViewerError) return ["Nothing to show", error.message];
  if (error instanceof InputError) return ["This file cannot be read", error.message];
  if (error instanceof NoWebGlError) {
    return [
      "This browser cannot draw in 3D",
      "The viewer needs WebGL 2. Turn on hardware acceleration in the browser's settings, or use another browser.",
    ];
  }
  reportError(error);
  return ["The viewer has failed", error instanceof Error ? error.message : String(error)];
}
