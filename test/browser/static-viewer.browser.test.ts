import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "../support/command-line.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { collectComplaints, findChromium, launchChromium } from "./support/browser.js";
import { serveFolder } from "./support/static-server.js";

const chromiumPath = findChromium();
const workspace = new Workspace();
const WALK: SyntheticEpisode = {
  label: "Trot",
  gait: "trot",
  terrain: { kind: "rough", level: 2, seed: 7 },
  controller: "policy",
  numFrames: 51,
  speedMPerS: 0.5,
};

beforeAll(() => {
  writeSyntheticRun(workspace.path("runs"), "a+walk", {
    "1-walk": WALK,
    "2-fall": { ...WALK, numFrames: 31, fell: true },
  });
  writeSyntheticRun(workspace.path("runs"), "other", { "1-walk": WALK });
});

afterAll(() => workspace.remove());

function filesIn(folder: string): string[] {
  return readdirSync(workspace.path(folder), { recursive: true, encoding: "utf8" }).sort();
}

// Serves dist/viewer-page, which `npm test` has built before.
describe("gaitway view --build", () => {
  it("writes the page and one run, and nothing else", async () => {
    const { code, stdout } = await workspace.run("view", "a+walk", "--build", "sites/walk");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "Wrote sites/walk: the viewer with run a+walk. Put it on any web server.\n",
    });
    const files = filesIn("sites/walk").filter((file) => !file.startsWith("assets"));
    expect(files).toEqual([
      ...["api", "api/runs", "api/runs.json", "api/runs/a+walk", "api/runs/a+walk/details.json"],
      ...["api/runs/a+walk/episodes", "api/runs/a+walk/episodes/1-walk.episode"],
      ...["api/runs/a+walk/episodes/2-fall.episode", "api/runs/a+walk/meshes.json"],
      ...["api/runs/a+walk/metrics", "api/runs/a+walk/metrics/0"],
      ...["api/runs/a+walk/robot.json", "api/runs/a+walk/robot.urdf"],
      ...["api/runs/a+walk/task.js", "index.html"],
    ]);
    const page = readFileSync(workspace.path("sites/walk/index.html"), "utf8");
    expect(page).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'`);
    expect(page).not.toMatch(/(?:src|href)="\//); // all addresses are relative
  });

  it("shows a run that still trains as one that was left", async () => {
    const training = writeSyntheticRun(workspace.path("runs"), "training", { "1-walk": WALK });
    training.setStatus("running");
    training.writeMetrics({ iteration: 1, reward: 0.5 });
    const { code, stdout } = await workspace.run("view", "training", "--build", "sites/training", "--json");
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"out":"sites/training","run":"training"}\n' });
    const read = (name: string) =>
      JSON.parse(readFileSync(workspace.path(`sites/training/api/runs/training/${name}`), "utf8"));
    expect(read("details.json")).toMatchObject({ status: "interrupted", iterations: 1 });
    expect(read("metrics/0")).toMatchObject({ status: "interrupted", rows: [{ iteration: 1, reward: 0.5 }] });
  });

  it("keeps off a folder that is not empty, unless it is forced", async () => {
    workspace.write("taken.txt", "");
    mkdirSync(workspace.path("site"));
    expect((await workspace.run("view", "other", "--build", "site")).code).toBe(0); // an empty folder will do
    const before = filesIn("site");
    const refused = await workspace.run("view", "a+walk", "--build", "site");
    expect(refused).toEqual({
      code: 1,
      stdout: "",
      stderr: "gaitway: --build: site is not empty: choose another folder, or --force to write into it\n",
    });
    expect(filesIn("site")).toEqual(before);
    expect((await workspace.run("view", "a+walk", "--build", "site", "--force")).code).toBe(0);
    expect(JSON.parse(readFileSync(workspace.path("site/api/runs.json"), "utf8"))).toEqual({
      runs: [{ id: "a+walk", hasPolicy: false }],
    });
    const file = await workspace.run("view", "other", "--build", "taken.txt");
    expect(file.stderr).toBe("gaitway: --build: got taken.txt, which is a file; expected a folder\n");
  });
});

describe.skipIf(chromiumPath === null)("the folder that it wrote", () => {
  let browser: Browser;
  beforeAll(async () => {
    expect((await workspace.run("view", "a+walk", "--build", "served")).code).toBe(0);
    browser = await launchChromium(chromiumPath ?? "");
  });
  afterAll(() => browser?.close());

  it("plays the run from any path of a plain web server, under its own Content-Security-Policy", async () => {
    const server = await serveFolder(workspace.path("served"), "/somewhere/below/");
    const page = await browser.newPage();
    const complaints = collectComplaints(page);
    await page.goto(server.url);
    await page.waitForFunction(() => window.gaitwayViewer?.timeS > 0.2);
    expect(await page.evaluate(() => window.gaitwayViewer.numFrames)).toBe(WALK.numFrames);
    await page.getByRole("button", { name: /fell/ }).click();
    await page.waitForFunction(() => window.gaitwayViewer.numFrames === 31);
    await page.getByRole("link", { name: "Training" }).click();
    await page.getByText("This run has no checkpoint yet").waitFor();
    expect(complaints).toEqual([]);
    const refused = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
          const script = document.createElement("script");
          script.append("document.title = 'changed'");
          document.head.append(script);
        }),
    );
    expect(refused).toBe("script-src-elem");
    expect(await page.getByText("works on a web server only").isVisible()).toBe(false);
    server.close();
  });

  it("simulates live, without a word from the server", async () => {
    const server = await serveFolder(workspace.path("served"), "/somewhere/below/");
    const page = await browser.newPage({ viewport: { width: 1000, height: 560 } });
    page.setDefaultTimeout(0); // waiting ends with the test
    const complaints = collectComplaints(page);
    await page.goto(`${server.url}#live&terrain=flat&level=1&seed=1`);
    await page.waitForFunction(() => window.gaitwayLive?.timeS > 0);
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false); // no COOP, no COEP
    await page.keyboard.down("w");
    await page.waitForFunction(() => window.gaitwayLive.basePosition[0] > 1);
    expect(complaints).toEqual([]);
    server.close();
  });

  it("says that it needs a web server, where it is opened as a file", async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(workspace.path("served/index.html")).href);
    expect(await page.getByText("works on a web server only").isVisible()).toBe(true);
  });
});
