import "./zod-without-eval.js";
import { byId } from "./dom.js";
import { isLiveLink } from "./live/live-link.js";
import { Modes } from "./modes.js";
import { Notice } from "./panels/notice.js";

const modes = new Modes();

async function open(): Promise<void> {
  try {
    await modes.open(location.hash);
  } catch (error) {
    const notice = isLiveLink(location.hash)
      ? new Notice(byId("live-notice", HTMLElement), "[data-needs-live]")
      : new Notice();
    notice.show(error);
  }
}

window.addEventListener("hashchange", open);
await open();
