import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { findChromium } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const FLAT = "#live&terrain=flat&level=1&seed=1";
/** As software draws it. */
const SMALL = { width: 1000, height: 560 };
const MAX_TRANSFER_BYTES = 2.5e6;
const WALK: SyntheticEpisode = {
  ...{ label: "Trot", gait: "trot", controller: "policy", numFrames: 51, speedMPerS: 0.5 },
  terrain: { kind: "flat", level: 0, seed: 1 },
};

let viewer: ViewerPage;
let page: Page;

describe.skipIf(findChromium() === null)("the page of live mode in a browser", () => {
  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      const run = writeSyntheticRun(runsRoot, "walk", { "1-walk": WALK });
      run.writeFile("policy.json", encodeBundle(freshBundle()));
    }, SMALL);
  });

  afterAll(() => viewer?.close());

  beforeEach(async () => {
    await viewer.renew();
    ({ page } = viewer);
    page.setDefaultTimeout(0); // waiting ends with the test
  });

  afterEach(() => expect(viewer.complaints).toEqual([]));

  it("is a click away from replay, and back", async () => {
    await viewer.load("");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0.1);
    await page.getByRole("link", { name: "Live" }).click();
    await page.waitForFunction(() => window.gaitwayLive?.timeS > 0.1);
    expect(await page.locator("#scene").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Replay" }).click();
    await page.locator("#scene").waitFor({ state: "visible" });
    const timeS = await liveTimeS();
    await page.waitForFunction(() => window.gaitwayViewer.timeS > 0.2);
    expect(await liveTimeS()).toBe(timeS); // it stands still meanwhile
    await page.waitForURL("**/#run=walk**");
  });

  it("drives a run's policy, by the list and by the address", async () => {
    await viewer.loadLive(FLAT);
    const names = await page.locator("#live-controller option").allTextContents();
    const policies = ["locomotion", "gait-selection", "trot"].map((name) => `Policy: ${name}`);
    expect(names).toEqual([...policies, "Gait memory alone", "Policy: runs/walk"]);
    await page.locator("#live-speed").selectOption("0.5");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator("#live-controller").selectOption("runs/walk");
    await page.locator("#live-detail", { hasText: "runs/walk" }).waitFor();
    await page.waitForURL(/controller=runs%2Fwalk/);
    const { playing, speed } = await page.evaluate(() => window.gaitwayLive);
    expect([playing, speed]).toEqual([false, 0.5]); // as the page still says
    await viewer.loadLive(new URL(page.url()).hash);
    expect(await page.locator("#live-controller").inputValue()).toBe("runs/walk");
    expect(await page.locator("#live-detail").textContent()).toContain("runs/walk");
  });

  it("fits a phone, and is driven by a finger there", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await viewer.loadLive(FLAT);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const { x, y, width, height } = (await page.locator("#joystick").boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 5);
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 0.5);
    await page.mouse.up();
  });

  it("explains that a part of the page cannot be had, and loads it once it can", async () => {
    await viewer.load("");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0);
    await page.route(/(live|bench)-app-[^/]*\.js$/, (route) => route.abort());
    await page.getByRole("link", { name: "Live" }).click();
    await viewer.noticeReads("This part of the page could not be loaded", "#live-notice");
    await page.getByRole("link", { name: "Speed" }).click();
    await viewer.noticeReads("This part of the page could not be loaded", "#bench-notice");
    await page.getByRole("link", { name: "Replay" }).click();
    await page.locator("#notice").waitFor({ state: "hidden" }); // the other views are as they were
    await page.unrouteAll();
    await page.getByRole("link", { name: "Speed" }).click();
    await page.getByRole("button", { name: "Measure" }).waitFor();
    await page.getByRole("link", { name: "Live" }).click();
    await page.waitForFunction(() => window.gaitwayLive?.timeS > 0.1);
    viewer.forgive("ERR_FAILED");
  });

  it("explains that the policy cannot be had", async () => {
    await page.route("**/locomotion-*.json", (route) => route.abort());
    await viewer.load(FLAT);
    await viewer.noticeReads("The policy could not be loaded", "#live-notice");
    viewer.forgive("ERR_FAILED");
  });

  it("explains that WebGL 2 is missing", async () => {
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await viewer.load(FLAT);
    await viewer.noticeReads("The viewer needs WebGL 2", "#live-notice");
  });

  it("is a small download, whose physics engine comes only when a simulation starts", async () => {
    await viewer.load("");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0);
    expect((await downloads()).filter(({ bytes }) => bytes > 5e5)).toEqual([]);
    await viewer.loadLive(FLAT);
    const loaded = await downloads();
    const bytes = loaded.reduce((sum, each) => sum + each.bytes, 0);
    expect(bytes).toBeGreaterThan(1e6);
    expect(bytes).toBeLessThan(MAX_TRANSFER_BYTES);
    const engines = loaded.filter(({ name }) => name.includes("-worker-")).map(({ name }) => name);
    expect(engines).toEqual([expect.stringMatching(/live-worker-[^/]*$/)]);
  });
});

function liveTimeS(): Promise<number> {
  return page.evaluate(() => window.gaitwayLive.timeS);
}

/** What the page has loaded, workers' scripts and the page itself included, in bytes as compressed for the network. */
function downloads(): Promise<{ name: string; bytes: number }[]> {
  return page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((entry) => ({
      name: entry.name,
      bytes: (entry as PerformanceResourceTiming).encodedBodySize,
    })),
  );
}
