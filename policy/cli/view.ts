import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import open from "open";
import type { CommandModule } from "yargs";
import { InputError } from "../../sim/errors.js";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import { findRun, listRuns } from "../../viewer/server-runs.js";
import { checkCount } from "./flags.js";
import { packageRoot } from "./package-root.js";
import { checkFree, writeStaticViewer } from "./static-viewer.js";

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

interface ViewArguments {
  run?: string | undefined;
  runs: string;
  port: number;
  open: boolean;
  build?: string | undefined;
  force: boolean;
  json: boolean;
}

/** `gaitway view [run]`: serves the viewer until Ctrl-C. */
export function viewCommand(ensureRun: EnsureRun): CommandModule<object, ViewArguments> {
  return {
    command: "view [run]",
    describe: "Watch a run in the browser: its episodes in 3D, gait diagram, charts, and its training as it goes on",
    builder: (yargs) =>
      yargs
        .positional("run", { type: "string", describe: "Run to show first: its name or folder (default: the newest)" })
        .option("runs", { type: "string", default: "runs", requiresArg: true, describe: "Folder of the runs" })
        .option("port", {
          type: "number",
          default: DEFAULT_VIEWER_PORT,
          requiresArg: true,
          describe: "Port on 127.0.0.1; 0 picks a free one",
        })
        .option("open", { type: "boolean", default: true, describe: "Open the default browser; --no-open: do not" })
        .option("build", {
          type: "string",
          requiresArg: true,
          describe: "Instead of serving: write the viewer with the run into a folder, for any web server",
        })
        .option("force", { type: "boolean", default: false, describe: "--build into a folder that is not empty" })
        .option("json", { type: "boolean", default: false, describe: "Print the address, or what was built, as JSON" })
        .example("$0 view", "The newest run; without any, episodes of the pre-trained policy are recorded first")
        .example("$0 view runs/my-trot", "A certain run")
        .example("$0 view runs/my-trot --build site", "A folder to put on a web server")
        .example("$0 view --port 9000", "Over SSH: after `ssh -L 9000:127.0.0.1:9000 host`, open its address here"),
    handler: async ({ run, runs, port, open, build, force, json }) => {
      if (build !== undefined) return buildViewer({ runsRoot: runs, run, ensureRun, folder: build, force, json });
      const viewer = await serveViewer({ runsRoot: runs, run, port, open, ensureRun });
      const told = json ? JSON.stringify({ viewer: viewer.url }) : `Viewer: ${viewer.url}\nCtrl-C stops it.`;
      process.stdout.write(`${told}\n`);
      await waitForInterrupt();
      await viewer.close();
    },
  };
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

function builtPage(): string {
  return join(packageRoot(), "dist/viewer-page");
}

interface BuildViewerOptions extends Pick<ServeViewerOptions, "runsRoot" | "run" | "ensureRun"> {
  readonly folder: string;
  readonly force: boolean;
  readonly json: boolean;
}

async function buildViewer({ folder, force, json, ensureRun, ...wanted }: BuildViewerOptions): Promise<void> {
  checkFree(folder, force);
  const { runsRoot, id } = locateRun(wanted.runsRoot, wanted.run);
  const run = id ?? (await ensureRun(runsRoot));
  writeStaticViewer(folder, builtPage(), runsRoot, run);
  const told = json
    ? JSON.stringify({ out: folder, run })
    : `Wrote ${folder}: the viewer with run ${run}. Put it on any web server.`;
  process.stdout.write(`${told}\n`);
}

/** Returns the address of a run's page, and shows it in the default browser if asked to. */
export async function showRun({ url }: ViewerServer, id: string, openIt: boolean): Promise<string> {
  const page = `${url}#${new URLSearchParams({ run: id })}`;
  if (openIt && hasScreen()) await openBrowser(page);
  return page;
}

/** The run of that name or folder; of no name the newest, or none where there is none. */
function locateRun(runsRoot: string, run: string | undefined): { runsRoot: string; id: string | undefined } {
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
