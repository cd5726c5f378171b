import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { gaitIndex } from "../../gaits/library.js";
import { decodeBundle } from "../../policy/bundle.js";
import { EPISODE_FRAME_SIZE, episodeColumn } from "../../sim/episode-log.js";
import { type LiveInput, LiveSimulation } from "../../viewer/live/live-simulation.js";
import type { LivePageState } from "../../viewer/live/live-state.js";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import {
  buildPage,
  comparePictures,
  decodePng,
  findChromium,
  launchChromium,
  type Picture,
} from "../support/browser.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";

const FLAT = "#live&terrain=flat&level=1&seed=1";
/**
 * m. The physics engine is the same WebAssembly here and there, and deterministic; but Math.sin and cos may differ in their last
 * bit from one JavaScript engine to another, and contacts make more of that within a second.
 */
const TOLERANCE_M = 1e-3;
const MAX_TRANSFER_BYTES = 2.5e6;

const chromiumPath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "gaitway-live-"));
const pageRoot = join(folder, "page");
let browser: Browser;
let server: ViewerServer;
let page: Page;
let complaints: string[];

describe.skipIf(chromiumPath === null)("live mode in a browser", () => {
  beforeAll(async () => {
    await buildPage(pageRoot);
    const runsRoot = join(folder, "runs");
    mkdirSync(runsRoot);
    writeSyntheticRun(runsRoot, "walk", {
      "1-walk": {
        label: "Trot",
        gait: "trot",
        terrain: { kind: "flat", level: 0, seed: 1 },
        controller: "policy",
        numFrames: 51,
        speedMPerS: 0.5,
      },
    });
    server = await startViewerServer({ runsRoot, pageRoot, port: 0 });
    browser = await launchChromium(chromiumPath ?? "");
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    // Small, as software draws it; waiting ends with the test.
    page = await browser.newPage({ viewport: { width: 1000, height: 560 } });
    page.setDefaultTimeout(0);
    complaints = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  it("walks 5 m while W is held", async () => {
    await open(FLAT);
    await page.keyboard.down("w");
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 5);
    await page.keyboard.up("w");
    const { timeS, basePosition, falls } = await state();
    expect(timeS).toBeGreaterThan(4); // at 1 m/s, less what it takes to get going, and a little more than 5 m
    expect(timeS).toBeLessThan(8);
    expect(basePosition[2]).toBeGreaterThan(0.25);
    expect(falls).toBe(0);
  });

  it("simulates as in Node, step for step", async () => {
    await open("#live&terrain=rough&level=1&seed=1&gait=trot");
    // The first one pauses; what had been asked for before it may still come. After the second, all has come.
    let before = 0;
    for (let i = 0; i < 3; i++) {
      before = (await state()).timeS;
      await page.keyboard.press(".");
      await page.waitForFunction((t) => !window.gaitwayLive.playing && window.gaitwayLive.timeS > t, before);
    }
    const there = await state();
    expect(there.timeS - before).toBeCloseTo(0.02, 6);
    const here = await simulateHere(Math.round(there.timeS / 0.02));
    for (let k = 0; k < 3; k++) expect(Math.abs(there.basePosition[k] - here[k])).toBeLessThan(TOLERANCE_M);
  });

  it("changes the gait by a key, which the diagram shows", async () => {
    await open(FLAT);
    await page.getByLabel("Forward").fill("0.5"); // it stands where it is not to go
    await page.waitForFunction(() => window.gaitwayLive.timeS > 4); // the diagram's window is full of it
    // Diagonal legs trot together; those of an amble are a quarter of a stride apart.
    expect(await sharedColumns("--leg-fl", "--leg-rr")).toBeGreaterThan(0.7);
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
    await page.keyboard.press("7");
    await page.locator("#live-gait-now", { hasText: /^amble$/ }).waitFor();
    const changed = (await state()).timeS;
    await page.waitForFunction((t) => window.gaitwayLive.timeS > t + 2.2, changed);
    expect((await state()).gait).toBe("amble");
    expect(await sharedColumns("--leg-fl", "--leg-rr")).toBeLessThan(0.6);
    expect(await page.locator("#live-gait-remark").textContent()).toBe("");
    await page.waitForURL("**gait=amble");
  });

  it("changes the ground, at a key and by the list", async () => {
    await open("#live&terrain=rough&level=2&seed=5");
    const before = await canvasPicture("#live-scene");
    await page.keyboard.press("t");
    await page.waitForURL((url) => url.hash.includes("level=2") && !url.hash.includes("seed=5&"));
    expect((await state()).terrain.seed).not.toBe(5);
    expect(comparePictures(before, await canvasPicture("#live-scene")).share).toBeGreaterThan(0.05);
    await page.locator("#live-terrain").selectOption("flat");
    await page.locator("#live-title", { hasText: "Flat ground" }).waitFor();
    await page.waitForFunction(() => Math.abs(window.gaitwayLive.basePosition[2] - 0.3) < 0.05);
    expect((await state()).terrain).toMatchObject({ kind: "flat" });
  });

  it("lets the robot be dragged, and does not turn the camera then", async () => {
    await open(FLAT);
    const { x, y, width, height } = (await page.locator("#live-scene").boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 150, y + height / 2, { steps: 5 });
    // The camera is behind the robot: to the right of the screen is to its right, which is along -y.
    await page.waitForFunction(() => window.gaitwayLive.basePosition[1] < -0.2);
    await page.mouse.up();
  });

  it("obeys its buttons and keys", async () => {
    await open(FLAT);
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

  it("says which gaits a policy does not know", async () => {
    await open(FLAT);
    await page.getByLabel("Controller").selectOption("trot");
    await page.locator(".gait-option", { hasText: "pronk" }).click();
    await page.locator("#live-gait-remark", { hasText: "has only learned to stand and trot" }).waitFor();
  });

  it("starts again after a fall", async () => {
    await open(FLAT);
    await page.locator(".gait-option", { hasText: "pronk" }).click();
    await page.getByLabel("Forward").fill("2"); // twice the fastest that it has learned
    await page.waitForFunction(() => window.gaitwayLive.falls > 0);
    const { timeS } = await state();
    await page.waitForFunction((t) => window.gaitwayLive.timeS < t - 0.5, timeS);
  });

  it("shows collision shapes instead of the robot's own", async () => {
    await open(FLAT);
    await page.keyboard.press(" ");
    await page.waitForFunction(() => !window.gaitwayLive.playing);
    await page.locator(".show-menu summary").click();
    const before = await canvasPicture("#live-scene");
    await page.getByLabel("Collision shapes").check();
    await page.waitForTimeout(300); // some frames
    expect(comparePictures(before, await canvasPicture("#live-scene")).share).toBeGreaterThan(0.005);
  });

  it("is a click away from replay, and back", async () => {
    await page.goto(server.url);
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0.1);
    await page.getByRole("link", { name: "Live" }).click();
    await page.waitForFunction(() => window.gaitwayLive?.timeS > 0.1);
    expect(await page.locator("#scene").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Replay" }).click();
    await page.locator("#scene").waitFor({ state: "visible" });
    const { timeS } = await state();
    await page.waitForFunction(() => window.gaitwayViewer.timeS > 0.2);
    expect((await state()).timeS).toBe(timeS); // it stands still meanwhile
    await page.waitForURL("**/#run=walk**");
  });

  it("fits a phone, and is driven by a finger there", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(FLAT);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const { x, y, width, height } = (await page.locator("#joystick").boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 5);
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 0.5);
    await page.mouse.up();
  });

  it("gives every control a name", async () => {
    await open(FLAT);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("#live-main :is(button, input, select, canvas, summary)")]
        .filter((each) => {
          const labels = "labels" in each ? [...((each as HTMLInputElement).labels ?? [])] : [];
          return !(each.ariaLabel || each.textContent?.trim() || labels.some((label) => label.textContent?.trim()));
        })
        .map((each) => each.outerHTML),
    );
    expect(nameless).toEqual([]);
  });

  it("explains that the policy cannot be had", async () => {
    await page.route("**/locomotion-*.json", (route) => route.abort());
    await page.goto(`${server.url}${FLAT}`);
    await noticeReads("The policy could not be loaded");
    complaints = complaints.filter((text) => !text.includes("ERR_FAILED"));
  });

  it("explains that WebGL 2 is missing", async () => {
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await page.goto(`${server.url}${FLAT}`);
    await noticeReads("The viewer needs WebGL 2");
  });

  it("is a small download, whose physics engine comes only when a simulation starts", () => {
    const assets = readdirSync(join(pageRoot, "assets")).map((name) => join(pageRoot, "assets", name));
    // The training view's worker has an engine of its own, which live mode never loads.
    const loaded = assets.filter((path) => !/trial-worker-[^/]*$/.test(path));
    const bytes = loaded.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
    expect(bytes).toBeGreaterThan(1e6);
    expect(bytes).toBeLessThan(MAX_TRANSFER_BYTES);
    const large = assets.filter((path) => path.endsWith(".js") && statSync(path).size > 2e6);
    expect(large.sort()).toEqual([
      expect.stringMatching(/live-worker-[^/]*$/),
      expect.stringMatching(/trial-worker-[^/]*$/), // of the training view
    ]);
    expect(readFileSync(join(pageRoot, "index.html"), "utf8")).not.toMatch(/(live|trial)-(worker|app)-/);
  });
});

