import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import { buildPage, findChromium, launchChromium } from "./browser.js";

/** The viewer's page, built anew, in a browser, before a server whose runs a test writes. */
export class ViewerPage {
  /** Errors and warnings of the page, a breach of its Content-Security-Policy among them. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly folder: string,
    readonly server: ViewerServer,
    readonly browser: Browser,
    readonly page: Page,
  ) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
  }

  /** @param writeRuns writes what is to be seen into the folder of the runs */
  static async open(writeRuns: (runsRoot: string) => void): Promise<ViewerPage> {
    const folder = mkdtempSync(join(tmpdir(), "gaitway-page-"));
    const [pageRoot, runsRoot] = [join(folder, "page"), join(folder, "runs")];
    await buildPage(pageRoot);
    writeRuns(runsRoot);
    const server = await startViewerServer({ runsRoot, pageRoot, port: 0 });
    const browser = await launchChromium(findChromium() ?? "");
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    return new ViewerPage(folder, server, browser, page);
  }

  /** Loads the page at a deep link. */
  async load(hash: string): Promise<void> {
    // A page that only gets another hash is not loaded again.
    await this.page.goto("about:blank");
    await this.page.goto(this.server.url + hash);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}
