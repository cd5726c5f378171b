import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GAITS } from "../../gaits/library.js";
import { packageVersion } from "../../policy/cli/files/package-root.js";
import { Workspace } from "../support/command-line.js";

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  quickstart: ["minutes", "trials", "seed", "port", "view", "open", "runs", "json"],
  train: [
    ...[
      "config",
      "task",
      "robot",
      "envs",
      "workers",
      "seed",
      "backend",
      "minutes",
      "iterations",
      "from",
      "resume",
      "name",
    ],
    ...["runs", "json", "set", "locomotion"],
  ],
  inspect: ["robots", "seconds", "seed", "runs", "json"],
  sweep: ["resume", "name", "runs", "json"],
  runs: ["runs", "sort", "json"],
  compare: ["metric", "out", "runs", "json"],
  config: ["config", "task", "set", "schema", "json"],
  eval: ["terrain", "level", "trials", "seconds", "seed", "max-vx", "runs", "gait", "json"],
  experiment: ["runs", "policies", "trials", "seed", "workers", "out", "json"],
  sim2sim: ["runs", "contact", "repeats", "seed", "workers", "json"],
  distill: ["runs", "out", "history", "rounds", "seed", "force", "json"],
  view: ["runs", "port", "open", "build", "force", "json"],
  render: ["out", "size", "seconds", "runs", "json"],
  average: ["runs", "from", "out", "force", "json"],
  export: ["runs", "format", "out", "student", "force", "json"],
  import: ["out", "json"],
  "export-log": ["out", "runs", "json"],
  gaits: ["gait", "json"],
  bench: ["task", "envs", "workers", "repeats", "iterations", "scaling", "profile", "json"],
};

const workspace = new Workspace();
afterAll(() => workspace.remove());

/** Names of the options in a help text, and those without a description. */
function optionsIn(help: string): { all: string[]; bare: string[] } {
  const section = /^Options:\n(.*?)\n\n/ms.exec(help)![1];
  const lines = [...section.matchAll(/^ +--([\w-]+)(.*)$/gm)].filter(([, name]) => !["help", "version"].includes(name));
  const bare = lines.filter(([, , rest]) => !/^ +[^\s[]/.test(rest));
  return { all: lines.map(([, name]) => name).sort(), bare: bare.map(([, name]) => name) };
}

describe("gaitway --help", () => {
  let help: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await workspace.run("--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    help = stdout;
  });

  it("names the commands", () => {
    for (const command of Object.keys(OPTIONS)) expect(help).toMatch(new RegExp(`^  gaitway ${command}\\b`, "m"));
  });

  it("every command explains its options, and gives examples", async () => {
    const commands = [...help.matchAll(/^ {2}gaitway ([\w-]+).*? {2}/gm)].map(([, command]) => command);
    expect(commands).toEqual(expect.arrayContaining(Object.keys(OPTIONS)));
    for (const command of commands) {
      const { code, stdout } = await workspace.run(command, "--help");
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Examples:\n {2}\S/m);
      expect(stdout.split("\n").filter((line) => line.length > 110)).toEqual([]);
      const { all, bare } = optionsIn(stdout);
      expect(bare).toEqual([]);
      if (OPTIONS[command]) expect(all).toEqual(["log-level", ...OPTIONS[command]].sort());
    }
  });

  it("tells a task's own defaults of training, or those of trot, and says whose", async () => {
    const trot = (await workspace.run("train", "--help")).stdout.replace(/\s+/g, " ");
    expect(trot).toContain("defaults here are those of trot [default: trot]");
    expect(trot).toContain("--envs Robots in all threads together [default: 256]");
    const other = (await workspace.run("train", "--task", "locomotion", "--help")).stdout.replace(/\s+/g, " ");
    expect(other).toContain("defaults here are those of locomotion [default: trot]");
    expect(other).toContain("--envs Robots in all threads together [default: 1024]");
    workspace.write("many.yaml", "task: gait-selection\nseed: 5\n");
    const selecting = (await workspace.run("bench", "--task", "gait-selection", "--help")).stdout.replace(/\s+/g, " ");
    expect(selecting).toContain("--envs Robots in all threads together [default: 128]");
    const config = (await workspace.run("train", "--config", "many.yaml", "--help")).stdout.replace(/\s+/g, " ");
    expect(config).toContain("--seed Same seed and threads: same weights [default: 5]");
  });

  it("tells the version", async () => {
    expect(await workspace.run("--version")).toEqual({ code: 0, stdout: `${packageVersion()}\n`, stderr: "" });
  });
});

it("gaitway gaits --json prints the whole library as one document", async () => {
  const { code, stdout, stderr } = await workspace.run("gaits", "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout).map(({ id }: { id: string }) => id)).toEqual(GAITS.map(({ id }) => id));
});
