/** What the READMEs say: their links, the files and commands that they name, their examples, and how long they are. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSweepFile, planSweep } from "../policy/cli/sweep/plan.js";
import { parseTrainConfig } from "../policy/config/parse.js";
import { parseTuning } from "../sim/robot/tuning.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAX_PICTURE_BYTES = 400_000;
const MAX_README_BYTES = 8192;
const MAX_LINE = 120;

const FOLDERS = ["gaits", "policy", "sim", "test", "viewer"];
const FILES = ["README.md", ...FOLDERS.flatMap(readmesUnder)];
const TEXTS = new Map(FILES.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));

function readmesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith("README.md") && !file.includes("node_modules"));
}

/** Contents of all READMEs' code blocks in a language. */
function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms");
  return [...TEXTS.values()].flatMap((text) => [...text.matchAll(pattern)].map(([, block]) => block));
}

/** Contents of the only one. */
function block(language: string): string {
  expect(blocks(language)).toHaveLength(1);
  return blocks(language)[0];
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```$/gms, "");
}

/** Links of a README that lead to files, to a heading, or to both. */
function links(text: string): { path: string; anchor: string | undefined }[] {
  const targets = [...withoutCode(text).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target.split("#"));
  return targets.map(([path, anchor]) => ({ path, anchor }));
}

/** Headings' anchors, as GitHub makes them. */
function anchors(text: string): string[] {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-"));
}

/** `gaitway <command> <arguments>` of the examples, lines that go on joined. */
function commandLines(): { command: string; args: string }[] {
  const text = blocks("sh").join("\n").replace(/\\\n/g, " ");
  return [...text.matchAll(/^gaitway ([\w-]+)([^#\n]*)/gm)].map(([, command, args]) => ({
    command,
    args: args.trim(),
  }));
}

describe("READMEs' anchors", () => {
  it("are GitHub's", () => {
    const text = "# What a step's CPU, costs\n```sh\n# no heading\n```\n## E1: `a_b` and e-f\n";
    expect(anchors(text)).toEqual(["what-a-steps-cpu-costs", "e1-a_b-and-e-f"]);
  });
});

describe("README", () => {
  const readme = TEXTS.get("README.md")!;

  it("is short", () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(MAX_README_BYTES);
  });

  it("leads to all others", () => {
    const found = new Set(links(readme).map(({ path }) => path));
    const others = FILES.filter((file) => file !== "README.md" && !file.startsWith("test/examples/"));
    for (const file of others) expect(found).toContain(file);
  });

  it("has a line for each command", () => {
    const files = readdirSync(join(ROOT, "policy/cli/commands")).map((file) => file.replace(/\.ts$/, ""));
    const commands = files.filter((name) => name !== "quickstart");
    const named = [...readme.matchAll(/^\| `gaitway ([\w-]+)/gm)].map(([, name]) => name);
    for (const command of commands) expect(named).toContain(command);
    expect(readme).toMatch(/^\| `gaitway` /m);
  });
});

describe("READMEs' examples", () => {
  it("have a config file and a sidecar that are accepted", () => {
    expect(parseTrainConfig(parse(block("yaml")), "README.md")).toMatchObject({ seed: 3, numEnvs: 512, workers: 4 });
    expect(parseTuning(JSON.parse(block("json")), "README.md")).toMatchObject({ footLinks: expect.any(Array) });
  });

  it("have sweeps that are accepted", () => {
    const sweeps = blocks("yml").map((text) => planSweep(parseSweepFile(parse(text), "README.md"), "README.md"));
    expect(sweeps.map((settings) => settings.length)).toEqual([4, 20]);
  });

  it("name commands that there are", () => {
    const commands = commandLines();
    expect(commands.length).toBeGreaterThan(20);
    for (const { command } of commands)
      expect(existsSync(join(ROOT, "policy/cli/commands", `${command}.ts`))).toBe(true);
  });

  it("export to a folder of its own each time, and take policies from those with ONNX", () => {
    const argumentsOf = (name: string) =>
      commandLines().flatMap(({ command, args }) => (command === name ? [args] : []));
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
});

describe.each(FILES)("%s", (file) => {
  const text = TEXTS.get(file)!;
  const folder = dirname(file);

  it("has lines that fit", () => {
    const prose = withoutCode(text).split("\n");
    const mayBeLong = (line: string) => line.startsWith("|") || /^!?\[[^\]]*\]\([^)]*\)\S?$/.test(line);
    expect(prose.filter((line) => [...line].length > MAX_LINE && !mayBeLong(line))).toEqual([]);
  });

  it("links to files and headings that are there", () => {
    for (const { path, anchor } of links(text)) {
      const target = path === "" ? file : join(folder, path);
      expect(existsSync(join(ROOT, target)), `${file}: ${path}`).toBe(true);
      if (anchor !== undefined) expect(anchors(readFileSync(join(ROOT, target), "utf8")), path).toContain(anchor);
      if (target.endsWith(".png")) expect(statSync(join(ROOT, target)).size).toBeLessThan(MAX_PICTURE_BYTES);
    }
  });

  it("names files that are there, from its folder or from the root", () => {
    const mentioned = [...withoutCode(text).matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.ts|(?:[\w.-]+\/)+)`/g)];
    const isThere = (path: string) => [folder, "."].some((from) => existsSync(join(ROOT, from, path)));
    // Profiles make the folder `flames/`.
    expect(mentioned.map(([, path]) => path).filter((path) => !isThere(path) && path !== "flames/")).toEqual([]);
  });
});
