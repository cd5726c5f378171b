import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { a1Urdf } from "../support/a1.js";
import type { CommandResult } from "../support/command-line.js";
import { Fuzzer } from "../support/fuzz.js";
import { SmallRuns } from "../support/small-runs.js";
import { encodeWalk, type SyntheticEpisode, writeSyntheticRun } from "../support/synthetic-run.js";

const CASES = 4;
const WALK: SyntheticEpisode = {
  ...{ label: "walk", gait: "trot", numFrames: 11, speedMPerS: 0.5 },
  controller: "policy",
  terrain: { kind: "flat", level: 0, seed: 0 },
};
const runs = new SmallRuns(1);
const fuzzer = new Fuzzer(5);

beforeAll(async () => {
  mkdirSync(runs.path("input"));
  expect(await runs.train("good", 2).finished).toMatchObject({ code: 0 });
  const config = readFileSync(runs.path("small.yaml"), "utf8");
  const checkpoint = readFileSync(runs.path("runs", "good", "best.ckpt"));
  const episode = encodeWalk(WALK);
  const walks = writeSyntheticRun(runs.path("runs"), "walks", {});
  for (let i = 0; i < CASES; i++) {
    runs.write(`input/${i}.yaml`, fuzzer.text(config));
    runs.write(`input/${i}.urdf`, fuzzer.text(a1Urdf));
    runs.write(`input/${i}.ckpt`, fuzzer.container(checkpoint));
    walks.writeEpisode(`${i}`, i % 2 === 0 ? fuzzer.container(episode) : fuzzer.bytes(episode));
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

/** All files of the workspace but those that the command is to write. */
function othersThan(output: string): ReadonlyMap<string, string> {
  return new Map([...runs.snapshot()].filter(([path]) => !path.startsWith(runs.path(output))));
}

describe("fuzzed files on the command line", () => {
  const cases = Array.from({ length: CASES }, (_, i) => {
    const once = ["--iterations", "1", "--name"];
    return [
      ["config", `runs/config-${i}`, "train", "--config", `input/${i}.yaml`, ...once, `config-${i}`],
      [
        ...["URDF", `runs/urdf-${i}`, "train", "--config", "small.yaml", "--robot", `input/${i}.urdf`],
        ...[...once, `urdf-${i}`],
      ],
      ["checkpoint to score", "nothing", "eval", `input/${i}.ckpt`, "--trials", "1", "--seconds", "1.5"],
      ["checkpoint to resume from", `runs/torn-${i}`, "train", "--resume", `runs/torn-${i}`, "--iterations", "3"],
      ["episode", `${i}.mcap`, "export-log", `runs/walks/episodes/${i}.episode`],
    ] as [string, string, ...string[]][];
  }).flat();

  it.each(cases)(
    "%s, into %s: work or are refused in one line, and touch nothing but what they write",
    async (_what, output, ...args) => {
      const before = othersThan(output);
      expectClear(await runs.run(...args));
      expect(othersThan(output)).toEqual(before);
      expect(existsSync(join(tmpdir(), "gaitway-escaped"))).toBe(false);
    },
  );
});

it("a config of more robots than there is memory for is refused in one line", async () => {
  const size = ["--envs", "65536", "--workers", "1", "--set", "ppo.horizon=1024"];
  const { code, stderr } = await runs.run("train", ...size, "--iterations", "1", "--name", "huge");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gaitway: numEnvs: got 65536 at a ppo\.horizon of 1024, more than there is memory for: .+$/m);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(runs.runs()).not.toContain("huge");
});