/** Opens live mode, and waits until the robot moves. */
async function open(hash: string): Promise<void> {
  await page.goto(`${server.url}${hash}`);
  await page.waitForFunction(() => window.gaitwayLive?.timeS > 0);
}

/** Where the base is after this many steps without any command, simulated here. */
async function simulateHere(steps: number): Promise<number[]> {
  const path = new URL("../../policy/pretrained/locomotion.json", import.meta.url);
  const bundle = decodeBundle(readFileSync(path, "utf8"), "locomotion.json");
  const simulation = await LiveSimulation.create({ bundle, terrain: { kind: "rough", level: 1, seed: 1 }, seed: 1 });
  const input: LiveInput = { command: [0, 0, 0], gait: gaitIndex("trot"), corrected: true, pull: null };
  const { frames } = simulation.advance(steps, input, ["reset"]);
  simulation.free();
  const { offset, size } = episodeColumn("basePosition");
  return [...frames.subarray(steps * EPISODE_FRAME_SIZE).subarray(offset, offset + size)];
}

/** Of the diagram's columns of pixels that have the colour of one leg or the other, the share of those that have both. */
async function sharedColumns(leg: string, other: string): Promise<number> {
  const picture = await canvasPicture("#live-gait");
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

async function canvasPicture(selector: string): Promise<Picture> {
  return decodePng(browser, await page.locator(selector).screenshot());
}

function state(): Promise<LivePageState> {
  return page.evaluate(() => window.gaitwayLive);
}

async function noticeReads(text: string): Promise<void> {
  await page.locator("#live-notice", { hasText: text }).waitFor({ state: "visible" });
}
