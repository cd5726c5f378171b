import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import yargs from "yargs";
import { viewCommand } from "../../policy/cli/commands/view.js";
import { locateShown, serveViewer } from "../../policy/cli/viewer/serve.js";
import { InputError } from "../../sim/errors.js";
import { isLiveLink, parseLiveLink } from "../../viewer/live/live-link.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-view-"));
const runsRoot = join(folder, "runs");
const asked: string[] = [];

/** Stands for recording episodes of the pre-trained policy. */
async function ensureRun(root: string): Promise<string> {
  asked.push(root);
  return writeSyntheticRun(root, "recorded", {}).id;
}

afterAll(() => rmSync(folder, { recursive: true }));

function serve(options: { run?: string; port?: number }) {
  return serveViewer({ runsRoot, port: 0, open: false, ensureRun, ...options });
}

describe("gaitway view", () => {
  // Serves dist/viewer-page, which `npm test` has built before.
  it("records a run where there is none, then shows the newest", async () => {
    const first = await serve({});
    await first.close();
    expect(asked).toEqual([runsRoot]);
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#run=recorded$/);
    writeSyntheticRun(runsRoot, "newer", {});
    const second = await serve({});
    await second.close();
    expect(asked).toHaveLength(1);
    expect(second.url).toMatch(/#run=newer$/);
  });

  it("finds a run by its name and by its folder", async () => {
    for (const run of ["recorded", join(runsRoot, "recorded")]) {
      const viewer = await serve({ run });
      await viewer.close();
      expect(viewer.url).toMatch(/#run=recorded$/);
    }
  });

  it("finds the policies that come along, to drive live, unless a run has the name", async () => {
    const viewer = await serve({ run: "gait-selection" });
    await viewer.close();
    const [page, hash] = viewer.url.split("#");
    expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(isLiveLink(hash)).toBe(true);
    expect(parseLiveLink(hash).controller).toBe("gait-selection");
    writeSyntheticRun(join(folder, "others"), "gait-selection", {});
    expect(locateShown(join(folder, "others"), "gait-selection").id).toBe("gait-selection");
  });

  it("names the runs there are when asked for another", async () => {
    const wrong = serve({ run: "typo" });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.toThrow(
      `there is no run 'typo'; ${runsRoot} has newer, recorded; expected a run, or one of trot, locomotion, gait-selection`,
    );
  });

  it.each([-1, 70000, 1.5, Number.NaN])("refuses port %d", async (port) => {
    await expect(serve({ port })).rejects.toThrow(`--port: got ${port}, expected a whole number 0..65535`);
  });

  it("explains itself", async () => {
    const help = await yargs().scriptName("gaitway").command(viewCommand(ensureRun)).getHelp();
    expect(help).toContain("gaitway view [run]");
    const viewHelp = await new Promise<string>((done) => {
      yargs()
        .scriptName("gaitway")
        .command(viewCommand(ensureRun))
        .parse("view --help", (_error: unknown, _argv: unknown, text: string) => done(text));
    });
    for (const option of ["--runs", "--port", "--open", "Examples:"]) expect(viewHelp).toContain(option);
  });
});
