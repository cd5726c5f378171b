import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PageState } from "../../viewer/page/page-state.js";
import { a1Urdf } from "../support/a1.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, findChromium, type Picture } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const SPEED_M_PER_S = 0.5;
const WALK: SyntheticEpisode = {
  label: "Trot on rough ground",
  gait: "trot",
  terrain: { kind: "rough", level: 2, seed: 7 },
  controller: "policy",
  numFrames: 251, // 5 s
  speedMPerS: SPEED_M_PER_S,
};
const FALL: SyntheticEpisode = { ...WALK, label: "Short", controller: "gaitMemoryAlone", numFrames: 51, fell: true };
/** To a bound after 2 s, and down at 4.98 s, the last of 250 frames. */
const SWITCH: SyntheticEpisode = {
  ...WALK,
  ...{ label: "Switch", numFrames: 250, fell: true, switchTo: { gait: "bound", frame: 100 } },
};

/** A policy that selects a trot, and from 3 s on thinks more of a run. */
const SELECT: SyntheticEpisode = {
  ...{ ...WALK, label: "Selected" },
  choices: [
    { frame: 0, probabilities: [0, 0.9, 0.1, 0, 0, 0, 0, 0] },
    { frame: 150, probabilities: [0, 0.3, 0.7, 0, 0, 0, 0, 0] },
  ],
};

let viewer: ViewerPage;
let page: Page;

