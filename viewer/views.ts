/** The page's views: recordings, live simulation, and the benchmark. The address says which one is shown; each is made when it first is. */

import type { BenchApp } from "./bench/bench-app.js";
import { exposeBenchState } from "./bench/bench-state.js";
import type { LiveApp } from "./live/live-app.js";
import { LiveClient } from "./live/live-client.js";
import { isLiveLink } from "./live/live-link.js";
import { exposeLiveState } from "./live/live-state.js";
import { ViewerError } from "./page/client.js";
import { parseDeepLink } from "./page/deep-link.js";
import { byId } from "./page/dom.js";
import { exposeState } from "./page/page-state.js";
import { readTheme } from "./page/theme.js";
import { Notice } from "./panels/notice.js";
import { showView } from "./panels/view-tabs.js";
import { ViewerApp } from "./replay/replay-app.js";
import { ReplayView } from "./replay/replay-view.js";

const BENCH_LINK = "#bench";

export class Views {
  private readonly replay = new Late(startReplay);
  private readonly live = new Late(() => startLive(location.hash));
  private readonly bench = new Late(startBench);
  /** Counts what was asked for, so that what loads late does not come in the way of something newer. */
  private request = 0;

  /** Shows what an address names, or why it cannot be shown. */
  async open(hash: string): Promise<void> {
    const request = ++this.request;
    const isLive = isLiveLink(hash);
    const isBench = hash === BENCH_LINK;
    const link = parseDeepLink(hash);
    showView(isLive ? "live" : isBench ? "bench" : (link.view ?? "replay"));
    this.replay.made?.setShown(!isLive && !isBench);
    this.live.made?.setShown(isLive);
    try {
      if (isBench) await this.bench.get();
      else if (isLive) {
        const live = await this.live.get();
        if (request !== this.request) return;
        live.setShown(true);
        await live.open(hash);
      } else await (await this.replay.get()).open(link);
    } catch (error) {
      if (request === this.request) noticeOf(isLive, isBench).show(error);
    }
  }
}

/** Something that is made when it is first asked for; where that fails, it is tried again when it is next asked for. */
class Late<T> {
  /** Null while there is none. */
  made: T | null = null;
  private making: Promise<T> | null = null;

  constructor(private readonly make: () => Promise<T>) {}

  async get(): Promise<T> {
    this.making ??= this.make();
    try {
      this.made = await this.making;
      return this.made;
    } catch (error) {
      this.making = null;
      throw error;
    }
  }
}

/** Where each mode says what is wrong. */
function noticeOf(isLive: boolean, isBench: boolean): Notice {
  if (isLive) return new Notice(byId("live-notice", HTMLElement), "[data-needs-live]");
  if (isBench) return new Notice(byId("bench-notice", HTMLElement), "[data-needs-bench]");
  return new Notice();
}

/** Throws NoWebGlError where the browser cannot draw. */
async function startReplay(): Promise<ViewerApp> {
  const app = new ViewerApp(new ReplayView(byId("scene", HTMLCanvasElement), readTheme()));
  exposeState(app);
  return app;
}

/** Loads what live mode needs besides, which is more than replay does. Throws NoWebGlError where the browser cannot draw. */
async function startLive(hash: string): Promise<LiveApp> {
  const client = new LiveClient(); // its worker loads the physics engine while the page loads what shows it
  try {
    const { LiveApp } = await loaded(import("./live/live-app.js"));
    const app = await LiveApp.create(client, hash);
    exposeLiveState(app);
    return app;
  } catch (error) {
    client.stop();
    throw error;
  }
}

/** Loads what trains, which nothing else in the page needs. */
async function startBench(): Promise<BenchApp> {
  const { BenchApp } = await loaded(import("./bench/bench-app.js"));
  const app = new BenchApp();
  exposeBenchState(app);
  noticeOf(false, true).hide();
  return app;
}

/** A part of the page that is loaded by itself. */
async function loaded<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch {
    throw new ViewerError(
      "This part of the page could not be loaded: the server does not answer. Come back to it, or load the page again, once it does.",
    );
  }
}
