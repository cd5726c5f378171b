import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { threadCounts } from "../../viewer/bench/thread-counts.js";
import { findChromium } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

describe("numbers of threads to choose from", () => {
  it("double up to all cores", () => {
    expect(threadCounts(1)).toEqual([1]);
    expect(threadCounts(2)).toEqual([1, 2]);
    expect(threadCounts(6)).toEqual([1, 2, 4, 6]);
  });
});

describe.skipIf(findChromium() === null)("the page's benchmark", () => {
  let viewer: ViewerPage;

  beforeAll(async () => {
    viewer = await ViewerPage.open(() => undefined);
    viewer.page.setDefaultTimeout(0); // waiting ends with the test
  });

  afterAll(() => viewer?.close());

  it("trains in the browser, and says how fast", async () => {
    const { page } = viewer;
    await viewer.load("#bench");
    await page.getByLabel("Threads").selectOption("1");
    await page.getByRole("button", { name: "Measure" }).click();
    await page.waitForFunction(() => window.gaitwayBench?.medians !== null);
    const medians = (await page.evaluate(() => window.gaitwayBench.medians))!;
    // One thread does one thing at a time: what it does in a step takes no longer than a step.
    const parts = ["physics", "observation", "inference", "learning"].map((part) => medians[`${part}MicrosPerStep`]);
    const stepMicros = 1e6 / medians.stepsPerSecond;
    expect(Math.min(...parts)).toBeGreaterThan(0);
    const share = parts.reduce((sum, part) => sum + part, 0) / stepMicros;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(1.2); // medians of parts need not add up
    expect(await page.locator("#bench-figures tr").count()).toBe(5);
    expect(viewer.complaints).toEqual([]);
  });
});
