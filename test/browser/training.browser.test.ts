import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import type { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import { RunLock } from "../../policy/cli/run-folder/run-lock.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { randomSelector } from "../support/selection.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, findChromium } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

let viewer: ViewerPage;
let page: Page;
let run: RunDirectory;

/** What training writes after an iteration. */
function logIteration(iteration: number): void {
  run.writeMetrics({
    ...{ iteration, steps: 6144 * iteration, trainingS: iteration, stepsPerSecond: 6144 },
    ...{ reward: iteration / 10, "reward/linearVelocity": 0.2, "reward/upright": -0.1 },
    ...{ velocityErrorX: 0.3, velocityErrorY: 0.2, yawRateError: 0.4, contactErrorPercent: 12, falls: 3, episodes: 9 },
    ...{ kl: 0.01, learningRate: 5e-4, meanStd: 0.6, valueLoss: 0.1 },
  });
}

/** What training writes at a checkpoint. */
function savePolicy(iteration: number): void {
  run.writeFile("policy.json", encodeBundle({ ...freshBundle(), iteration }));
}

describe.skipIf(findChromium() === null)("training view", () => {
  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      run = writeSyntheticRun(runsRoot, "training", {});
      run.setStatus("running");
      // Without, it would be one whose process was killed.
      RunLock.acquire(run.path);
    });
    ({ page } = viewer);
    await viewer.load("#run=training");
  });

  afterAll(() => viewer?.close());

  it("waits for the first checkpoint of a run that trains", async () => {
    await page.locator("#notice", { hasText: "no checkpoint yet" }).waitFor({ state: "visible" });
    expect(await page.locator("#training-state").textContent()).toBe("running");
    await page.waitForURL("**/#run=training&view=training");
  });

  it("draws a curve of every quantity as iterations come", async () => {
    for (let iteration = 1; iteration <= 10; iteration++) logIteration(iteration);
    await readsOf("Sum of terms", "1");
    const titles = await page.locator("#curves .plot-title").allTextContents();
    for (const title of ["Linear velocity", "Upright", "Forward", "Falls", "KL divergence", "Learning rate", "Speed"]) {
      expect(titles.some((text) => text.startsWith(title))).toBe(true);
    }
    const ten = await viewer.picture("#curves .plot");
    for (let iteration = 11; iteration <= 20; iteration++) logIteration(iteration);
    await readsOf("Sum of terms", "2");
    expect(comparePictures(ten, await viewer.picture("#curves .plot")).share).toBeGreaterThan(0.005);
    expect(await page.locator("#training-state").textContent()).toBe("running · iteration 20 · 123k steps · 0.3 min");
  });

  it("lets each new policy walk", async () => {
    savePolicy(20);
    await page.waitForFunction(() => window.gaitwayViewer.policyIteration === 20);
    await page.locator("#notice").waitFor({ state: "hidden" });
    expect(await page.locator("#caption-title").textContent()).toBe("Newest policy, iteration 20");
    await page.waitForFunction(() => window.gaitwayViewer.playing && window.gaitwayViewer.timeS > 0.3);
    const { basePosition, numFrames } = await page.evaluate(() => window.gaitwayViewer);
    expect(numFrames).toBeGreaterThan(20);
    expect(basePosition[2]).toBeGreaterThan(0.1); // a robot, not a heap
    savePolicy(40);
    await page.waitForFunction(() => window.gaitwayViewer.policyIteration === 40);
  });

  it("names the training of the policy that selects gaits, not of the one under it", async () => {
    const selector = { ...randomSelector(), iteration: 50 };
    run.writeFile("policy.json", encodeBundle({ ...freshBundle(), iteration: 900, selector }));
    await page.locator("#caption-title", { hasText: "Newest policy, iteration 50" }).waitFor();
  });

  it("explains a policy that cannot be used, and goes on with the next", async () => {
    run.writeFile("policy.json", "{}");
    await page.locator("#notice", { hasText: "policy.json: " }).waitFor({ state: "visible" });
    savePolicy(60);
    await page.waitForFunction(() => window.gaitwayViewer.policyIteration === 60);
    await page.locator("#notice").waitFor({ state: "hidden" });
  });

  it("lets a policy walk that did not come through at first", async () => {
    await page.route("**/policy.json", (route) => route.abort());
    savePolicy(70);
    await page.locator("#notice", { hasText: "The server does not answer" }).waitFor({ state: "visible" });
    await page.unroute("**/policy.json");
    await page.waitForFunction(() => window.gaitwayViewer.policyIteration === 70);
    await page.locator("#notice").waitFor({ state: "hidden" });
    viewer.forgive("ERR_FAILED");
  });

  it("ends with the run, and shows its curves later on", async () => {
    run.setStatus("finished");
    await page.locator("#training-state", { hasText: "finished" }).waitFor();
    await viewer.load("#run=training&view=training");
    await readsOf("Sum of terms", "2");
    await page.waitForFunction(() => window.gaitwayViewer.policyIteration === 70);
    await page.getByRole("link", { name: "Replay" }).click();
    await page.locator("#notice", { hasText: "no recorded episodes" }).waitFor({ state: "visible" });
    expect(await page.locator("#curves").isVisible()).toBe(false);
  });

  it("says that the server is gone, and goes on when it is back", async () => {
    run.setStatus("running");
    await viewer.load("#run=training");
    await readsOf("Sum of terms", "2");
    await page.route("**/metrics/**", (route) => route.abort());
    await page.locator("#training-state", { hasText: "The server does not answer" }).waitFor();
    await page.unroute("**/metrics/**");
    await page.locator("#training-state", { hasText: "iteration 20" }).waitFor();
    viewer.forgive("ERR_FAILED");
  });

  it("has complained of nothing", () => {
    expect(viewer.complaints).toEqual([]);
  });
});

/** Waits until the reading beside a curve's title is `value`. */
async function readsOf(title: string, value: string): Promise<void> {
  await page.locator("#curves .plot-title", { hasText: new RegExp(`^${title}${value} $`) }).waitFor();
}
