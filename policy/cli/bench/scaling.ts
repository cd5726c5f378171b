/** How much faster the same training is with more threads. */

import { availableParallelism } from "node:os";
import { parseTrainConfig } from "../../config/parse.js";
import type { TrainConfig } from "../../config/schema.js";
import type { NamedRobot } from "../files/robot-file.js";
import { textTable } from "../terminal/table.js";
import { measureTraining } from "./end-to-end.js";
import { type Spread, spreadOf } from "./spread.js";

export interface ScalingRow {
  readonly workers: number;
  readonly envStepsPerSecond: Spread;
  /** By how many times faster than one thread, by medians. */
  readonly speedup: number;
}

/** Trains with each number of threads in turn, every repeat anew, so that what else the machine does slows down all alike. */
export async function measureScaling(
  config: TrainConfig,
  robot: NamedRobot,
  repeats: number,
  iterations: number,
  onProgress: (fraction: number, doing: string) => void,
): Promise<ScalingRow[]> {
  // Powers of two, which divide the usual numbers of robots.
  const counts = Array.from({ length: Math.floor(Math.log2(availableParallelism())) + 1 }, (_, i) => 2 ** i);
  const speeds = counts.map((): number[] => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [i, workers] of counts.entries()) {
      onProgress((repeat * counts.length + i) / (repeats * counts.length), `${workers} threads`);
      const own = parseTrainConfig({ ...config, workers }, "bench");
      const training = await measureTraining(own, robot, 1, iterations, () => undefined);
      speeds[i].push(training.repeats[0].envStepsPerSecond);
    }
  }
  const spreads = speeds.map(spreadOf);
  return counts.map((workers, i) => {
    return { workers, envStepsPerSecond: spreads[i], speedup: spreads[i].median / spreads[0].median };
  });
}

export function scalingText(rows: readonly ScalingRow[], config: TrainConfig): string {
  const cells = rows.map(({ workers, envStepsPerSecond: { median, min, max }, speedup }) => [
    ...[workers, median.toFixed(0), min.toFixed(0), max.toFixed(0)].map(String),
    speedup.toFixed(2),
    `${((100 * speedup) / workers).toFixed(0)} %`,
  ]);
  const head = ["threads", "environment steps/s", "min", "max", "times one thread", "efficiency"];
  return `${config.task}, ${config.numEnvs} robots\n${textTable(head, cells)}`;
}
