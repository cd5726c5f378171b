import { join } from "node:path";
import type { CommandModule } from "yargs";
import type { TrainConfig } from "../../config/schema.js";
import { configOf } from "../config/train-config.js";
import { trainOptions } from "../config/train-options.js";
import { makeFolders, writeFileAtomic } from "../files/atomic-file.js";
import { loadRobot } from "../files/robot-file.js";
import { checkCount } from "../terminal/flags.js";
import { log } from "../terminal/log.js";
import { JSON_OPTION } from "../terminal/options.js";
import { ProgressLine } from "../terminal/progress.js";

interface BenchArguments {
  task?: string | undefined;
  envs?: number | undefined;
  workers?: number | undefined;
  repeats: number;
  iterations?: number | undefined;
  profile?: string | undefined;
  scaling: boolean;
  json: boolean;
}

// The only imports of test code in the product, at run time: what Gaitway is measured by belongs to its tests, and nobody who
// trains should load it.

/** Of each profile, and of each number of threads. */
const PART_ITERATIONS = 40;

export const benchCommand: CommandModule<object, BenchArguments> = {
  command: "bench",
  describe: "Measure how fast this machine trains, and its parts against MuJoCo and TensorFlow.js's own gradient",
  builder: (yargs) =>
    yargs
      .options(trainOptions("task", "envs", "workers"))
      .option("repeats", {
        type: "number",
        default: 5,
        requiresArg: true,
        describe: "How often to measure; medians count",
      })
      .option("iterations", {
        type: "number",
        requiresArg: true,
        describe: "Training iterations, all repeats together [default: from one checkpoint to the next, each]",
      })
      .option("scaling", {
        type: "boolean",
        default: false,
        describe: "Instead: the same training in 1, 2, 4 ... threads",
      })
      .option("profile", {
        type: "string",
        requiresArg: true,
        describe: "Instead: where an iteration's time goes, and each thread's flame graph in this folder",
      })
      .options(JSON_OPTION)
      .example("$0 bench", "Two minutes, with nothing else running")
      .example("$0 bench --json > bench.json", "For another program to read")
      .example("$0 bench --repeats 1 --workers 1", "A rough idea of one core")
      .example("$0 bench --profile flames", "Flame graphs for speedscope.app, Chrome's DevTools or VS Code")
      .example("$0 bench --scaling", "What more threads bring")
      .example("$0 bench --iterations 200", "Longer, to see that memory does not grow"),
  handler: async ({ task, envs, workers, repeats, iterations, scaling, profile, json }) => {
    checkCount("repeats", repeats);
    checkCount("iterations", iterations);
    const config = configOf({ task, envs, workers });
    if (profile !== undefined) return profileInto(profile, config, iterations ?? PART_ITERATIONS, json);
    if (scaling) return printScaling(config, repeats, iterations ?? PART_ITERATIONS, json);
    const iterationsPerRepeat = iterations === undefined ? config.checkpointEvery : Math.ceil(iterations / repeats);
    const bench = await import("../bench/benchmark.js");
    const benchmark = await withProgress((onProgress) =>
      bench.runBenchmark({ config, repeats, iterationsPerRepeat, onProgress }),
    );
    if (json && !benchmark.fidelity) log.warn(bench.MUJOCO_MISSING);
    const text = json ? JSON.stringify(bench.benchmarkToJson(benchmark)) : bench.benchmarkText(benchmark);
    process.stdout.write(`${text}\n`);
  },
};

async function profileInto(folder: string, config: TrainConfig, iterations: number, json: boolean): Promise<void> {
  const bench = await import("../bench/profile.js");
  makeFolders(folder);
  const { parts, profiles } = await withProgress((onProgress) =>
    bench.profileTraining(config, loadRobot(config.robot), iterations, (fraction) => onProgress(fraction, "profiling")),
  );
  profiles.forEach((profile, worker) => {
    writeFileAtomic(join(folder, `thread-${worker}.cpuprofile`), JSON.stringify(profile));
  });
  process.stdout.write(`${json ? JSON.stringify(parts) : bench.profileText(parts)}\n`);
}

async function printScaling(config: TrainConfig, repeats: number, iterations: number, json: boolean): Promise<void> {
  const bench = await import("../bench/scaling.js");
  const rows = await withProgress((onProgress) =>
    bench.measureScaling(config, loadRobot(config.robot), repeats, iterations, onProgress),
  );
  process.stdout.write(`${json ? JSON.stringify(rows) : bench.scalingText(rows, config)}\n`);
}

async function withProgress<T>(run: (onProgress: (fraction: number, doing: string) => void) => Promise<T>): Promise<T> {
  const progress = new ProgressLine();
  const result = await run((fraction, text) => progress.update({ fraction, text }));
  progress.stop();
  return result;
}
