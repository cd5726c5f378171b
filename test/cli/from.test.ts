import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBytes } from "../../policy/cli/files/read-file.js";
import { decodeCheckpoint } from "../../policy/training/checkpoint.js";
import { learnedState } from "../support/command-line.js";
import { CHECKPOINT_EVERY, ITERATIONS, SmallRuns } from "../support/small-runs.js";

const workspace = new SmallRuns(2);
const CONFIG = workspace.path("runs", "first", "config.yaml");
let trained: string;

beforeAll(async () => {
  expect((await workspace.train("first").finished).code).toBe(0);
  trained = readFileSync(CONFIG, "utf8");
});
afterAll(() => workspace.remove());

/** A new run of two iterations. */
async function trainFrom(from: string, name: string, ...args: string[]) {
  return workspace.start("train", "--from", from, ...workspace.flags(name, CHECKPOINT_EVERY), ...args).finished;
}

function checkpointOf(name: string) {
  const file = learnedState(workspace.path("runs", name)).file;
  return decodeCheckpoint(readBytes(workspace.path("runs", name, "checkpoints", file)), file);
}

describe("gaitway train --from", () => {
  it("begins a run with another's weights, on two threads the same at each time, and tells where it comes from", async () => {
    const { code, stderr } = await trainFrom("first", "second", "--seed", "5");
    expect(code).toBe(0);
    expect(stderr).not.toContain("warning");
    await trainFrom("runs/first/checkpoints/000006.ckpt", "again", "--seed", "5");
    expect(learnedState(workspace.path("runs", "again"))).toEqual(learnedState(workspace.path("runs", "second")));
    expect(learnedState(workspace.path("runs", "second"))).toMatchObject({ iteration: CHECKPOINT_EVERY });
    const [first, second] = [checkpointOf("first"), checkpointOf("second")];
    const distance = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    // Two iterations of one update each, at learning rates of 5e-4 and 1e-3; those of another seed are tenths away.
    expect(distance(second.params, first.params)).toBeLessThan(0.05);
    const { stdout } = await workspace.run("runs", "--json");
    const runs = JSON.parse(stdout) as { name: string; from: string | null }[];
    expect(Object.fromEntries(runs.map(({ name, from }) => [name, from]))).toEqual({
      first: null,
      second: "first",
      again: "runs/first/checkpoints/000006.ckpt",
    });
    expect((await workspace.run("runs")).stdout).toMatch(/│ from .*\n(.*\n)+│ second .*│ first /);
  });

  it("takes a policy's task where none is given, and names what does not fit", async () => {
    const args = [
      "--envs",
      "4",
      "--workers",
      "1",
      "--set",
      "network.actorHidden=[192, 64]",
      "--set",
      "env.command.gaits=[trot]",
    ];
    const small = ["--set", "ppo.horizon=4", "--set", "ppo.epochs=1", "--iterations", "1", "--name", "eight"];
    const { code, stderr } = await workspace.run("train", "--from", "locomotion", ...args, ...small);
    expect(code).toBe(0);
    expect(stderr.match(/^warning: .*$/gm)).toEqual([
      "warning: actor.layers.1: got 192 x 128, expected 192 x 64: starts new",
      "warning: actor.layers.2: got 128 x 12, expected 64 x 12: starts new",
    ]);
    expect(checkpointOf("eight").config.task).toBe("locomotion");
  });

  it("leaves no folder where nothing fits, or there is no policy", async () => {
    const misfit = await trainFrom("locomotion", "none", "--task", "trot");
    expect(misfit.code).toBe(1);
    expect(misfit.stderr).toMatch(/^gaitway: locomotion: none of its layers fits: actor\.layers\.0: .*\n$/);
    expect((await trainFrom("nothing", "none")).stderr).toMatch(/^gaitway: nothing: /);
    expect((await workspace.run("runs", "--json")).stdout).not.toContain('"none"');
  });
});

describe("a run whose config.yaml has changed", () => {
  it("is not resumed, and reported as it was trained", async () => {
    writeFileSync(CONFIG, trained.replace("epochs: 1 ", "epochs: 3 ").replace("clip: 0.2 ", "clip: 0.1 "));
    const { code, stderr } = await workspace.resume("first", ITERATIONS + 2).finished;
    expect(code).toBe(1);
    expect(stderr).toBe(
      "gaitway: runs/first/config.yaml: ppo.epochs: got 3, trained with 1; ppo.clip: got 0.1, trained with 0.2: " +
        "a run goes on as it began; for another config: train --from runs/first --config runs/first/config.yaml\n",
    );
    const { stdout } = await workspace.run("runs", "--json");
    const runs = JSON.parse(stdout) as { name: string; changed: Record<string, unknown> }[];
    const { changed } = runs.find(({ name }) => name === "first")!;
    expect(changed).toMatchObject({ "ppo.epochs": 1 });
    expect(changed).not.toHaveProperty(["ppo.clip"]);
    // What it says to do instead.
    const flags = ["--config", "runs/first/config.yaml", "--iterations", "2", "--name", "changed"];
    expect((await workspace.run("train", "--from", "runs/first", ...flags)).code).toBe(0);
    expect(checkpointOf("changed").config.ppo).toMatchObject({ epochs: 3, clip: 0.1 });
  });

  it("is not resumed where it is no config, and goes on where it is missing, which writes it anew", async () => {
    writeFileSync(CONFIG, "ppo: [");
    const broken = await workspace.resume("first", ITERATIONS + 2).finished;
    expect(broken.stderr).toMatch(/^gaitway: runs\/first\/config\.yaml: not YAML: .*\n$/);
    rmSync(CONFIG);
    expect((await workspace.resume("first", ITERATIONS + 2).finished).code).toBe(0);
    expect(readFileSync(CONFIG, "utf8")).toBe(trained);
  });
});
