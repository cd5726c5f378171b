import type { CommandModule } from "yargs";
import { checkCount } from "./flags.js";
import { log } from "./log.js";
import { ProgressLine } from "./progress.js";
import { configOf } from "./train.js";

interface BenchArguments {
  workers?: number | undefined;
  repeats: number;
  iterations?: number | undefined;
  json: boolean;
}

export const benchCommand: CommandModule<object, BenchArguments> = {
  command: "bench",
  describe: "Measure how fast this machine trains, and its parts against MuJoCo and TensorFlow.js's own gradient",
  builder: (yargs) =>
    yargs
      .option("workers", { type: "number", requiresArg: true, describe: "Threads [default: one a core]" })
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
      .option("json", { type: "boolean", default: false, describe: "Print one JSON document" })
      .example("$0 bench", "Two minutes, with nothing else running")
      .example("$0 bench --json > bench.json", "For another program to read")
      .example("$0 bench --repeats 1 --workers 1", "A rough idea of one core")
      .example("$0 bench --iterations 200", "Longer, to see that memory does not grow"),
  handler: async ({ workers, repeats, iterations, json }) => {
    checkCount("repeats", repeats);
    checkCount("iterations", iterations);
    const config = configOf({ workers });
    const iterationsPerRepeat = iterations === undefined ? config.checkpointEvery : Math.ceil(iterations / repeats);
    // The one import of test code in the product: what Gaitway is measured against belongs to its tests, and nobody who
    // trains should load it.
    const bench = await import("../../test/bench/benchmark.js");
    const progress = new ProgressLine();
    const onProgress = (fraction: number, text: string) => progress.update({ fraction, text });
    const benchmark = await bench.runBenchmark({ config, repeats, iterationsPerRepeat, onProgress });
    progress.stop();
    if (json && !benchmark.fidelity) log.warn(bench.MUJOCO_MISSING);
    const text = json ? JSON.stringify(bench.benchmarkToJson(benchmark)) : bench.benchmarkText(benchmark);
    process.stdout.write(`${text}\n`);
  },
};