describe.skipIf(findChromium() === null)("viewer in a browser", () => {
  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      writeSyntheticRun(runsRoot, "empty", {});
      // Everything like "walk", but that the robot has nothing to see.
      writeSyntheticRun(runsRoot, "invisible", { "1-walk": WALK }, a1Urdf.replace(/<visual>.*?<\/visual>/gs, ""));
      const push = { frame: 45, velocityChange: [0, -0.5, 0] } as const;
      writeSyntheticRun(runsRoot, "pushed", { "1-walk": { ...WALK, push } });
      writeSyntheticRun(runsRoot, "selected", { "1-walk": SELECT, "2-walk": WALK });
      const run = writeSyntheticRun(runsRoot, "walk", { "1-walk": WALK, "2-fall": FALL, "4-switch": SWITCH });
      writeFileSync(join(run.path, "episodes", "3-broken.episode"), "no episode");
    });
  });

  afterAll(() => viewer?.close());

  beforeEach(async () => {
    await viewer.renew();
    ({ page } = viewer);
  });

  afterEach(() => expect(viewer.complaints).toEqual([]));

  it("draws the robot", async () => {
    const robot = await pictureAt("walk", 2);
    const again = await pictureAt("walk", 2);
    const without = await pictureAt("invisible", 2);
    expect(comparePictures(robot, again).share).toBeLessThan(0.001);
    const { share, centreX, centreY } = comparePictures(robot, without);
    expect(share).toBeGreaterThan(0.02); // the robot and its shadow
    expect(centreX).toBeCloseTo(0.5, 0.7); // within 0.1: the camera looks at the robot
    expect(centreY).toBeCloseTo(0.5, 0.7);
  });

  it("plays from the start, and time moves the robot", async () => {
    await viewer.load("");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0.3);
    const before = await state();
    expect(before).toMatchObject({ playing: true, numFrames: WALK.numFrames });
    await page.waitForFunction((x) => window.gaitwayViewer.basePosition[0] > x + 0.1, before.basePosition[0]);
    expect((await state()).timeS).toBeGreaterThan(before.timeS + 0.1);
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
  });

  it("scrubs: place, picture, charts and address follow", async () => {
    await open("walk", "1-walk", 1);
    const [before, gaitBefore] = [await viewer.picture("#scene"), await viewer.picture("#gait")];
    const scrubber = page.locator("#scrubber");
    const { width, height } = (await scrubber.boundingBox())!;
    await scrubber.click({ position: { x: 0.75 * width, y: height / 2 } });
    // The robot follows with the next frame that is drawn.
    await page.waitForFunction((x) => window.gaitwayViewer.basePosition[0] > x, 3.5 * SPEED_M_PER_S);
    const { timeS, basePosition } = await state();
    expect(timeS).toBeCloseTo(0.75 * 5, 0.7);
    expect(basePosition[0]).toBeCloseTo(SPEED_M_PER_S * timeS, 3);
    expect(comparePictures(before, await viewer.picture("#scene")).share).toBeGreaterThan(0.02);
    expect(comparePictures(gaitBefore, await viewer.picture("#gait")).share).toBeGreaterThan(0.02);
    await page.waitForURL(`**/#run=walk&episode=1-walk&t=${timeS.toFixed(2)}`);
  });

  it("seeks by a click in a chart", async () => {
    await open("walk", "1-walk", 0);
    const plot = page.locator("#charts .u-over").first();
    const { width } = (await plot.boundingBox())!;
    await plot.click({ position: { x: 0.4 * width, y: 10 } });
    await page.waitForFunction(() => window.gaitwayViewer.timeS > 1);
    expect((await state()).timeS).toBeCloseTo(0.4 * 5, 1);
  });

  it("plots what is picked", async () => {
    await open("walk", "1-walk", 1);
    const velocity = await viewer.picture("#charts");
    await page.getByLabel("What the charts show").selectOption("Joint angles FL");
    expect(await page.locator("#charts .plot-title").allTextContents()).toEqual([
      expect.stringMatching(/^Hip.* rad$/),
      expect.stringMatching(/^Thigh.* rad$/),
      expect.stringMatching(/^Calf.* rad$/),
    ]);
    expect(comparePictures(velocity, await viewer.picture("#charts")).share).toBeGreaterThan(0.01);
    await page.getByLabel("What the charts show").selectOption("Effort");
    // The synthetic robot's motors do nothing.
    expect(await page.locator("#charts .plot-title").first().textContent()).toBe("Torque saturation+0.00 %");
  });

  it("jumps to gait switches and falls", async () => {
    await open("walk", "4-switch", 0);
    await page.getByRole("button", { name: "To the next event" }).click();
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 1.5) < 1e-6); // half a second before
    await page.keyboard.press("n");
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 4.48) < 1e-6);
    await page.getByRole("button", { name: "To the next event", disabled: true }).waitFor();
    await page.keyboard.press("Shift+N");
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 1.5) < 1e-6);
    await page.getByRole("button", { name: "Fall at 4.98 s" }).click();
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 4.48) < 1e-6);
  });

  it("marks the transition in the gait diagram", async () => {
    await open("walk", "1-walk", 1.9);
    const trot = await viewer.picture("#gait");
    await open("walk", "4-switch", 1.9);
    expect(comparePictures(trot, await viewer.picture("#gait")).share).toBeGreaterThan(0.02);
  });

  it("finds and sorts episodes", async () => {
    await open("walk", "1-walk", 1);
    const labels = page.locator(".episode-label");
    expect(await labels.allTextContents()).toEqual([WALK.label, "Short", "3-broken", "Switch"]);
    await page.getByLabel("Order of the episodes").selectOption("Shortest first");
    expect(await labels.allTextContents()).toEqual(["Short", "Switch", WALK.label, "3-broken"]); // 51, 250 and 251 frames
    await page.getByLabel("Search episodes").fill("fell rough");
    expect(await labels.allTextContents()).toEqual(["Short", "Switch"]);
    expect(await page.locator("#episode-count").textContent()).toBe("2 of 4");
  });

  it("shows another episode", async () => {
    await open("walk", "1-walk", 1);
    await page.getByRole("button", { name: /Short/ }).click();
    await page.waitForFunction((frames) => window.gaitwayViewer.numFrames === frames, FALL.numFrames);
    const current = page.locator("[aria-current=true]");
    expect(await current.textContent()).toMatch(/Short.*fell/);
    expect(await page.locator("#caption-detail").textContent()).toContain("gait memory alone");
  });

  it("obeys keys", async () => {
    await open("walk", "1-walk", 1);
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 1.02) < 1e-6); // one frame of 0.02 s
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 2) < 1e-6);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => window.gaitwayViewer.playing && window.gaitwayViewer.timeS > 2.1);
    await page.keyboard.press("Space");
    expect((await state()).playing).toBe(false);
    const follow = page.locator("#show").getByLabel("Camera goes along");
    expect(await follow.isChecked()).toBe(true);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
    await page.keyboard.press("f");
    expect(await follow.isChecked()).toBe(false);
  });

  it("draws what is to be shown, and no more", async () => {
    await open("walk", "1-walk", 1);
    await page.locator("#show summary").click();
    let before = await viewer.picture("#scene");
    for (const part of ["Reference feet", "Foot trails", "Velocity, commanded and real", "Collision shapes"]) {
      await page.locator("#show").getByLabel(part).click();
      await page.waitForTimeout(300); // some frames
      const after = await viewer.picture("#scene");
      expect(comparePictures(before, after).share).toBeGreaterThan(0.0005);
      before = after;
    }
  });

  it("shows a push as an arrow, for half a second", async () => {
    for (const [timeS, shown] of [
      [1, true],
      [2, false],
    ] as const) {
      await open("walk", "1-walk", timeS);
      const alone = await viewer.picture("#scene");
      await open("pushed", "1-walk", timeS);
      const share = comparePictures(alone, await viewer.picture("#scene")).share;
      if (shown) expect(share).toBeGreaterThan(0.001);
      else expect(share).toBe(0);
    }
  });

  it("shows which gaits a policy selected, along the scrubber", async () => {
    await open("selected", "1-walk", 1);
    const [now, strip] = [page.locator("#selection-now"), page.locator("#selection-strip")];
    expect(await now.textContent()).toBe("trot 90 %, run 10 %");
    const before = await viewer.picture("#selection-strip");
    const { width } = (await strip.boundingBox())!;
    await strip.click({ position: { x: 40 + 0.8 * (width - 42), y: 20 } }); // right of the gaits' names, of 40 px
    await page.waitForFunction(() => Math.abs(window.gaitwayViewer.timeS - 4) < 0.1);
    await now.filter({ hasText: /^run 70 %, trot 30 %$/ }).waitFor();
    expect(comparePictures(before, await viewer.picture("#selection-strip")).share).toBeGreaterThan(0.001);
    await page.getByRole("button", { name: WALK.label }).click();
    await strip.waitFor({ state: "hidden" });
  });

  it("explains what is missing, and recovers", async () => {
    await viewer.load("#run=walk&episode=3-broken");
    await viewer.noticeReads("3-broken.episode is not a Gaitway checkpoint or episode");
    await page.getByRole("button", { name: /Short/ }).click();
    await page.locator("#notice").waitFor({ state: "hidden" });
    await page.locator("#run").selectOption("empty");
    await viewer.noticeReads("This run has no recorded episodes");
  });

  it("explains that a run does not exist", async () => {
    await viewer.load("#run=nowhere");
    await viewer.noticeReads("There is no run “nowhere”.");
    await page.locator("#run").selectOption("walk");
    await page.locator("#notice").waitFor({ state: "hidden" });
    await page.waitForURL("**/#run=walk&episode=1-walk");
    viewer.forgive("404");
  });

  it("explains that an episode does not exist", async () => {
    await viewer.load("#run=walk&episode=9-nowhere");
    await viewer.noticeReads("Run “walk” has no episodes/9-nowhere.episode.");
    await page.getByRole("button", { name: /Short/ }).click();
    await page.locator("#notice").waitFor({ state: "hidden" });
    viewer.forgive("404");
  });

  it("explains that the server is gone", async () => {
    await open("walk", "1-walk", 1);
    await page.route("**/api/**", (route) => route.abort());
    await page.getByRole("button", { name: /Short/ }).click();
    await viewer.noticeReads("The server does not answer");
    viewer.forgive("ERR_FAILED");
  });

  it("explains that WebGL 2 is missing", async () => {
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await viewer.load("");
    await viewer.noticeReads("The viewer needs WebGL 2");
  });

  it("fits a phone", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open("walk", "1-walk", 1);
    expect(await page.evaluate(() => [document.documentElement.scrollWidth, window.scrollY])).toEqual([360, 0]);
    // The list stands at the end of the page; what is chosen there comes into sight.
    await page.getByRole("button", { name: /Short/ }).click();
    await page.waitForFunction((frames) => window.gaitwayViewer.numFrames === frames, FALL.numFrames);
    expect((await page.locator("#scene").boundingBox())?.y).toBeGreaterThanOrEqual(0);
  });
});

/** Opens an episode, paused at a time, and waits until it is shown. */
async function open(run: string, episode: string, timeS: number): Promise<void> {
  await viewer.load(`#run=${run}&episode=${episode}&t=${timeS}`);
  await page.waitForFunction((t) => window.gaitwayViewer?.numFrames > 0 && window.gaitwayViewer.timeS === t, timeS);
  await page.locator("#notice").waitFor({ state: "hidden" });
}

async function pictureAt(run: string, timeS: number): Promise<Picture> {
  await open(run, "1-walk", timeS);
  return viewer.picture("#scene");
}

function state(): Promise<PageState> {
  return page.evaluate(() => window.gaitwayViewer);
}
