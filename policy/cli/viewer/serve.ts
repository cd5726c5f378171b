import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import open from "open";
import { InputError } from "../../../sim/errors.js";
import { findRun, listRuns } from "../../../viewer/server/runs.js";
import type { ViewerServer } from "../../../viewer/server/server.js";
import { startViewerServer } from "../../../viewer/server/server.js";
import { packageRoot } from "../files/package-root.js";
import { findNamed, isShipped, SHIPPED_POLICIES, type ShippedPolicy } from "../run-folder/policy-source.js";
import { checkCount } from "../terminal/flags.js";

/** Makes a run to look at where there is none: records episodes under `runsRoot`, returns the run's id. */
export type EnsureRun = (runsRoot: string) => Promise<string>;

export interface ServeViewerOptions {
  readonly runsRoot: string;
  /** What to show first: a run's folder or name, or the name of a policy that comes along; undefined: the newest run. */
  readonly run?: string | undefined;
  readonly port: number;
  /** Also show it in the default browser, if there is a screen. */
  readonly open: boolean;
  readonly ensureRun: EnsureRun;
}

/** Starts the viewer's server and opens a browser if asked to. The returned address shows the run. */
export async function serveViewer(options: ServeViewerOptions): Promise<ViewerServer> {
  const { runsRoot, id, policy } = locateShown(options.runsRoot, options.run);
  const server = await startViewer(runsRoot, options.port);
  try {
    const hash = policy === undefined ? runHash(id ?? (await options.ensureRun(runsRoot))) : liveHash(policy);
    return { ...server, url: await showPage(server, hash, options.open) };
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

/** What the page's address ends with to show a run. */
export function runHash(id: string): string {
  return `#${new URLSearchParams({ run: id })}`;
}

/** The same to drive a policy in live mode. */
function liveHash(policy: string): string {
  return `#live&${new URLSearchParams({ controller: policy })}`;
}

/** Returns the page's address with that end, and shows it in the default browser if asked to. */
export async function showPage({ url }: ViewerServer, hash: string, openIt: boolean): Promise<string> {
  const page = `${url}${hash}`;
  if (openIt && hasScreen()) await openBrowser(page);
  return page;
}

/** What a name shows, and the folder of the runs that it is shown among. */
export interface Shown {
  readonly runsRoot: string;
  /** Undefined where there is no run yet, or a policy is shown. */
  readonly id?: string | undefined;
  /** One that comes along. */
  readonly policy?: ShippedPolicy;
}

/**
 * The run at that path or of that name, or else the policy that comes along; of no name the newest run.
 * @throws InputError if there is nothing of that name
 */
export function locateShown(runsRoot: string, name: string | undefined): Shown {
  if (name === undefined) return { runsRoot, id: listRuns(runsRoot)[0]?.id };
  const path = findNamed(name, runsRoot);
  if (path === undefined && isShipped(name)) return { runsRoot, policy: name };
  const folder = path === undefined ? name : realpathSync(path); // a link to a run elsewhere may be named here
  if (findRun(dirname(folder), basename(folder))) return { runsRoot: dirname(folder), id: basename(folder) };
  const names = listRuns(runsRoot).map(({ id }) => id);
  const known = names.length > 0 ? `; ${runsRoot} has ${names.slice(0, 5).join(", ")}` : "";
  const where = existsSync(runsRoot) ? known : `, and no folder ${runsRoot}`;
  throw new InputError(`there is no run '${name}'${where}; expected a run, or one of ${SHIPPED_POLICIES.join(", ")}`);
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
