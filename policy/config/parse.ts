/** The one config tree of a training run: parsed once at the boundary, unknown keys rejected, then read-only. */

import { describeIssue, InputError } from "../../sim/errors.js";
import { isFields, overlay } from "./overlay.js";
import { createTrainConfigSchema, type TrainConfig } from "./schema.js";
import type { Task } from "./task.js";
import { DEFAULT_TASK, taskNamed } from "./tasks.js";

/**
 * Validates a config.
 * @param fileName where it came from, for errors
 * @throws InputError naming file, field, value and what was expected, for the first thing wrong
 */
export function parseTrainConfig(given: unknown, fileName: string): TrainConfig {
  const fields = given ?? {};
  const task = taskNamed(isFields(fields) ? (fields.task ?? DEFAULT_TASK) : DEFAULT_TASK, fileName);
  const input = overlay<unknown>(task.config, fields);
  const result = createTrainConfigSchema(task.rewards).safeParse(input);
  if (!result.success) throw new InputError(`${fileName}: ${describeIssue(result.error.issues[0], input)}`);
  checkTogether(result.data, task, fileName);
  return deepFreeze(result.data);
}

function deepFreeze<T>(node: T): T {
  if (typeof node === "object" && node !== null) Object.values(node).forEach(deepFreeze);
  return Object.freeze(node);
}

/** Conditions on several fields. */
function checkTogether(config: TrainConfig, { name, actions }: Task, fileName: string): void {
  const { numEnvs, workers, ppo, env } = config;
  if (numEnvs % workers !== 0) {
    throw new InputError(`${fileName}: numEnvs: got ${numEnvs}, expected a multiple of workers (${workers})`);
  }
  if (ppo.mirror && actions.distribution === "categorical") {
    throw new InputError(`${fileName}: ppo.mirror: got true, expected false for ${name}`);
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
