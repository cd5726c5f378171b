import { existsSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "../support/command-line.js";
import { type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";

const WALK: SyntheticEpisode = {
  ...{ label: "walk", gait: "trot", numFrames: 11, speedMPerS: 0.5 },
  controller: "policy",
  terrain: { kind: "flat", level: 0, seed: 0 },
};
const workspace = new Workspace();

beforeAll(() => {
  writeSyntheticRun(workspace.path("runs"), "walks", { "1-walk": WALK, "2-walk": WALK });
});
afterAll(() => workspace.remove());

describe("gaitway export-log", () => {
  it("tells what it wrote, with --json as one document", async () => {
    const { code, stdout } = await workspace.run("export-log", "walks");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Wrote walks\.mcap: 2 episodes, /) });
    const single = await workspace.run("export-log", "runs/walks/episodes/1-walk.episode", "--json");
    const { size } = statSync(workspace.path("1-walk.mcap"));
    expect(JSON.parse(single.stdout)).toEqual({ out: "1-walk.mcap", episodes: 1, bytes: size });
  });

  it("refuses another kind of file, and writes none", async () => {
    const { code, stderr } = await workspace.run("export-log", "walks", "--out", "walks.csv");
    expect({ code, stderr }).toEqual({
      ...{ code: 1, stderr: "gaitway: --out: got walks.csv, expected a name that ends with .mcap\n" },
    });
    expect(existsSync(workspace.path("walks.csv"))).toBe(false);
  });
});
