import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, decodePng, findChromium } from "./support/browser.js";
import { decodeVideo } from "./support/video.js";
import { ViewerPage } from "./support/viewer-page.js";

const NARROW = { width: 640, height: 700 };

let viewer: ViewerPage;
let page: Page;

/** Presses a button that saves a file. */
async function saved(button: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe.skipIf(findChromium() === null)("what the page saves", () => {
  beforeAll(async () => {
    const walk: SyntheticEpisode = {
      ...{ label: "Trot", gait: "trot", controller: "policy", numFrames: 251, speedMPerS: 0.5 },
      terrain: { kind: "rough", level: 2, seed: 7 },
    }; // 5 s
    viewer = await ViewerPage.open((runsRoot) => writeSyntheticRun(runsRoot, "walk", { "1-walk": walk }), NARROW);
    ({ page } = viewer);
    await viewer.load("#run=walk&episode=1-walk&t=1");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS === 1);
  });

  afterAll(() => viewer?.close());

  it("a picture is what the 3D view shows", async () => {
    const { name, bytes } = await saved("Save picture");
    expect(name).toBe("walk-1-walk-1.00s.png");
    const picture = await decodePng(viewer.browser, bytes);
    const shown = await viewer.picture("#scene");
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
    const { width, height, durationS, pictures } = await decodeVideo(viewer.browser, bytes, [0.1, 0.9]);
    expect([width, height]).toEqual(
      await page.locator("#scene").evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]),
    );
    // Of the 1.5 s that are shown; a slow machine draws, and records, its first frame late.
    expect(durationS).toBeGreaterThan(0.5);
    expect(comparePictures(pictures[0], pictures[1]).share).toBeGreaterThan(0.02);
    expect(await page.getByRole("button", { name: "Record video" }).isVisible()).toBe(true);
    expect(viewer.complaints).toEqual([]);
  });

  it("a video of a paused replay shows it, however short", async () => {
    await viewer.load("#run=walk&episode=1-walk&t=1");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS === 1);
    await page.getByRole("button", { name: "Record video" }).click();
    const { bytes } = await saved("Stop recording");
    const { pictures } = await decodeVideo(viewer.browser, bytes, [0]);
    const shown = await viewer.picture("#scene");
    expect(comparePictures(pictures[0], shown).share).toBeLessThan(0.15);
  });

  it("live mode as well", async () => {
    await viewer.loadLive("#live&terrain=rough&level=1&seed=4&gait=trot");
    const { name, bytes } = await saved("Save picture");
    expect(name).toBe("live-rough-1-4-trot.png");
    const picture = await decodePng(viewer.browser, bytes);
    const blank = { ...picture, rgba: new Uint8Array(picture.rgba.length) };
    expect(comparePictures(picture, blank).share).toBeGreaterThan(0.9);
    await page.getByRole("button", { name: "Record video" }).click();
    const video = await saved("Stop recording");
    expect(video.name).toBe("live-rough-1-4-trot.webm");
    expect((await decodeVideo(viewer.browser, video.bytes, [0])).width).toBeGreaterThan(100);
  });

  it("no video, where the browser can record none", async () => {
    await viewer.renew();
    ({ page } = viewer);
    await page.addInitScript(() => Reflect.deleteProperty(window, "MediaRecorder"));
    await viewer.load("");
    const button = page.getByRole("button", { name: "This browser cannot record videos" });
    expect(await button.isDisabled()).toBe(true);
  });
});
