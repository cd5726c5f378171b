import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gaitIndex, SELECTABLE_GAITS } from "../../gaits/library.js";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { constantPolicy } from "../support/constant-policy.js";
import { selectorOf } from "../support/selection.js";
import { comparePictures, findChromium, type Picture } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const FLAT = "#live&terrain=flat&level=1&seed=1";
/** As software draws it. */
const SMALL = { width: 1000, height: 560 };

let viewer: ViewerPage;
let page: Page;

describe.skipIf(findChromium() === null)("gaits of live mode in a browser", () => {
  beforeAll(async () => {
    viewer = await ViewerPage.open(() => undefined, SMALL);
  });

  afterAll(() => viewer?.close());

  beforeEach(async () => {
    await viewer.renew();
    ({ page } = viewer);
    page.setDefaultTimeout(0); // waiting ends with the test
  });

  afterEach(() => expect(viewer.complaints).toEqual([]));

  it("changes the gait by a key, which the diagram shows", async () => {
    await viewer.loadLive(FLAT);
    await page.getByLabel("Forward").fill("0.5"); // it stands where it is not to go
    await page.waitForFunction(() => window.gaitwayLive.timeS > 4); // the diagram's window is full of it
    // Diagonal legs trot together; those of an amble are a quarter of a stride apart.
    expect(await sharedColumns("--leg-fl", "--leg-rr")).toBeGreaterThan(0.7);
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
    await page.keyboard.press("7");
    await page.locator("#live-gait-now", { hasText: /^amble$/ }).waitFor();
    const changed = await page.evaluate(() => window.gaitwayLive.timeS);
    await page.waitForFunction((t) => window.gaitwayLive.timeS > t + 2.2, changed);
    expect(await page.evaluate(() => window.gaitwayLive.gait)).toBe("amble");
    expect(await sharedColumns("--leg-fl", "--leg-rr")).toBeLessThan(0.6);
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
    await page.waitForURL("**gait=amble&controller=locomotion");
  });

  it("charts velocity and effort of the last seconds", async () => {
    await viewer.loadLive(FLAT);
    const reading = (title: string) => page.locator("#live-charts .plot-title", { hasText: title });
    await reading("Forward").filter({ hasText: "/ +0.00 m/s" }).waitFor();
    const before = await viewer.picture("#live-charts");
    await page.getByLabel("Forward").fill("0.5");
    await reading("Forward").filter({ hasText: "/ +0.50 m/s" }).waitFor();
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 0.5);
    await reading("Torque saturation")
      .filter({ hasText: /\+[1-9]\d?\.\d\d %/ })
      .waitFor();
    expect(comparePictures(before, await viewer.picture("#live-charts")).share).toBeGreaterThan(0.005);
  });

  it("says which gaits a policy does not know", async () => {
    await viewer.loadLive(FLAT);
    await page.getByLabel("Controller").selectOption("trot");
    await page.locator(".gait-option", { hasText: "pronk" }).click();
    await page.locator("#live-gait-remark", { hasText: "has only learned to stand and trot" }).waitFor();
  });

  it("offers the gaits that a policy brings along, and begins in its own", async () => {
    const bundle = JSON.parse(encodeBundle(constantPolicy(0, { terrain: { kind: "flat" } })));
    const timing = { dutyFactor: 0.7, phaseOffset: [0, 0.5, 0.75, 0.25], speedsMPerS: [-0.2, 0.5] };
    bundle.gaits.push({ id: "other", periodS: 0.9, ...timing }, { id: "tiptoe", periodS: 0.6, ...timing });
    bundle.env.command.gaits = ["tiptoe"];
    await page.route("**/locomotion-*.json", (route) => route.fulfill({ body: JSON.stringify(bundle) }));
    await viewer.loadLive(FLAT);
    expect(await page.locator(".gait-option", { hasText: "tiptoe" }).locator("input").isChecked()).toBe(true);
    expect(await page.locator(".gait-option", { hasText: "other" }).count()).toBe(1);
    await page.getByLabel("Forward").fill("0.3");
    await page.locator("#live-gait-now", { hasText: /^tiptoe$/ }).waitFor();
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
  });

  it("leaves gaits to a policy that selects them, and shows how it does", async () => {
    const pronking = encodeBundle(selectorOf(SELECTABLE_GAITS.indexOf(gaitIndex("pronk"))));
    await page.route("**/locomotion-*.json", (route) => route.fulfill({ body: pronking }));
    await viewer.loadLive(`${FLAT}&gait=by-speed`);
    await page.locator(".gait-option", { hasText: "by policy" }).waitFor();
    // Its outputs are 1 for the pronk and 0 for the other seven: e / (e + 7) and 1 / (e + 7).
    await page.locator("#live-selection-now", { hasText: /^pronk 28 %, stand 10 %$/ }).waitFor();
    await page.locator("#live-gait-now", { hasText: /^pronk$/ }).waitFor();
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
    await page.keyboard.press("2");
    await page.waitForFunction(() => document.querySelector("#live-selection-now")?.textContent === ""); // told, not selected
  });
});

/** Of the diagram's columns of pixels that have the colour of one leg or the other, the share of those that have both. */
async function sharedColumns(leg: string, other: string): Promise<number> {
  const picture = await viewer.picture("#live-gait");
  const [a, b] = await Promise.all([leg, other].map((name) => columnsOf(picture, name)));
  const both = [...a].filter((column) => b.has(column)).length;
  return both / new Set([...a, ...b]).size;
}

/** Columns of pixels, right of the labels, that hold a colour of the page's style. */
async function columnsOf({ width, height, rgba }: Picture, name: string): Promise<Set<number>> {
  const hex = await page.evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(name), name);
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.trim().slice(at, at + 2), 16));
  const columns = new Set<number>();
  for (let x = Math.round(0.06 * width); x < width; x++) {
    for (let y = 0; y < height; y++) {
      const i = 4 * (y * width + x);
      const distance = Math.abs(rgba[i] - red) + Math.abs(rgba[i + 1] - green) + Math.abs(rgba[i + 2] - blue);
      if (distance < 12) columns.add(x);
    }
  }
  return columns;
}
