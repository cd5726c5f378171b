import type { CommandModule } from "yargs";
import { InputError } from "../../../sim/errors.js";
import { SHIPPED_POLICIES } from "../run-folder/policy-source.js";
import { JSON_OPTION, RUNS_OPTION, VIEWER_OPTIONS } from "../terminal/options.js";
import type { EnsureRun, ServeViewerOptions } from "../viewer/serve.js";
import { builtPage, locateShown, serveViewer, waitForInterrupt } from "../viewer/serve.js";
import { checkFree, writeStaticViewer } from "../viewer/static-viewer.js";

interface ViewArguments {
  run?: string | undefined;
  runs: string;
  port: number;
  open: boolean;
  build?: string | undefined;
  force: boolean;
  json: boolean;
}

const VIEW_HELP = `A run's folder, else its name; or ${SHIPPED_POLICIES.join(", ")}, to drive live`;

/** `gaitway view [run]`: serves the viewer until Ctrl-C. */
export function viewCommand(ensureRun: EnsureRun): CommandModule<object, ViewArguments> {
  return {
    command: "view [run]",
    describe: "Watch a run in the browser: its episodes in 3D, gait diagram, charts, and its training as it goes on",
    builder: (yargs) =>
      yargs
        .positional("run", { type: "string", describe: `${VIEW_HELP} [default: the newest run]` })
        .options(RUNS_OPTION)
        .options(VIEWER_OPTIONS)
        .option("build", {
          type: "string",
          requiresArg: true,
          describe: "Instead of serving: write the viewer with the run into a folder, for any web server",
        })
        .option("force", { type: "boolean", default: false, describe: "--build into a folder that is not empty" })
        .options(JSON_OPTION)
        .example("$0 view", "The newest run; without any, episodes of the pre-trained policy are recorded first")
        .example("$0 view runs/my-trot", "A certain run")
        .example("$0 view gait-selection", "A policy that comes along, to drive in the page")
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

interface BuildViewerOptions extends Pick<ServeViewerOptions, "runsRoot" | "run" | "ensureRun"> {
  readonly folder: string;
  readonly force: boolean;
  readonly json: boolean;
}

async function buildViewer({ folder, force, json, ensureRun, ...wanted }: BuildViewerOptions): Promise<void> {
  checkFree(folder, force);
  const { runsRoot, id, policy } = locateShown(wanted.runsRoot, wanted.run);
  if (policy !== undefined)
    throw new InputError(`--build: got the policy ${policy}, expected a run, whose episodes it shows`);
  const run = id ?? (await ensureRun(runsRoot));
  writeStaticViewer(folder, builtPage(), runsRoot, run);
  const told = json
    ? JSON.stringify({ out: folder, run })
    : `Wrote ${folder}: the viewer with run ${run}. Put it on any web server.`;
  process.stdout.write(`${told}\n`);
}
