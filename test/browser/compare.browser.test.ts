import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, findChromium, type Picture } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const WALK: SyntheticEpisode = {
  ...{ label: "Walk", gait: "trot", controller: "policy", trial: 1 },
  terrain: { kind: "rough", level: 2, seed: 7 },
  ...{ numFrames: 251, speedMPerS: 0.5 },
};
/** The same trial, at half the speed, and over after 2 s. */
const SLOW: SyntheticEpisode = {
  ...WALK,
  ...{ label: "Slow", controller: "gaitMemoryAlone", numFrames: 101, speedMPerS: 0.25, fell: true },
};

let viewer: ViewerPage;
let page: Page;

describe.skipIf(findChromium() === null)("side by side", () => {
  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      writeSyntheticRun(runsRoot, "other", { "1-walk": { ...WALK, label: "Elsewhere", speedMPerS: 0.4 } });
      writeSyntheticRun(runsRoot, "walk", {
        "1-walk": WALK,
        "2-slow": SLOW,
        "3-trial": { ...WALK, label: "Another trial", trial: 2 },
        "4-ground": { ...WALK, label: "Another ground", terrain: { kind: "flat", level: 0, seed: 7 } },
      });
    });
    ({ page } = viewer);
  });

  afterAll(() => viewer?.close());

  it("shows the gait memory alone beside the policy, on one clock", async () => {
    await viewer.load("#run=walk&episode=1-walk&t=1");
    await shownAt(1);
    const [scene, gait, charts] = [
      await viewer.picture("#scene"),
      await viewer.picture("#gait"),
      await viewer.picture("#charts"),
    ];
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL("**/#run=walk&episode=1-walk&compare=walk/2-slow&t=1.00");
    await twoShown();
    expect(await places()).toEqual([0.5, 0.25]); // 1 s at 0.5 and 0.25 m/s
    for (const [selector, before] of [
      ["#scene", scene] as const,
      ["#gait", gait] as const,
      ["#charts", charts] as const,
    ]) {
      expect(comparePictures(before, await viewer.picture(selector)).share).toBeGreaterThan(0.01);
    }
    await page.locator("#scrubber").fill("1.8");
    await page.waitForFunction(() => window.gaitwayViewer.basePosition[0] > 0.6);
    expect(await places()).toEqual([0.9, 0.45]);
    await page.locator("#scrubber").fill("4"); // the second recording has ended, and stays where it was
    await page.waitForFunction(() => window.gaitwayViewer.basePosition[0] > 1.9);
    expect(await places()).toEqual([2, 0.5]);
  });

  it("draws each robot in its own half", async () => {
    await viewer.load("#run=walk&episode=1-walk&t=1");
    await shownAt(1);
    const alone = await viewer.picture("#scene");
    await viewer.load("#run=walk&episode=1-walk&compare=walk/1-walk&t=1");
    await twoShown();
    const twice = await viewer.picture("#scene");
    // The same recording twice: two equal halves, neither like that of the whole picture.
    expect(comparePictures(halfOf(twice, 0), halfOf(alone, 0)).share).toBeGreaterThan(0.02);
    const middle = { top: Math.round(0.3 * twice.height), bottom: Math.round(0.8 * twice.height) };
    const [left, right] = [rows(halfOf(twice, 0), middle), rows(halfOf(twice, 1), middle)];
    expect(comparePictures(left, right).share).toBeLessThan(0.02);
  });

  it("opens from a link, takes another run, and ends", async () => {
    await viewer.load("#run=walk&episode=1-walk&compare=other/1-walk&t=2");
    await shownAt(2);
    await twoShown();
    expect(await places()).toEqual([1, 0.8]); // 2 s at 0.5 and 0.4 m/s
    expect(await page.locator("#other-caption-detail").textContent()).toContain("other");
    expect(await page.locator("#other-caption-detail").textContent()).toContain("commands differ from 0.0 s on");
    await page.getByLabel("Run to compare with").selectOption("walk");
    await page.waitForURL("**compare=walk/2-slow**");
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForFunction(() => window.gaitwayViewer.otherBasePosition === null);
    await page.waitForURL("**/#run=walk&episode=1-walk&t=2.00");
  });

  it("shows what was chosen last, also where an earlier choice loads later", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/2-slow.episode", async (route) => {
      await held;
      await route.continue();
    });
    await viewer.load("#run=walk&episode=1-walk&t=2");
    await shownAt(2);
    const asked = page.waitForRequest("**/2-slow.episode");
    await page.getByRole("button", { name: "Compare" }).click();
    await asked;
    await page.getByLabel("Run to compare with").selectOption("other");
    await twoShown();
    const late = page.waitForResponse("**/2-slow.episode");
    release();
    await (await late).finished();
    await page.waitForTimeout(300); // some frames
    expect(await places()).toEqual([1, 0.8]);
    await page.unrouteAll();
  });

  it("goes on with the next episode, as far as it has a counterpart", async () => {
    await viewer.load("#run=walk&episode=1-walk&compare=walk/2-slow&t=1");
    await twoShown();
    await page.locator("button.episode", { hasText: "Slow" }).click();
    await page.waitForURL("**/#run=walk&episode=2-slow&compare=walk/1-walk**");
    await page.locator("button.episode", { hasText: "Another trial" }).click();
    await page.waitForFunction(() => window.gaitwayViewer.otherBasePosition === null);
    expect(await page.getByLabel("Episode to compare with").textContent()).toBe("no recording of this trial");
  });

  it("explains that grounds differ", async () => {
    await viewer.load("#run=walk&episode=1-walk&compare=walk/4-ground&t=1");
    await page.locator("#notice", { hasText: "4-ground is on other ground than 1-walk" }).waitFor({ state: "visible" });
  });

  it("fits a phone, one above the other", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await viewer.load("#run=walk&episode=1-walk&compare=walk/2-slow&t=1");
    await twoShown();
    expect(await page.locator("#scene").getAttribute("data-panes")).toBe("rows");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it("has complained of nothing", () => {
    expect(viewer.complaints).toEqual([]);
  });
});

function shownAt(timeS: number) {
  return page.waitForFunction((t) => window.gaitwayViewer?.timeS === t, timeS);
}

/** Waits until a second robot is on the screen, and has walked. */
function twoShown() {
  return page.waitForFunction(() => (window.gaitwayViewer?.otherBasePosition?.[0] ?? 0) > 0);
}

/** How far the two robots have come, m. */
async function places(): Promise<number[]> {
  const { basePosition, otherBasePosition } = await page.evaluate(() => window.gaitwayViewer);
  return [basePosition, otherBasePosition!].map(([x]) => Number(x.toFixed(3)));
}

function halfOf({ width, height, rgba }: Picture, side: 0 | 1): Picture {
  const half = Math.floor(width / 2);
  const part = new Uint8Array(4 * half * height);
  for (let y = 0; y < height; y++) {
    const from = 4 * (y * width + side * (width - half));
    part.set(rgba.subarray(from, from + 4 * half), 4 * y * half);
  }
  return { width: half, height, rgba: part };
}

/** The rows between the captions and the buttons. */
function rows({ width, rgba }: Picture, { top, bottom }: { top: number; bottom: number }): Picture {
  return { width, height: bottom - top, rgba: rgba.subarray(4 * width * top, 4 * width * bottom) };
}
