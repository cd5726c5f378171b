/** A Chromium that is installed on this machine, driven without a window. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { InputError } from "../../../sim/errors.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Software rendering, so that pictures are the same everywhere, and no traffic of the browser's own. */
const FLAGS = [
  "--headless",
  // Chromium's sandbox refuses to start in most containers. Only our own page is ever opened here.
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/**
 * Path of a Chromium, or of a browser made of it, or null if there is none in the usual places. Throws InputError if
 * CHROMIUM_PATH names one that is not there.
 */
export function findChromium(
  environment: Environment = process.env,
  exists: (path: string) => boolean = existsSync,
): string | null {
  const named = environment.CHROMIUM_PATH;
  if (!named) return usualPlaces(environment).find(exists) ?? null;
  if (!exists(named)) throw new InputError(`CHROMIUM_PATH: got ${named}, expected the path of a Chromium`);
  return named;
}

/** Starts it. Throws InputError if it does not start. */
export async function launchChromium(executablePath: string): Promise<Browser> {
  const { chromium } = await import("playwright-core"); // large, and most commands need none of it
  try {
    return await chromium.launch({ executablePath, args: FLAGS });
  } catch (error) {
    throw new InputError(`${executablePath} does not start: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}

function usualPlaces(environment: Environment): string[] {
  const linux = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const mac = ["Google Chrome", "Chromium", "Microsoft Edge"];
  const windows = [
    join("Google", "Chrome", "Application", "chrome.exe"),
    join("Microsoft", "Edge", "Application", "msedge.exe"),
  ];
  const programs = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((name) => environment[name] ?? []);
  return [
    ...linux.map((name) => `/usr/bin/${name}`),
    "/snap/bin/chromium",
    ...mac.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
    ...programs.flatMap((folder) => windows.map((program) => join(folder, program))),
  ];
}
