/** The one config tree of a training run: parsed once at the boundary, unknown keys rejected, then read-only. */

import { describeIssue, InputError } from "../../sim/errors.js";
import type { TrainConfig } from "./schema.js";
import { trainConfigSchema } from "./schema.js";
import { withTaskDefaults } from "./tasks.js";

/**
 * Validates a config.
 * @param fileName where it came from, for errors
 * @throws InputError naming file, field, value and what was expected, for the first thing wrong
 */
export function parseTrainConfig(given: unknown, fileName: string): TrainConfig {
  const input = withTaskDefaults(given ?? {});
  const result = trainConfigSchema.safeParse(input);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], input)}`);
  checkTogether(result.data, fileName);
  return deepFreeze(result.data);
}

function deepFreeze<T>(node: T): T {
  if (typeof node === "object" && node !== null) Object.values(node).forEach(deepFreeze);
  return Object.freeze(node);
}

/** Conditions on several fields. */
function checkTogether(config: TrainConfig, fileName: string): void {
  const { task, numEnvs, workers, ppo, env } = config;
  if (numEnvs % workers !== 0) {
    throw new InputError(`${fileName}: numEnvs: got ${numEnvs}, expected a multiple of workers (${workers})`);
  }
  if (ppo.mirror && task === "gait-selection") {
    throw new InputError(`${fileName}: ppo.mirror: got true, expected false for gait-selection`);
  }
  const samples = (numEnvs / workers) * ppo.horizon;
  if (samples % ppo.minibatches !== 0) {
    throw new InputError(
      `${fileName}: ppo.minibatches: got ${ppo.minibatches}, expected a divisor of the ${samples} samples of a worker and iteration`,
    );
  }
  const late = Math.max(env.sensors.delayS[1], env.randomization.actionDelayS[1]);
  if (late > env.control.stepS) {
    throw new InputError(
      `${fileName}: a delay of ${late} s: expected at most env.control.stepS (${env.control.stepS})`,
    );
  }
  const ratio = env.control.stepS / env.physics.timestepS;
  if (Math.abs(ratio - Math.round(ratio)) > 1e-6 || ratio < 1) {
    throw new InputError(
      `${fileName}: env.control.stepS: got ${env.control.stepS}, expected a multiple of env.physics.timestepS (${env.physics.timestepS})`,
    );
  }
}
