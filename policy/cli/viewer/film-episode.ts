/** Films an episode: serves the viewer's page to a browser without a window, and has it draw frame by frame. */

import { realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Browser, JSHandle } from "playwright-core";
import { InputError } from "../../../sim/errors.js";
import type { Film } from "../../../viewer/film.js";
import type { RunDirectory } from "../run-folder/run-directory.js";
import { ProgressLine } from "../terminal/progress.js";
import { findChromium, launchChromium } from "./chromium.js";
import { startViewer } from "./serve.js";

/** What to render; sizes in px. */
export type Shot =
  | { readonly kind: "picture"; readonly width: number; readonly height: number; readonly timeS: number }
  | { readonly kind: "video"; readonly width: number; readonly height: number; readonly lengthS: number };

const FRAMES_PER_S = 30;
/** Frames that the page draws before it reports back. */
const BATCH = 10;

/**
 * Renders an episode of a run: the bytes of a PNG or WebM file. Each frame is drawn for its own time, however long that takes.
 * Throws InputError if there is no Chromium, or it cannot draw.
 */
export async function filmEpisode(run: RunDirectory, episode: string, shot: Shot): Promise<Buffer> {
  const path = findChromium();
  if (!path) {
    throw new InputError(
      "no Chromium found to render with: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program",
    );
  }
  const folder = realpathSync(run.path);
  const server = await startViewer(dirname(folder), 0);
  try {
    const browser = await launchChromium(path);
    try {
      return await filmWith(browser, `${server.url}film.html`, [basename(folder), episode], shot);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

async function filmWith(browser: Browser, url: string, names: [string, string], shot: Shot): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: shot.width, height: shot.height } });
  try {
    await page.goto(url);
    const film = await page.evaluateHandle(([run, episode]) => window.gaitwayFilm(run, episode), names);
    const base64 =
      shot.kind === "picture" ? await film.evaluate(takePicture, shot.timeS) : await video(film, shot.lengthS);
    return Buffer.from(base64, "base64");
  } catch (error) {
    throw new InputError(`the browser could not render: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}

function takePicture(film: Film, timeS: number): Promise<string> {
  return film.picture(timeS);
}

async function video(film: JSHandle<Film>, lengthS: number): Promise<string> {
  const progress = new ProgressLine();
  const frames = Math.max(1, Math.round(lengthS * FRAMES_PER_S));
  try {
    for (let done = 0; done < frames; done += BATCH) {
      progress.update({ fraction: done / frames, text: `frame ${done} of ${frames}` });
      const batch = { count: Math.min(BATCH, frames - done), framesPerS: FRAMES_PER_S };
      await film.evaluate((each, { count, framesPerS }) => each.addFrames(count, framesPerS), batch);
    }
    return await film.evaluate((each) => each.finish());
  } finally {
    progress.stop();
  }
}
