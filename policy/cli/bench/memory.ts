/**
 * Whether a long training's memory grows: `node dist/policy/cli/bench/memory.js [minutes]`, 30 unless told. Compares the resident
 * memory and the number of tensors after a sixth of the time with those at the end; exit code 1 if either has grown.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTrainConfig } from "../../config/parse.js";
import { prepareRun } from "../training/run.js";
import { RunKeeper } from "../training/run-keeper.js";
import { startTraining } from "../training/worker-pool.js";

const BYTES_PER_MB = 2 ** 20;
const MAX_GROWTH_PERCENT = 3;
/** Share of the run after which memory should be what it stays, and over which it is averaged there and at the end. */
const SETTLED = 1 / 6;
const WINDOW = 1 / 30;

interface Sample {
  readonly timeS: number;
  readonly rssMB: number;
  readonly tensors: number;
}

const minutes = Number(process.argv[2] ?? 30);
const root = mkdtempSync(join(tmpdir(), "gaitway-memory-"));
try {
  const report = compare(await train(60 * minutes), 60 * minutes);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.isConstant ? 0 : 1;
} finally {
  rmSync(root, { recursive: true });
}

/** Trains with the default config, files and all; a sample an iteration. */
async function train(trainingS: number): Promise<Sample[]> {
  const { run, config, robot } = prepareRun(parseTrainConfig({}, "defaults"), root, "run");
  const samples: Sample[] = [];
  const keeper = new RunKeeper(run, config.keepCheckpoints, (metrics) => {
    samples.push({
      timeS: metrics.trainingS,
      rssMB: process.memoryUsage.rss() / BYTES_PER_MB,
      tensors: metrics.tensors,
    });
  });
  const entry = new URL("./memory-worker.js", import.meta.url);
  await startTraining(config, robot, { trainingS }, undefined, keeper, entry).finished;
  return samples;
}

function compare(samples: readonly Sample[], trainingS: number) {
  const windowFrom = (startS: number) =>
    samples.filter(({ timeS }) => timeS >= startS && timeS <= startS + WINDOW * trainingS);
  const early = windowFrom(SETTLED * trainingS);
  const late = windowFrom((1 - WINDOW) * trainingS);
  const growthPercent = 100 * (meanRssMB(late) / meanRssMB(early) - 1);
  const tensors = [...new Set(samples.map((sample) => sample.tensors))];
  return {
    minutes: trainingS / 60,
    iterations: samples.length,
    earlyMB: meanRssMB(early),
    lateMB: meanRssMB(late),
    growthPercent,
    tensors,
    isConstant: growthPercent < MAX_GROWTH_PERCENT && tensors.length === 1,
  };
}

function meanRssMB(samples: readonly Sample[]): number {
  return samples.reduce((sum, { rssMB }) => sum + rssMB, 0) / samples.length;
}
