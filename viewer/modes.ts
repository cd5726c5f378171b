/** The page's two modes, recordings and live simulation. The address says which one is shown; each is made when it first is. */

import { ViewerApp } from "./app.js";
import { parseDeepLink } from "./deep-link.js";
import { byId } from "./dom.js";
import type { LiveApp } from "./live/live-app.js";
import { isLiveLink } from "./live/live-link.js";
import { exposeLiveState } from "./live/live-state.js";
import { exposeState } from "./page-state.js";
import { showView } from "./panels/view-tabs.js";
import { ReplayView } from "./replay-view.js";
import { readTheme } from "./theme.js";

export class Modes {
  private replay: ViewerApp | null = null;
  private live: Promise<LiveApp> | null = null;

  /** Throws NoWebGlError where the browser cannot draw. */
  async open(hash: string): Promise<void> {
    const isLive = isLiveLink(hash);
    const link = parseDeepLink(hash);
    showView(isLive ? "live" : (link.view ?? "replay"));
    this.replay?.setShown(!isLive);
    (await this.live)?.setShown(isLive);
    if (isLive) {
      this.live ??= startLive();
      await (await this.live).open(hash);
    } else {
      this.replay ??= startReplay();
      await this.replay.open(link);
    }
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
