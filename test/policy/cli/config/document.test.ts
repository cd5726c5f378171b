import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configJsonSchema, configYaml } from "../../../../policy/cli/config/document.js";
import { parseTrainConfig } from "../../../../policy/config/parse.js";
import { trot } from "../../../../policy/config/tasks.js";

const DEFAULTS = parseTrainConfig({}, "defaults");
const changed = parseTrainConfig({ seed: 9, env: { command: { vxMPerS: [0, 1] } } }, "changed");

function lineOf(field: string): string {
  const line = configYaml(changed)
    .split("\n")
    .find((text) => text.trim().startsWith(`${field}:`));
  if (line === undefined) throw new Error(`no ${field}`);
  return line;
}

describe("a config as YAML", () => {
  it("is read back as the config that it was", () => {
    const awkward = parseTrainConfig({ robot: "robots # old/a: 'b'.urdf" }, "awkward");
    for (const config of [DEFAULTS, changed, awkward]) {
      expect(parseTrainConfig(parse(configYaml(config)), "again")).toEqual(config);
    }
  });

  it("says behind each field what it means and what it may be", () => {
    expect(lineOf("seed")).toMatch(/^seed: 9 +# 0\.\.4294967295$/);
    expect(lineOf("vxMPerS")).toMatch(/^ {4}vxMPerS: \[0, 1\] +# m\/s forward; \[low, high\], each -3\.\.4$/);
    expect(lineOf("episodeS")).toMatch(/# s; > 0, <= 120$/);
    expect(lineOf("kind")).toMatch(/^ {4}kind: patchy +# .*; one of flat, rough, patchy, .*, mixed$/);
    expect(lineOf("physics")).toMatch(/^ {2}physics: +# Rapier$/);
  });

  it("explains nearly all fields: what stands alone explains itself", () => {
    const bare = configYaml(DEFAULTS)
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes("#"));
    expect(bare).toEqual(["network:"]);
  });
});

describe("the JSON Schema of a config", () => {
  const schema = configJsonSchema(trot) as {
    additionalProperties: boolean;
    required?: string[];
    properties: Record<string, { minimum?: number; maximum?: number; default?: unknown }>;
  };

  it("has every field of a config, optional, and allows no others", () => {
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(DEFAULTS).sort());
    expect(schema.required).toBeUndefined();
    expect(schema.additionalProperties).toBe(false);
  });

  it("has ranges and defaults", () => {
    expect(schema.properties.numEnvs).toMatchObject({ minimum: 1, maximum: 65536, default: DEFAULTS.numEnvs });
  });
});
