import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { a1Urdf } from "../support/a1.js";
import type { CommandResult } from "../support/command-line.js";
import { Fuzzer } from "../support/fuzz.js";
import { SmallRuns } from "../support/small-runs.js";

const CASES = 4;
const runs = new SmallRuns(1);
const fuzzer = new Fuzzer(5);

beforeAll(async () => {
  mkdirSync(runs.path("input"));
  expect(await runs.train("good", 2).finished).toMatchObject({ code: 0 });
  const config = readFileSync(runs.path("small.yaml"), "utf8");
  const checkpoint = readFileSync(runs.path("runs", "good", "best.ckpt"));
  for (let i = 0; i < CASES; i++) {
    runs.write(`input/${i}.yaml`, fuzzer.text(config));
    runs.write(`input/${i}.urdf`, fuzzer.text(a1Urdf));
    runs.write(`input/${i}.ckpt`, fuzzer.container(checkpoint));
    cpSync(runs.path("runs", "good"), runs.path("runs", `torn-${i}`), { recursive: true });
    writeFileSync(runs.path("runs", `torn-${i}`, "checkpoints", "000002.ckpt"), fuzzer.bytes(checkpoint));
  }
});
afterAll(() => runs.remove());

/** Either it worked, or one line says why not. */
function expectClear({ code, stderr }: CommandResult): void {
  if (code === 0) return;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^gaitway: [^\n]+\n$/m) });
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe("fuzzed files on the command line", () => {
  const cases = Array.from({ length: CASES }, (_, i) => [
    ["config", "train", "--config", `input/${i}.yaml`, "--iterations", "1", "--name", `config-${i}`],
    [
      "URDF",
      "train",
      "--config",
      "small.yaml",
      "--robot",
      `input/${i}.urdf`,
      "--iterations",
      "1",
      "--name",
      `urdf-${i}`,
    ],
    ["checkpoint to score", "eval", `input/${i}.ckpt`, "--trials", "1", "--seconds", "1.5"],
    ["checkpoint to resume from", "train", "--resume", `runs/torn-${i}`, "--iterations", "3"],
  ]).flat();

  it.each(cases)(
    "%s, %s %s %s: work or are refused in one line, and touch nothing but their run",
    async (_what, ...args) => {
      const input = runs.snapshot("input");
      const good = runs.snapshot("runs/good");
      expectClear(await runs.run(...args));
      expect(runs.snapshot("input")).toEqual(input);
      expect(runs.snapshot("runs/good")).toEqual(good);
      expect(existsSync(join(tmpdir(), "gaitway-escaped"))).toBe(false);
    },
  );
});
