import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startViewerServer, type ViewerServer } from "../../../viewer/server/server.js";
import { builtPage, collectComplaints, decodePng, findChromium, launchChromium, type Picture } from "./browser.js";

const VIEWPORT = { width: 1000, height: 700 };

/** The viewer's page in a browser, before a server whose runs a test writes. */
export class ViewerPage {
  page!: Page;
  /** Errors and warnings of the page, a breach of its Content-Security-Policy among them. */
  complaints: string[] = [];

  private constructor(
    private readonly folder: string,
    readonly server: ViewerServer,
    readonly browser: Browser,
    private readonly viewport: typeof VIEWPORT,
  ) {}

  /** @param writeRuns writes what is to be seen into the folder of the runs */
  static async open(writeRuns: (runsRoot: string) => void, viewport = VIEWPORT): Promise<ViewerPage> {
    const folder = mkdtempSync(join(tmpdir(), "gaitway-page-"));
    const runsRoot = join(folder, "runs");
    mkdirSync(runsRoot);
    writeRuns(runsRoot);
    const server = await startViewerServer({ runsRoot, pageRoot: await builtPage(), port: 0 });
    const browser = await launchChromium(findChromium() ?? "");
    const viewer = new ViewerPage(folder, server, browser, viewport);
    await viewer.renew();
    return viewer;
  }

  /** A new page in place of the one before, of which nothing stays. */
  async renew(): Promise<void> {
    await this.page?.close();
    this.page = await this.browser.newPage({ viewport: this.viewport });
    this.complaints = collectComplaints(this.page);
  }

  /** Loads the page at a deep link. */
  async load(hash: string): Promise<void> {
    // A page that only gets another hash is not loaded again.
    if (this.page.url() !== "about:blank") await this.page.goto("about:blank");
    await this.page.goto(this.server.url + hash);
  }

  /** Loads live mode, and waits until the robot moves. */
  async loadLive(hash: string): Promise<void> {
    await this.load(hash);
    await this.page.waitForFunction(() => window.gaitwayLive?.timeS > 0);
  }

  /** What the user sees of a part of the page. */
  async picture(selector: string): Promise<Picture> {
    return decodePng(this.browser, await this.page.locator(selector).first().screenshot());
  }

  /** Waits until a notice, that of replay unless told, says why there is nothing to see. */
  noticeReads(text: string, selector = "#notice"): Promise<void> {
    return this.page.locator(selector, { hasText: text }).waitFor({ state: "visible" });
  }

  /** Drops the browser's own reports of what a test has done to it. */
  forgive(text: string): void {
    this.complaints = this.complaints.filter((each) => !each.includes(text));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}
