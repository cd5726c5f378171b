import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSweepFile, planSweep } from "../policy/cli/sweep/plan.js";
import { parseTrainConfig } from "../policy/config/parse.js";
import { parseTuning } from "../sim/robot/tuning.js";

const root = new URL("../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const MAX_PICTURE_BYTES = 400_000;

/** Contents of the README's code blocks in a language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, text]) => text);
}

/** Contents of the only one. */
function block(language: string): string {
  expect(blocks(language)).toHaveLength(1);
  return blocks(language)[0];
}

describe("README", () => {
  it("has a config file and a sidecar that are accepted", () => {
    expect(parseTrainConfig(parse(block("yaml")), "README.md")).toMatchObject({ seed: 3, numEnvs: 512, workers: 4 });
    expect(parseTuning(JSON.parse(block("json")), "README.md")).toMatchObject({ footLinks: expect.any(Array) });
  });

  it("has sweeps that are accepted", () => {
    const sweeps = blocks("yml").map((text) => planSweep(parseSweepFile(parse(text), "README.md"), "README.md"));
    expect(sweeps.map((settings) => settings.length)).toEqual([4, 20]);
  });

  it("exports to a folder of its own each time, and takes policies from those with ONNX", () => {
    const commands = blocks("sh").flatMap((text) => [...text.matchAll(/^gaitway (\w+) ([^#\n]*)/gm)]);
    const argumentsOf = (name: string) => commands.filter(([, command]) => command === name).map(([, , args]) => args);
    const exports = argumentsOf("export").map((args) => ({
      folder: /--out (\S+)/.exec(args)![1],
      formats: /--format (\S+)/.exec(args)?.[1] ?? "onnx",
    }));
    expect(exports.length).toBeGreaterThan(1);
    expect(new Set(exports.map(({ folder }) => folder)).size).toBe(exports.length);
    const withOnnx = exports.filter(({ formats }) => formats.split(",").includes("onnx")).map(({ folder }) => folder);
    const taken = [...argumentsOf("import"), ...argumentsOf("sim2sim")].map((args) => args.split(" ")[0]);
    for (const folder of taken.filter((name) => !name.endsWith(".json"))) expect(withOnnx).toContain(folder);
  });

  it("names files that are there", () => {
    const links = [...readme.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, path]) => path);
    const mentioned = [...readme.matchAll(/`((?:\w+\/)+[\w.-]+\.ts)`/g)].map(([, path]) => path);
    expect(links).toContain("viewer/screenshots/replay.png");
    for (const path of [...links, ...mentioned]) expect(statSync(new URL(path, root)).isFile()).toBe(true);
    for (const path of links.filter((path) => path.endsWith(".png"))) {
      expect(statSync(new URL(path, root)).size).toBeLessThan(MAX_PICTURE_BYTES);
    }
  });
});
