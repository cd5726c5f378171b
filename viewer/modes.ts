/** The page's modes: recordings, live simulation, and the benchmark. The address says which one is shown; each is made when it first is. */

import { ViewerApp } from "./app.js";
import type { BenchApp } from "./bench/bench-app.js";
import { parseDeepLink } from "./deep-link.js";
import { byId } from "./dom.js";
import type { LiveApp } from "./live/live-app.js";
import { isLiveLink } from "./live/live-link.js";
import { exposeLiveState } from "./live/live-state.js";
import { exposeState } from "./page-state.js";
import { showView } from "./panels/view-tabs.js";
import { ReplayView } from "./replay-view.js";
import { readTheme } from "./theme.js";

const BENCH_LINK = "#bench";

export class Modes {
  private replay: ViewerApp | null = null;
  private live: Promise<LiveApp> | null = null;
  private bench: Promise<BenchApp> | null = null;

  /** Throws NoWebGlError where the browser cannot draw. */
  async open(hash: string): Promise<void> {
    const isLive = isLiveLink(hash);
    const isBench = hash === BENCH_LINK;
    const link = parseDeepLink(hash);
    showView(isLive ? "live" : isBench ? "bench" : (link.view ?? "replay"));
    this.replay?.setShown(!isLive && !isBench);
    (await this.live)?.setShown(isLive);
    if (isBench) {
      this.bench ??= startBench();
      await this.bench;
    } else if (isLive) {
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

/** Loads what trains, which nothing else in the page needs. */
async function startBench(): Promise<BenchApp> {
  const { BenchApp } = await import("./bench/bench-app.js");
  const { exposeBenchState } = await import("./bench/bench-state.js");
  const app = new BenchApp();
  exposeBenchState(app);
  return app;
}
