import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Workspace } from "../support/command-line.js";

const workspace = new Workspace();
afterAll(() => workspace.remove());

describe("gaitway config", () => {
  it("prints a config that training accepts, with single settings over a file's over the defaults", async () => {
    workspace.write("own.yaml", "seed: 5\nppo: { epochs: 2, clip: 0.1 }\n");
    const first = await workspace.run(
      "config",
      "--config",
      "own.yaml",
      "--set",
      "ppo.epochs=4",
      "--set",
      "env.episodeS=7",
    );
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const config = parse(first.stdout);
    expect(config).toMatchObject({ seed: 5, ppo: { epochs: 4, clip: 0.1, discount: 0.99 }, env: { episodeS: 7 } });
    workspace.write("printed.yaml", first.stdout);
    const second = await workspace.run("config", "--config", "printed.yaml", "--json");
    expect(JSON.parse(second.stdout)).toEqual(config);
  });

  it("prints a task's own defaults, each with what it is", async () => {
    const { code, stdout, stderr } = await workspace.run("config", "--task", "locomotion");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { task, env } = parse(stdout);
    expect([task, env.command.gaits.length, env.command.curriculum]).toEqual(["locomotion", 8, true]);
    expect(env.control.estimator).toBe("learned");
    expect(stdout).toMatch(/^ +curriculum: true +# \S.+$/m);
    workspace.write("locomotion.yaml", stdout);
    const again = await workspace.run("config", "--config", "locomotion.yaml");
    expect(again.stdout).toBe(stdout);
  });

  it("prints the JSON Schema of config files", async () => {
    const { code, stdout } = await workspace.run("config", "--schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).properties.ppo.properties.clip).toMatchObject({ exclusiveMinimum: 0, maximum: 1 });
  });
});

it("gaitway train --set trains with the setting, and the run's config says so", async () => {
  const small = ["numEnvs=2", "workers=1", "ppo.horizon=4", "network.actorHidden=[8]", "network.criticHidden=[8]"];
  const settings = [...small, "env.terrain.kind=flat"].flatMap((setting) => ["--set", setting]);
  const { code } = await workspace.run("train", "--iterations", "1", "--name", "one", ...settings);
  expect(code).toBe(0);
  const { stdout } = await workspace.run("config", "--config", "runs/one/config.yaml", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ numEnvs: 2, ppo: { horizon: 4 }, env: { terrain: { kind: "flat" } } });
});
