import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EnvConfig } from "../../sim/env-config.js";
import type { TerrainSpec } from "../../sim/types.js";
import { type LiveOptions, LiveSimulation, type LiveState } from "../../viewer/live-simulation.js";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import { buildPage, findChromium, launchChromium } from "../support/browser.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";

/** One second in five parts: 10 policy steps of 20 ms each. */
const PARTS = 5;
const STEPS = 10;
/**
 * m and rad. The physics engine is the same WebAssembly here and there, and deterministic; but Math.sin and cos may differ in
 * their last bit from one JavaScript engine to another, and contacts make more of that within a second.
 */
const TOLERANCE = 1e-3;

const chromiumPath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "gaitway-live-"));
const pageRoot = join(folder, "page");
let browser: Browser;
let server: ViewerServer;
let page: Page;
const complaints: string[] = [];

/** Straight ahead at a speed that the gait memory alone can walk at. */
function optionsOn(terrain: TerrainSpec): LiveOptions {
  const bundle = freshBundle();
  const { env } = bundle;
  const command: EnvConfig["command"] = {
    ...env.command,
    vxMPerS: [0.3, 0.5],
    vyMPerS: [0, 0],
    yawRateRadPerS: [0, 0],
  };
  return { bundle: { ...bundle, env: { ...env, command } }, terrain, seed: 3 };
}

/** The states after each part of a second, simulated here in Node. */
async function simulateHere(options: LiveOptions): Promise<LiveState[]> {
  const simulation = await LiveSimulation.create(options);
  const states = Array.from({ length: PARTS }, () => simulation.step(STEPS));
  simulation.free();
  return states;
}

/** The same in a Web Worker of the page. */
function simulateInPage(options: LiveOptions): Promise<LiveState[]> {
  const parts = { count: PARTS, steps: STEPS };
  return page.evaluate(
    async ({ options, parts }) => {
      const live = await window.gaitwayViewer.startLive(options);
      const states: LiveState[] = [];
      for (let i = 0; i < parts.count; i++) states.push(await live.step(parts.steps));
      live.stop();
      return states;
    },
    { options, parts },
  );
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

describe.skipIf(chromiumPath === null)("live simulation in a Web Worker", () => {
  beforeAll(async () => {
    await buildPage(pageRoot);
    mkdirSync(join(folder, "runs"));
    writeSyntheticRun(join(folder, "runs"), "empty", {});
    server = await startViewerServer({ runsRoot: join(folder, "runs"), pageRoot, port: 0 });
    browser = await launchChromium(chromiumPath ?? "");
    page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(server.url);
    await page.waitForFunction(() => window.gaitwayViewer !== undefined);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["flat", { kind: "flat", level: 0, seed: 1 }],
    ["rough", { kind: "rough", level: 1, seed: 1 }],
  ] as const)("walks for a second on %s ground, as in Node", async (_name, terrain) => {
    const there = await simulateInPage(optionsOn(terrain));
    const here = await simulateHere(optionsOn(terrain));
    const last = there[PARTS - 1];
    expect(last).toMatchObject({ steps: PARTS * STEPS, timeS: 1, fell: false });
    const [x, y, z] = last.basePosition;
    expect(z).toBeGreaterThan(0.2); // it stands: the A1's trunk is at 0.3 m
    expect(z).toBeLessThan(0.4);
    const [x0, y0] = there[0].basePosition;
    expect(Math.hypot(x - x0, y - y0)).toBeGreaterThan(0.05); // and went somewhere
    for (let i = 0; i < PARTS; i++) {
      expect(largestDifference(there[i].basePosition, here[i].basePosition)).toBeLessThan(TOLERANCE);
      expect(largestDifference(there[i].jointPosition, here[i].jointPosition)).toBeLessThan(TOLERANCE);
    }
    expect(complaints).toEqual([]);
  });

  it("tells why it cannot start", async () => {
    const options = optionsOn({ kind: "rough", level: 7, seed: 1 });
    await expect(simulateInPage(options)).rejects.toThrow(/terrain level: got 7, expected 0\.\.3/);
  });

  it("loads the physics engine only then: it is in the worker's file, and not in the page's", () => {
    const scripts = readdirSync(join(pageRoot, "assets")).filter((name) => name.endsWith(".js"));
    const sizeOf = (name: string) => statSync(join(pageRoot, "assets", name)).size;
    const large = scripts.filter((name) => sizeOf(name) > 2e6);
    expect(large).toEqual([expect.stringMatching(/^live-worker-/)]);
    expect(readFileSync(join(pageRoot, "index.html"), "utf8")).not.toContain("live-worker");
  });
});

describe("live simulation", () => {
  it("gives the same from the same seed, and something else from another", async () => {
    const options = optionsOn({ kind: "flat", level: 0, seed: 1 });
    const first = await simulateHere(options);
    expect(await simulateHere(options)).toEqual(first);
    expect(await simulateHere({ ...options, seed: 4 })).not.toEqual(first);
  });

  it("stops where the robot fell", async () => {
    const bundle = freshBundle();
    // Without motors to speak of, it sinks to the ground.
    const limp = { ...bundle, robot: { ...bundle.robot, tuning: { kp: 0.01, kd: 0.01 } } };
    const simulation = await LiveSimulation.create({
      bundle: limp,
      terrain: { kind: "flat", level: 0, seed: 1 },
      seed: 1,
    });
    const fallen = simulation.step(500);
    expect(fallen.fell).toBe(true);
    expect(fallen.steps).toBeLessThan(100);
    expect(simulation.step(1)).toEqual(fallen);
    simulation.free();
  });
});
