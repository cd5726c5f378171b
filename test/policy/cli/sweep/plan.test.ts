import { describe, expect, it } from "vitest";
import { parseSweepFile, planSweep } from "../../../../policy/cli/sweep/plan.js";
import { InputError } from "../../../../sim/errors.js";

const plan = (input: unknown) => planSweep(parseSweepFile(input, "s.yaml"), "s.yaml");

describe("planSweep", () => {
  it("makes every combination of a grid, with every seed", () => {
    const settings = plan({
      config: { numEnvs: 64, ppo: { clip: 0.1 } },
      seeds: [7, 9],
      grid: { "ppo.epochs": [2, 3], "env.command.vxMPerS": [[0, 1]] },
    });
    expect(settings.map(({ fields }) => fields)).toEqual([
      { "ppo.epochs": 2, "env.command.vxMPerS": [0, 1] },
      { "ppo.epochs": 3, "env.command.vxMPerS": [0, 1] },
    ]);
    expect(settings.map(({ runs }) => runs.map(({ name }) => name))).toEqual([
      ["01-seed-7", "01-seed-9"],
      ["02-seed-7", "02-seed-9"],
    ]);
    expect(settings[1].runs[1].config).toMatchObject({
      ...{ seed: 9, numEnvs: 64, ppo: { clip: 0.1, epochs: 3 }, env: { command: { vxMPerS: [0, 1] } } },
    });
  });

  it("draws random settings from their ranges, the same again, and the same ones first of more", () => {
    const random = (samples: number) => ({
      samples,
      fields: {
        "ppo.clip": { uniform: [0.1, 0.3] },
        "ppo.learningRate": { logUniform: [1e-4, 1e-2] },
        "ppo.epochs": { integer: [2, 4] },
        "env.terrain.kind": { choice: ["flat", "rough"] },
      },
    });
    const fields = plan({ random: random(200) }).map((setting) => setting.fields as Record<string, number | string>);
    expect(plan({ random: random(20) }).map((setting) => setting.fields)).toEqual(fields.slice(0, 20));
    const column = (name: string) => fields.map((each) => each[name]);
    const clips = column("ppo.clip") as number[];
    expect(Math.min(...clips)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...clips)).toBeLessThanOrEqual(0.3);
    expect(new Set(clips).size).toBeGreaterThan(150);
    // Half of the draws below the geometric middle, 1e-3: 100, with a standard deviation of √(200/4) = 7.
    const low = (column("ppo.learningRate") as number[]).filter((rate) => rate < 1e-3).length;
    expect(Math.abs(low - 100)).toBeLessThan(28);
    expect(new Set(column("ppo.epochs"))).toEqual(new Set([2, 3, 4]));
    expect(new Set(column("env.terrain.kind"))).toEqual(new Set(["flat", "rough"]));
  });

  it("differs by seeds only where nothing is varied", () => {
    expect(plan({ seeds: [4] })).toMatchObject([{ fields: {}, runs: [{ name: "01-seed-4", seed: 4 }] }]);
  });
});

it.each([
  [{ grid: { "ppo.clip": [0.1, 7] } }, /^s\.yaml: setting 02: ppo\.clip: got 7, expected .*<=1$/],
  [{ grid: { "ppo.clap": [1] } }, /^s\.yaml: setting 01: unknown key ppo\.clap$/],
  [{ grid: { seed: [1] } }, /^s\.yaml: seed: expected in the list of seeds only$/],
  [{ config: { seed: 1 } }, /^s\.yaml: seed: expected in the list of seeds only$/],
  [{ grid: {}, random: { samples: 1, fields: {} } }, /expected either grid or random$/],
  [{ seeds: [1, 1] }, /^s\.yaml: seeds: got \[1,1\], expected each seed once$/],
  [{ minuets: 3 }, /^s\.yaml: unknown key minuets$/],
  [{ random: { samples: 1, fields: { "ppo.clip": {} } } }, /clip: got \{\}, expected one of choice, uniform, /],
  [{ random: { samples: 1, fields: { "ppo.clip": { uniform: [2, 1] } } } }, /expected \[low, high\], low first$/],
  [{ random: { samples: 1, fields: { "ppo.clip": { logUniform: [0, 1] } } } }, /logUniform\.0: got 0, expected /],
  [{ seeds: [1, 2], random: { samples: 5001, fields: {} } }, /^s\.yaml: got 10002 runs, expected at most 10000$/],
  [[1], /^s\.yaml: config: got \[1\], expected object$/],
])("says what is wrong with %j", (input, message) => {
  expect(() => plan(input)).toThrow(InputError);
  expect(() => plan(input)).toThrow(message);
});

it("refuses a grid of more runs than anybody waits for before it makes them", () => {
  const fields = Array.from({ length: 30 }, (_, i) => [`field${i}`, [1, 2]]);
  // 2^30 combinations.
  expect(() => plan({ seeds: [1], grid: Object.fromEntries(fields) })).toThrow(
    /: got 1073741824 runs, expected at most/,
  );
});
