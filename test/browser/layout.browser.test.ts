import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encodeBundle } from "../../policy/bundle/bundle.js";
import { freshBundle } from "../support/fresh-bundle.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";
import { findChromium } from "./support/browser.js";
import { ViewerPage } from "./support/viewer-page.js";

const WALK: SyntheticEpisode = {
  ...{ label: "Trot", gait: "trot", controller: "policy", numFrames: 101, speedMPerS: 0.5 },
  terrain: { kind: "flat", level: 0, seed: 1 },
};
/** Of text against what is behind it, as WCAG AA asks for. */
const LEAST_CONTRAST = 4.5;

let viewer: ViewerPage;
let page: Page;

/** Opens each view of the page, and waits until all of it is there. */
const VIEWS: Readonly<Record<string, () => Promise<unknown>>> = {
  replay: async () => {
    await viewer.load("#run=walk&episode=1-walk&t=1");
    await page.waitForFunction(() => window.gaitwayViewer?.timeS === 1);
  },
  training: async () => {
    await viewer.load("#run=walk&view=training");
    await page.waitForFunction(() => window.gaitwayViewer?.policyIteration === 20);
  },
  live: () => viewer.loadLive("#live&terrain=flat&level=1&seed=1"),
  speed: async () => {
    await viewer.load("#bench");
    await page.getByRole("button", { name: "Measure" }).waitFor();
  },
};

describe.skipIf(findChromium() === null).each(Object.keys(VIEWS))("the page's layout: %s", (view) => {
  beforeAll(async () => {
    viewer = await ViewerPage.open((runsRoot) => {
      const run = writeSyntheticRun(runsRoot, "walk", { "1-walk": WALK });
      run.writeFile("policy.json", encodeBundle({ ...freshBundle(), iteration: 20 }));
      for (let iteration = 1; iteration <= 10; iteration++) {
        run.writeMetrics({ iteration, steps: 6144 * iteration, reward: iteration / 10, velocityErrorX: 0.3 });
      }
    });
    ({ page } = viewer);
    page.setDefaultTimeout(0); // waiting ends with the test
    await VIEWS[view]();
  });

  afterAll(() => viewer?.close());

  afterEach(() => expect(viewer.complaints).toEqual([]));

  it("gives every control a name", async () => {
    expect(await namelessControls()).toEqual([]);
  });

  it("fits a phone of 360 pixels", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await cutOff()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it("fills a screen of 3840 by 2160 pixels, with larger text", async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
    const usual = await textSizes();
    await page.setViewportSize({ width: 3840, height: 2160 });
    expect(await cutOff()).toEqual([]);
    const size = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return [scrollWidth, scrollHeight];
    });
    expect(size).toEqual([3840, 2160]);
    const large = await textSizes();
    expect(Math.min(...usual)).toBeGreaterThanOrEqual(11);
    expect(large).toEqual(usual.map((size) => 1.5 * size));
  });

  it.each(["dark", "light"] as const)("can be read where people like it %s", async (colorScheme) => {
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.emulateMedia({ colorScheme });
    const contrasts = await page.evaluate(contrastsOfText);
    expect(contrasts.length).toBeGreaterThan(5);
    expect(contrasts.filter(({ contrast }) => contrast < LEAST_CONTRAST)).toEqual([]);
    const isDark = await page.evaluate(() => {
      const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number);
      return red + green + blue < 384;
    });
    expect(isDark).toBe(colorScheme === "dark");
  });
});

function namelessControls(): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("a, button, input, select, canvas[role], summary, dialog, progress, nav, section")]
      .filter((each) => each.checkVisibility() && !each.closest(".uplot"))
      .filter((each) => {
        const labels = "labels" in each ? [...((each as HTMLInputElement).labels ?? [])] : [];
        const title = document.getElementById(each.getAttribute("aria-labelledby") ?? "");
        const named = [each, title, ...labels].some((part) => part?.textContent?.trim());
        return !(each.ariaLabel || named);
      })
      .map((each) => each.outerHTML),
  );
}

/** Controls and headings that are not within the page's width. */
function cutOff(): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("a, button, input, select, canvas, h1, h2, output")]
      .filter((each) => each.checkVisibility({ visibilityProperty: true }))
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        return left < 0 || right > window.innerWidth;
      })
      .map((each) => each.outerHTML),
  );
}

/** Font sizes of all elements that hold visible text, in their order, CSS pixels. */
function textSizes(): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((each) => each.checkVisibility() && [...each.childNodes].some(({ nodeType }) => nodeType === 3))
      .map((each) => Number.parseFloat(getComputedStyle(each).fontSize)),
  );
}

/** What each visible text contrasts with what is behind it, 1 to 21, as WCAG has it. Runs in the page; not for text over 3D views. */
function contrastsOfText(): { text: string; contrast: number }[] {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const luminance = (colors: readonly string[]) => {
    canvas.reset();
    for (const color of colors) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) =>
      byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element): string[] => [
    ...(element.parentElement ? behind(element.parentElement) : []),
    getComputedStyle(element).backgroundColor,
  ];
  return [...document.querySelectorAll("body :not(script, style, option)")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".caption, :disabled"))
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
    .map((each) => {
      const backgrounds = behind(each);
      const [a, b] = [luminance(backgrounds), luminance([...backgrounds, getComputedStyle(each).color])];
      return { text: each.textContent!, contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
    });
}
