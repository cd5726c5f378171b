/** The policies that come along, by their names, from an empty folder. */

import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Workspace, waitUntil } from "../support/command-line.js";

const workspace = new Workspace();
afterAll(() => workspace.remove());

describe("a shipped policy's name works from an empty folder:", () => {
  it("gaitway eval", async () => {
    const { code, stdout } = await workspace.run(
      ...["eval", "locomotion", "--trials", "8", "--seconds", "1.5", "--terrain", "flat", "--json"],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).trials).toBe(8);
  });

  it.each([
    ["trot", "policy.onnx"],
    ["gait-selection", "selector.onnx"],
  ])("gaitway export %s, to ONNX, within the tolerance", async (name, file) => {
    const { code, stdout } = await workspace.run("export", name, "--out", `of-${name}`, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).files).toContain(`onnx/${file}`);
    expect(readFileSync(workspace.path(`of-${name}`, "README.md"), "utf8")).toContain(name);
  });

  it("gaitway view opens live mode with it", async () => {
    const viewing = workspace.start("view", "gait-selection", "--port", "0", "--no-open", "--json");
    let stdout = "";
    viewing.child.stdout!.on("data", (part) => {
      stdout += part;
    });
    await waitUntil(() => stdout.includes("\n"), viewing);
    viewing.child.kill("SIGINT");
    expect(JSON.parse(stdout).viewer).toMatch(/#live&controller=gait-selection$/);
    expect(await viewing.finished).toMatchObject({ code: 0 });
    expect(existsSync(workspace.path("runs"))).toBe(false);
  });

  it("gaitway view --build asks for a run", async () => {
    const { code, stderr } = await workspace.run("view", "trot", "--build", "site");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "gaitway: --build: got the policy trot, expected a run, whose episodes it shows\n",
    });
  });

  it("gaitway experiment", async () => {
    const args = ["experiment", "standing", "--policies", "locomotion", "--trials", "1", "--out", "report", "--json"];
    const { code, stdout } = await workspace.run(...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).results[0].policy).toBe("locomotion");
  });

  it("gaitway train --locomotion, where runs may be named, too", async () => {
    const args = ["train", "--task", "gait-selection", "--envs", "2", "--workers", "1", "--iterations", "1"];
    const small = ["--set", "ppo.horizon=2", "--set", "ppo.minibatches=1", "--name", "selecting"];
    expect(await workspace.run(...args, ...small, "--locomotion", "gait-selection")).toMatchObject({ code: 0 });
    const again = await workspace.run(...args, ...small.slice(0, -1), "more", "--locomotion", "selecting");
    expect(again).toMatchObject({ code: 0 });
    expect(readFileSync(workspace.path("runs/more/config.yaml"), "utf8")).toMatch(/^locomotion: selecting /m);
  });
});
