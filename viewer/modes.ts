/** The page's two modes, recordings and live simulation. The address says which one is shown; each is made when it first is. */

import { ViewerApp } from "./app.js";
import { parseDeepLink } from "./deep-link.js";
import { byId } from "./dom.js";
import type { LiveApp } from "./live/live-app.js";
import { isLiveLink } from "./live/live-link.js";
import { exposeLiveState } from "./live/live-state.js";
import { exposeState } from "./page-state.js";
import { ReplayView } from "./replay-view.js";
import { readTheme } from "./theme.js";

export class Modes {
  private replay: ViewerApp | null = null;
  private live: Promise<LiveApp> | null = null;

  /** Throws NoWebGlError where the browser cannot draw. */
  async open(hash: string): Promise<void> {
    const isLive = isLiveLink(hash);
    showMode(isLive ? "live" : "replay");
    this.replay?.setShown(!isLive);
    (await this.live)?.setShown(isLive);
    if (isLive) {
      this.live ??= startLive();
      await (await this.live).open(hash);
    } else {
      this.replay ??= startReplay();
      await this.replay.open(parseDeepLink(hash));
    }
  }
}

/** Lays the page out for a mode, and marks it among the tabs. */
function showMode(mode: "live" | "replay"): void {
  document.body.dataset.mode = mode;
  for (const each of ["live", "replay"] as const) {
    byId(`tab-${each}`, HTMLAnchorElement).ariaCurrent = each === mode ? "page" : null;
  }
}

function startReplay(): ViewerApp {
  const app = new ViewerApp(new ReplayView(byId("scene", HTMLCanvasElement), readTheme()));
  exposeState(app);
  return app;
}

/** Loads what live mode needs besides, which is more than replay does. */
async function startLive(): Promise<LiveApp> {
  const { LiveApp } = await import("./live/live-app.js");
  const app = new LiveApp();
  exposeLiveState(app);
  app.setShown(true);
  return app;
}
