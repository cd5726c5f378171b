import { configYaml } from "../../policy/cli/config/document.js";
import { RunDirectory } from "../../policy/cli/run-folder/run-directory.js";
import type { MetricsRow } from "../../policy/cli/run-folder/run-metrics.js";
import { parseTrainConfig } from "../../policy/config/parse.js";

/** A run as `train` leaves it, but for its policy: nothing has been trained. */
export function writeTrainedRun(
  runsRoot: string,
  name: string,
  config: Readonly<Record<string, unknown>>,
  rows: readonly MetricsRow[],
): RunDirectory {
  const whole = parseTrainConfig(config, "test");
  const run = RunDirectory.create(runsRoot, whole, name);
  run.writeFile("config.yaml", configYaml(whole));
  for (const row of rows) run.writeMetrics(row);
  run.setStatus("finished");
  return run;
}

/** Iterations 1, 2, ... of 100 robot steps and 3 s each, with these rewards. */
export function rowsOf(rewards: readonly number[]): MetricsRow[] {
  return rewards.map((reward, i) => {
    const count = i + 1;
    return { iteration: count, steps: 100 * count, trainingS: 3 * count, reward, velocityErrorX: 1 / count };
  });
}
