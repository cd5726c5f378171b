import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gaitIndex } from "../../gaits/library.js";
import { decodeBundle } from "../../policy/bundle/bundle.js";
import { EPISODE_FRAME_SIZE, episodeColumn } from "../../sim/episode-log.js";
import { type LiveInput, LiveSimulation } from "../../viewer/live/live-simulation.js";
import type { LivePageState } from "../../viewer/live/live-state.js";
import { comparePictures, findChromium } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const FLAT = "#live&terrain=flat&level=1&seed=1";
/** As software draws it. */
const SMALL = { width: 1000, height: 560 };
/**
 * m. The physics engine is the same WebAssembly here and there, and deterministic; but Math.sin and cos may differ in their last
 * bit from one JavaScript engine to another, and contacts make more of that within a second.
 */
const TOLERANCE_M = 1e-3;

let viewer: ViewerPage;
let page: Page;

describe.skipIf(findChromium() === null)("driving in a browser", () => {
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

  it("walks 5 m while W is held", async () => {
    await viewer.loadLive(FLAT);
    await page.keyboard.down("w");
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 5);
    await page.keyboard.up("w");
    const { timeS, basePosition, falls } = await state();
    expect(timeS).toBeGreaterThan(3); // at 5/3 m/s, two thirds of the fastest, and what it takes to get going
    expect(timeS).toBeLessThan(8);
    expect(basePosition[2]).toBeGreaterThan(0.25);
    expect(falls).toBe(0);
  });

  it("goes faster from the moment that Shift is pressed, and slower from when it is let go", async () => {
    await viewer.loadLive(FLAT);
    const commanded = (speed: string) => page.locator('[data-figure="command"]', { hasText: speed }).waitFor();
    await page.keyboard.down("w");
    await commanded("1.67 m/s");
    await page.keyboard.down("Shift");
    await commanded("2.50 m/s");
    await page.keyboard.up("Shift");
    await commanded("1.67 m/s");
    await page.keyboard.up("w");
  });

  it("simulates as in Node, step for step", async () => {
    await viewer.loadLive("#live&terrain=rough&level=1&seed=1&gait=trot");
    // The first one pauses, and goes to the newest frame; what had been asked for before may still come, if frames are slow.
    await page.keyboard.press(".");
    let before = Number.NaN;
    while ((await state()).timeS !== before) {
      before = (await state()).timeS;
      await page.evaluate(async () => {
        for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
      });
      await page.waitForTimeout(500);
    }
    await page.keyboard.press(".");
    await page.waitForFunction((t) => window.gaitwayLive.timeS > t, before);
    const there = await state();
    expect(there.timeS - before).toBeCloseTo(0.02, 6);
    const here = await simulateHere(Math.round(there.timeS / 0.02));
    for (let k = 0; k < 3; k++) expect(Math.abs(there.basePosition[k] - here[k])).toBeLessThan(TOLERANCE_M);
  });

  it("changes the ground, at a key and by the list", async () => {
    await viewer.loadLive("#live&terrain=rough&level=2&seed=5");
    const before = await viewer.picture("#live-scene");
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.hash.includes("level=2") && !url.hash.includes("seed=5&"));
    expect((await state()).terrain.seed).not.toBe(5);
    expect(comparePictures(before, await viewer.picture("#live-scene")).share).toBeGreaterThan(0.05);
    await page.locator("#live-terrain").selectOption("flat");
    await page.locator("#live-title", { hasText: "Flat ground" }).waitFor();
    await page.waitForFunction(() => Math.abs(window.gaitwayLive.basePosition[2] - 0.3) < 0.05);
    const { terrain, falls } = await state();
    expect(terrain).toMatchObject({ kind: "flat" });
    expect(falls).toBe(0); // nobody steps a robot that has not been put on its new ground
  });

  it("lets the robot be dragged, and does not turn the camera then", async () => {
    await viewer.loadLive(FLAT);
    const { x, y, width, height } = (await page.locator("#live-scene").boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 150, y + height / 2, { steps: 5 });
    // The camera is behind the robot: to the right of the screen is to its right, which is along -y.
    await page.waitForFunction(() => window.gaitwayLive.basePosition[1] < -0.2);
    await page.mouse.up();
  });

  it("shows a push as an arrow", async () => {
    await viewer.loadLive(FLAT);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForFunction(() => !window.gaitwayLive.playing);
    await page.waitForTimeout(300); // some frames
    const before = await viewer.picture("#live-scene");
    await page.keyboard.press("x");
    await page.waitForTimeout(300);
    expect(comparePictures(before, await viewer.picture("#live-scene")).share).toBeGreaterThan(0.0005);
  });

  it("obeys its buttons and keys", async () => {
    await viewer.loadLive(FLAT);
    await page.getByRole("button", { name: "Drop planks" }).click();
    await page.waitForFunction(() => window.gaitwayLive.planks === 4);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.waitForFunction(() => !window.gaitwayLive.playing);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator("#live-speed").selectOption("2");
    await page.getByLabel("Forward").fill("0.5");
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 0.3);
    await page.locator("#live-reset").click();
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] < 0.2);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
  });

  it("starts again after a fall", async () => {
    await viewer.loadLive(FLAT);
    await page.waitForFunction(() => window.gaitwayLive.timeS > 1);
    let last = await state();
    // No policy stays up under push after push of 0.8 m/s.
    while (last.falls === 0) {
      await page.keyboard.press("x");
      last = await state();
    }
    await page.waitForFunction((t) => window.gaitwayLive.timeS < t - 0.5, last.timeS);
  });

  it("shows collision shapes instead of the robot's own", async () => {
    await viewer.loadLive(FLAT);
    await page.keyboard.press(" ");
    await page.waitForFunction(() => !window.gaitwayLive.playing);
    await page.locator("#live-show summary").click();
    const before = await viewer.picture("#live-scene");
    await page.locator("#live-show").getByLabel("Collision shapes").check();
    await page.waitForTimeout(300); // some frames
    expect(comparePictures(before, await viewer.picture("#live-scene")).share).toBeGreaterThan(0.005);
  });
});

/** Where the base is after this many steps without any command, simulated here. */
async function simulateHere(steps: number): Promise<number[]> {
  const path = new URL("../../policy/pretrained/locomotion.json", import.meta.url);
  const bundle = decodeBundle(readFileSync(path, "utf8"), "locomotion.json");
  const simulation = await LiveSimulation.create({
    bundle,
    task: null,
    terrain: { kind: "rough", level: 1, seed: 1 },
    seed: 1,
  });
  const input: LiveInput = { command: [0, 0, 0], gait: gaitIndex("trot"), controller: "policy", pull: null };
  const { frames } = simulation.advance(steps, input, ["reset"]);
  simulation.free();
  const { offset, size } = episodeColumn("basePosition");
  return [...frames.subarray(steps * EPISODE_FRAME_SIZE).subarray(offset, offset + size)];
}

function state(): Promise<LivePageState> {
  return page.evaluate(() => window.gaitwayLive);
}
