import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { packageRoot } from "../../../policy/cli/files/package-root.js";
import { findChromium as findInstalledChromium } from "../../../policy/cli/viewer/chromium.js";

export { launchChromium } from "../../../policy/cli/viewer/chromium.js";

/** Path of a Chromium on this machine, or null after saying so. */
export function findChromium(): string | null {
  const found = findInstalledChromium();
  if (found) return found;
  process.stderr.write(
    "Browser tests are skipped: no Chromium found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.\n",
  );
  return null;
}

/** Folder of the viewer's page, which `npm test` has built before; built again where it is older than its source. */
export async function builtPage(): Promise<string> {
  const outDir = join(packageRoot(), "dist/viewer-page");
  const builtMs = statSync(join(outDir, "index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (newestSourceMs() < builtMs) return outDir;
  const root = join(packageRoot(), "viewer");
  await build({ configFile: join(root, "vite.config.ts"), root, logLevel: "error" });
  return outDir;
}

/** When any file that the page is built from last changed. */
function newestSourceMs(): number {
  const folders = ["gaits", "sim", "policy", "viewer"].map((name) => join(packageRoot(), name));
  const entries = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }));
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs));
}

/** Decoded pixels of a screenshot. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row from the top. */
  readonly rgba: Uint8Array;
}

/** Everything that a page complains of on its console, as it comes. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}

/** Decodes a PNG, in a blank page of the browser, which has a decoder. */
export async function decodePng(browser: Browser, png: Buffer): Promise<Picture> {
  const page = await browser.newPage();
  const { width, height, text } = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let text = "";
    for (let i = 0; i < data.length; i += 4096) text += String.fromCharCode(...data.subarray(i, i + 4096));
    return { width: image.width, height: image.height, text: btoa(text) };
  }, png.toString("base64"));
  await page.close();
  return { width, height, rgba: Buffer.from(text, "base64") };
}

/** Pixels that differ visibly between two pictures of one size, with the box that holds them. */
export function comparePictures(a: Picture, b: Picture): { share: number; centreX: number; centreY: number } {
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < a.width * a.height; i++) {
    const differs = [0, 1, 2].some((channel) => Math.abs(a.rgba[4 * i + channel] - b.rgba[4 * i + channel]) > 24);
    if (!differs) continue;
    count++;
    sumX += i % a.width;
    sumY += Math.floor(i / a.width);
  }
  return {
    share: count / (a.width * a.height),
    centreX: sumX / count / a.width,
    centreY: sumY / count / a.height,
  };
}
