import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseTrainConfig } from "../policy/config.js";
import { parseTuning } from "../sim/robot-tuning.js";

const root = new URL("../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const MAX_PICTURE_BYTES = 400_000;

/** Contents of the README's only code block in a language. */
function block(language: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))];
  expect(blocks).toHaveLength(1);
  return blocks[0][1];
}

describe("README", () => {
  it("has a config file and a sidecar that are accepted", () => {
    expect(parseTrainConfig(parse(block("yaml")), "README.md")).toMatchObject({ seed: 3, numEnvs: 512, workers: 4 });
    expect(parseTuning(JSON.parse(block("json")), "README.md")).toMatchObject({ footLinks: expect.any(Array) });
  });

  it("names files that are there", () => {
    const links = [...readme.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, path]) => path);
    const mentioned = [...readme.matchAll(/`((?:\w+\/)+[\w.-]+\.ts)`/g)].map(([, path]) => path);
    expect(links).toContain("viewer/screenshots/replay.png");
    for (const path of [...links, ...mentioned]) expect(statSync(new URL(path, root)).isFile()).toBe(true);
    expect(statSync(new URL("viewer/screenshots/replay.png", root)).size).toBeLessThan(MAX_PICTURE_BYTES);
  });
});
