import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import open from "open";
import { InputError } from "../../../sim/errors.js";
import { findRun, listRuns } from "../../../viewer/server/runs.js";
import type { ViewerServer } from "../../../viewer/server/server.js";
import { startViewerServer } from "../../../viewer/server/server.js";
import { packageRoot } from "../files/package-root.js";
import { checkCount } from "../terminal/flags.js";

export const DEFAULT_VIEWER_PORT = 8017;

/** Makes a run to look at where there is none: records episodes under `runsRoot`, returns the run's id. */
export type EnsureRun = (runsRoot: string) => Promise<string>;

export interface ServeViewerOptions {
  readonly runsRoot: string;
  /** Id or folder of the run to show first; undefined: the newest. */
  readonly run?: string | undefined;
  readonly port: number;
  /** Also show it in the default browser, if there is a screen. */
  readonly open: boolean;
  readonly ensureRun: EnsureRun;
}

/** Starts the viewer's server and opens a browser if asked to. The returned address shows the run. */
export async function serveViewer(options: ServeViewerOptions): Promise<ViewerServer> {
  const { runsRoot, id } = locateRun(options.runsRoot, options.run);
  const server = await startViewer(runsRoot, options.port);
  try {
    const url = await showRun(server, id ?? (await options.ensureRun(runsRoot)), options.open);
    return { ...server, url };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Starts the viewer's server, before any long work: a port that is in use must not cost the user the time. */
export function startViewer(runsRoot: string, port: number): Promise<ViewerServer> {
  checkCount("port", port, 0, 65535);
  return startViewerServer({ runsRoot, pageRoot: builtPage(), port });
}

export function builtPage(): string {
  return join(packageRoot(), "dist/viewer-page");
}

/** Returns the address of a run's page, and shows it in the default browser if asked to. */
export async function showRun({ url }: ViewerServer, id: string, openIt: boolean): Promise<string> {
  const page = `${url}#${new URLSearchParams({ run: id })}`;
  if (openIt && hasScreen()) await openBrowser(page);
  return page;
}

/** The run of that name or folder; of no name the newest, or none where there is none. */
export function locateRun(runsRoot: string, run: string | undefined): { runsRoot: string; id: string | undefined } {
  if (run === undefined) return { runsRoot, id: listRuns(runsRoot)[0]?.id };
  if (findRun(runsRoot, run)) return { runsRoot, id: run };
  const folder = existsSync(run) ? realpathSync(run) : resolve(run); // a link to a run elsewhere may be named here
  if (findRun(dirname(folder), basename(folder))) return { runsRoot: dirname(folder), id: basename(folder) };
  const names = listRuns(runsRoot).map(({ id }) => id);
  const known = names.length > 0 ? `; ${runsRoot} has ${names.slice(0, 5).join(", ")}` : "";
  throw new InputError(`there is no run '${run}'${existsSync(runsRoot) ? known : `, and no folder ${runsRoot}`}`);
}

/** A browser opened from a pipe or over SSH would be a surprise at best. */
function hasScreen(): boolean {
  if (!process.stdout.isTTY) return false;
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** The address is printed anyway, so a browser that does not start is no error. */
async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url);
    child.on("error", () => undefined);
  } catch {
    return;
  }
}

export function waitForInterrupt(): Promise<void> {
  return new Promise((done) => {
    process.once("SIGINT", done);
    process.once("SIGTERM", done);
  });
}
