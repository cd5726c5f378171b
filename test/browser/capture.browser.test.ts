import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../policy/cli/package-root.js";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import { collectComplaints, comparePictures, decodePng, findChromium, launchChromium } from "../support/browser.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";
import { decodeVideo } from "../support/video.js";

const chromiumPath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "gaitway-capture-"));
let browser: Browser;
let server: ViewerServer;
let page: Page;
let complaints: string[];

/** Presses a button that saves a file. */
async function saved(button: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe.skipIf(chromiumPath === null)("what the page saves", () => {
  beforeAll(async () => {
    const pageRoot = join(packageRoot(), "dist/viewer-page"); // which `npm test` has built before
    writeSyntheticRun(join(folder, "runs"), "walk", {
      "1-walk": {
        label: "Trot",
        gait: "trot",
        terrain: { kind: "rough", level: 2, seed: 7 },
        controller: "policy",
        numFrames: 251, // 5 s
        speedMPerS: 0.5,
      },
    });
    server = await startViewerServer({ runsRoot: join(folder, "runs"), pageRoot, port: 0 });
    browser = await launchChromium(chromiumPath ?? "");
    page = await browser.newPage({ viewport: { width: 640, height: 700 } });
    complaints = collectComplaints(page);
    await page.goto(`${server.url}#run=walk&episode=1-walk&t=1`);
    await page.waitForFunction(() => window.gaitwayViewer?.timeS === 1);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  it("a picture is what the 3D view shows", async () => {
    const { name, bytes } = await saved("Save picture");
    expect(name).toBe("walk-1-walk-1.00s.png");
    const picture = await decodePng(browser, bytes);
    const shown = await decodePng(browser, await page.locator("#scene").screenshot());
    expect([picture.width, picture.height]).toEqual([shown.width, shown.height]);
    expect(comparePictures(picture, shown).share).toBeLessThan(0.1);
    const blank = { ...picture, rgba: new Uint8Array(picture.rgba.length) };
    expect(comparePictures(picture, blank).share).toBeGreaterThan(0.9);
  });

  it("a video shows the robot walking, and plays", async () => {
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Record video" }).click();
    await page.waitForFunction(() => window.gaitwayViewer.timeS > 2.5);
    const { name, bytes } = await saved("Stop recording");
    expect(name).toMatch(/^walk-1-walk-\d\.\d\ds\.webm$/);
    const { width, height, durationS, pictures } = await decodeVideo(browser, bytes, [0.1, 0.9]);
    expect([width, height]).toEqual(
      await page.locator("#scene").evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]),
    );
    // Of the 1.5 s that are shown; a slow machine draws, and records, its first frame late.
    expect(durationS).toBeGreaterThan(0.5);
    expect(comparePictures(pictures[0], pictures[1]).share).toBeGreaterThan(0.02);
    expect(await page.getByRole("button", { name: "Record video" }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("a video of a paused replay shows it, however short", async () => {
    await page.goto("about:blank"); // a page that only gets another hash is not loaded again
    await page.goto(`${server.url}#run=walk&episode=1-walk&t=1`);
    await page.waitForFunction(() => window.gaitwayViewer?.timeS === 1);
    await page.getByRole("button", { name: "Record video" }).click();
    const { bytes } = await saved("Stop recording");
    const { pictures } = await decodeVideo(browser, bytes, [0]);
    const shown = await decodePng(browser, await page.locator("#scene").screenshot());
    expect(comparePictures(pictures[0], shown).share).toBeLessThan(0.15);
  });

  it("no video, where the browser can record none", async () => {
    const other = await browser.newPage();
    await other.addInitScript(() => Reflect.deleteProperty(window, "MediaRecorder"));
    await other.goto(server.url);
    const button = other.getByRole("button", { name: "This browser cannot record videos" });
    expect(await button.isDisabled()).toBe(true);
    await other.close();
  });
});
