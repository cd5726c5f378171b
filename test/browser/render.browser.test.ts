import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium as findIn } from "../../policy/cli/viewer/chromium.js";
import { Workspace } from "../support/command-line.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";
import { comparePictures, decodePng, findChromium, launchChromium } from "./support/browser.js";
import { decodeVideo } from "./support/video.js";

const chromiumPath = findChromium();
const workspace = new Workspace();
const EPISODE = "runs/walks/episodes/1-walk.episode";
let browser: Browser;

beforeAll(async () => {
  const walk = {
    label: "Trot",
    gait: "trot",
    terrain: { kind: "rough", level: 2, seed: 7 },
    controller: "policy",
    numFrames: 101, // 2 s
    speedMPerS: 0.5,
  } as const;
  writeSyntheticRun(workspace.path("runs"), "walks", { "1-walk": walk, "2-walk": walk });
  if (chromiumPath) browser = await launchChromium(chromiumPath);
});

afterAll(async () => {
  await browser?.close();
  workspace.remove();
});

describe.skipIf(chromiumPath === null)("gaitway render", () => {
  it("makes a video of even frames that plays", async () => {
    const size = ["--size", "320x180", "--seconds", "0.5"];
    const { code, stdout } = await workspace.run("render", EPISODE, "--out", "walk.webm", ...size);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Wrote walk\.webm: 320x180, /) });
    const video = await decodeVideo(browser, readFileSync(workspace.path("walk.webm")), [0, 0.95]);
    expect(video).toMatchObject({ width: 320, height: 180 });
    expect(video.durationS).toBeCloseTo(0.5, 2); // 15 frames at 30 frames/s
    expect(comparePictures(video.pictures[0], video.pictures[1]).share).toBeGreaterThan(0.02);
  });

  it("makes a picture of a moment, the same each time", async () => {
    const render = async (out: string, seconds: string) => {
      const flags = ["--out", out, "--size", "320x180", "--seconds", seconds, "--json"];
      const { code, stdout } = await workspace.run("render", EPISODE, ...flags);
      expect(code).toBe(0);
      const bytes = readFileSync(workspace.path(out));
      expect(JSON.parse(stdout)).toEqual({ out, width: 320, height: 180, bytes: bytes.length });
      return bytes;
    };
    const early = await render("early.png", "0.5");
    const again = await render("again.png", "0.5");
    expect(again.equals(early)).toBe(true);
    const picture = await decodePng(browser, early);
    expect(picture).toMatchObject({ width: 320, height: 180 });
    expect(comparePictures(picture, await decodePng(browser, await render("late.png", "1.5"))).share).toBeGreaterThan(
      0.02,
    );
  });
});

describe("gaitway render refuses, in one line:", () => {
  it.each([
    [
      "a run of several episodes",
      "walks",
      /^walks is a run of 2 episodes: name one of them, such as .*1-walk\.episode$/,
    ],
    [
      "another format",
      `${EPISODE} --out walk.gif`,
      /^--out: got walk\.gif, expected a name that ends with \.webm or \.png$/,
    ],
    [
      "a folder that is not there",
      `${EPISODE} --out none/walk.png`,
      /^--out: got none\/walk\.png, but there is no folder none$/,
    ],
    [
      "half a size",
      `${EPISODE} --size 640`,
      /^--size: got 640, expected even numbers from 16 to 3840, such as 1280x720$/,
    ],
    ["an odd size", `${EPISODE} --size 641x480`, /^--size: got 641x480, expected even numbers/],
    ["no time", `${EPISODE} --seconds 0`, /^--seconds: got 0, expected a number above 0$/],
  ])("%s", async (_name, args, message) => {
    const { code, stdout, stderr } = await workspace.run("render", ...args.split(" "));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^gaitway: [^\n]+\n$/);
    expect(stderr.slice("gaitway: ".length, -1)).toMatch(message);
  });

  it("a machine without a Chromium", async () => {
    const { code, stderr } = await workspace.runIn({ CHROMIUM_PATH: "/nowhere/chromium" }, "render", EPISODE);
    expect(code).toBe(1);
    expect(stderr).toBe("gaitway: CHROMIUM_PATH: got /nowhere/chromium, expected the path of a Chromium\n");
  });
});

describe("finding a Chromium", () => {
  it("takes the one that is named, or else the first in the usual places", () => {
    expect(findIn({ CHROMIUM_PATH: "/opt/chrome" }, () => true)).toBe("/opt/chrome");
    expect(findIn({}, (path) => path.endsWith("google-chrome"))).toBe("/usr/bin/google-chrome");
    expect(findIn({}, (path) => path.startsWith("/Applications/Chromium"))).toBe(
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
    );
    expect(findIn({ ProgramFiles: "/programs" }, (path) => path.endsWith("chrome.exe"))).toBe(
      "/programs/Google/Chrome/Application/chrome.exe",
    );
    expect(findIn({}, () => false)).toBeNull();
  });
});
