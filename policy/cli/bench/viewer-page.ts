/**
 * What the viewer costs in a browser: `npm run bench:viewer`, on an idle machine. Needs the Chromium that `gaitway render` does,
 * and the built page. Live mode is measured, as it does and loads the most; a robot trots over rough ground.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { InputError } from "../../../sim/errors.js";
import { startViewerServer } from "../../../viewer/server/server.js";
import { packageRoot } from "../files/package-root.js";
import { textTable } from "../terminal/table.js";
import { findChromium, launchChromium } from "../viewer/chromium.js";
import { spreadOf } from "./spread.js";

const HASH = "#live&terrain=rough&level=1&seed=1&gait=trot";
const VIEWPORT = { width: 1280, height: 800 };
const LOADS = 5;
/** Of walking, simulated, before the ground ends: the page's medians are over its last 300 frames, the processor's time is a median of means of a second each. */
const WALK_S = 9;

declare global {
  interface Window {
    framesShown: number;
  }
}

interface Load {
  /** From the request for the page to the first frame of a robot that moves. */
  readonly firstFrameS: number;
  /** Of all answers until then, compressed as they come. */
  readonly transferMB: number;
}

const chromium = findChromium();
if (!chromium) throw new InputError("no Chromium found: install one or set CHROMIUM_PATH to its program");
const runsRoot = mkdtempSync(join(tmpdir(), "gaitway-viewer-bench-"));
const server = await startViewerServer({ runsRoot, pageRoot: join(packageRoot(), "dist/viewer-page"), port: 0 });
const line = await countingLine(Number(new URL(server.url).port));
const browser = await launchChromium(chromium);
try {
  const loads: Load[] = [];
  while (loads.length < LOADS) loads.push(await load(browser, line.url + HASH));
  const { frameMs, processorMs, stepMs } = await walk(browser, line.url + HASH);
  const rows = [
    ["main thread's scripts, a frame, processor's time", `${processorMs.toFixed(2)} ms`, "4 ms"],
    ["its largest script, a frame, by the clock", `${frameMs.toFixed(2)} ms`, ""],
    ["worker, a policy step of 20 ms", `${stepMs.toFixed(2)} ms`, "5 ms"],
    [
      "transfer until the first frame",
      `${spreadOf(loads.map((each) => each.transferMB)).median.toFixed(2)} MB`,
      "2.5 MB",
    ],
    ["first frame of a robot", `${spreadOf(loads.map((each) => each.firstFrameS)).median.toFixed(2)} s`, "3 s"],
  ];
  process.stdout.write(`${textTable(["medians", "measured", "aim, below"], rows)}\n`);
} finally {
  await browser.close();
  line.close();
  await server.close();
  rmSync(runsRoot, { recursive: true });
}

/** Loads the page with nothing in its cache. */
async function load(browser: Browser, url: string): Promise<Load> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  const before = line.bytes;
  await page.goto(url);
  const shown = await page.waitForFunction(() => window.gaitwayLive?.timeS > 0 && performance.now());
  const firstFrameS = Number(await shown.jsonValue()) / 1000;
  const bytes = line.bytes - before;
  await page.close();
  return { firstFrameS, transferMB: bytes / 1e6 };
}

interface Walk {
  /** Of the page's last frames: time that its script took, by the clock, and that a policy step took in the worker. */
  readonly frameMs: number;
  readonly stepMs: number;
  /** Processor's time that all scripts of the main thread took, a frame. */
  readonly processorMs: number;
}

/** Lets the robot walk; nothing is rasterised, so that the software that does it here is not what is measured. */
async function walk(browser: Browser, url: string): Promise<Walk> {
  const page = await browser.newPage({ viewport: VIEWPORT });
  await drawNothing(page);
  await countFrames(page);
  await page.goto(url);
  await page.waitForFunction(() => window.gaitwayLive?.timeS > 0);
  await page.keyboard.down("w");
  const processorMs: number[] = [];
  const read = await scriptClock(page);
  for (let before = await read(); (await timeOf(page)) < WALK_S; ) {
    await page.waitForTimeout(1000);
    const now = await read();
    processorMs.push((now.scriptMs - before.scriptMs) / (now.frames - before.frames));
    before = now;
  }
  const { frameMs, stepMs } = await page.evaluate(() => window.gaitwayLive);
  await page.close();
  return { frameMs, stepMs, processorMs: spreadOf(processorMs).median };
}

function timeOf(page: Page): Promise<number> {
  return page.evaluate(() => window.gaitwayLive.timeS);
}

/** Reads the processor's time that the main thread's scripts have taken: not that in which it had to make way for others. */
async function scriptClock(page: Page): Promise<() => Promise<{ scriptMs: number; frames: number }>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const script = metrics.find(({ name }) => name === "ScriptDuration");
    return { scriptMs: 1000 * script!.value, frames: await page.evaluate(() => window.framesShown) };
  };
}

function countFrames(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    window.framesShown = 0;
    const count = () => {
      window.framesShown++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
}

/** Has WebGL take all calls, but draw nothing at those that draw. */
function drawNothing(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const nothing = () => undefined;
    const { prototype } = WebGL2RenderingContext;
    Object.assign(prototype, {
      ...{ drawElements: nothing, drawArrays: nothing, clear: nothing },
      ...{ drawElementsInstanced: nothing, drawArraysInstanced: nothing, drawRangeElements: nothing },
    });
  });
}

/** Passes connections on to a port, and counts the bytes that come back: a page does not see what its workers load. */
async function countingLine(port: number) {
  const counter = { bytes: 0, url: "", close: () => undefined as unknown };
  const proxy = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    upstream.on("data", ({ length }) => {
      counter.bytes += length;
    });
    client.pipe(upstream).pipe(client);
    for (const end of [client, upstream]) end.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  counter.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`;
  counter.close = () => proxy.close();
  return counter;
}
