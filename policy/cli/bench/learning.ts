/** Speed of the learner against TensorFlow.js's own gradient: the same rollout, networks, minibatches and Adam, in one thread. */

import { Rng } from "../../../sim/rng.js";
import type { RobotModel } from "../../../sim/robot/types.js";
import { OBSERVATION_SPEC } from "../../../sim/task/observation.js";
import type { TrainConfig } from "../../config/schema.js";
import { actorCriticLayout, gradientLength } from "../../ppo/actor-critic.js";
import { Learner } from "../../ppo/learner.js";
import type { Rollout } from "../../ppo/rollout.js";
import { createSharedMemory, WorkerGroup } from "../../threads/all-reduce.js";
import { Trainer } from "../../training/trainer.js";
import type { NamedRobot } from "../files/robot-file.js";
import { PlainLearner } from "./plain-learner.js";
import { registerGradients } from "./tfjs-gradients.js";

/** µs an environment step, all epochs of it. */
export interface LearningSpeed {
  readonly learnerMicrosPerStep: number;
  readonly plainMicrosPerStep: number;
}

/**
 * Both learn from a training thread's first rollout, in turns, each time from the weights that drew its actions.
 * @param config of one training thread
 */
export async function measureLearning(
  config: TrainConfig,
  robot: NamedRobot,
  model: RobotModel,
  repeats: number,
  onProgress: (fraction: number) => void,
): Promise<LearningSpeed[]> {
  await registerGradients();
  const rollout = firstRollout(config, robot, model);
  const once = () => ({
    learnerMicrosPerStep: timeLearner(config, rollout),
    plainMicrosPerStep: timePlainLearner(config, rollout),
  });
  once();
  return Array.from({ length: repeats }, (_, repeat) => {
    onProgress(repeat / repeats);
    return once();
  });
}

function firstRollout(config: TrainConfig, robot: NamedRobot, model: RobotModel): Rollout {
  const trainer = new Trainer(config, robot, model, alone(config));
  trainer.run({ iterations: 1 }, { iteration: () => undefined, checkpoint: () => undefined });
  return trainer.rollout;
}

function timeLearner(config: TrainConfig, rollout: Rollout): number {
  const learner = new Learner(config, OBSERVATION_SPEC, alone(config));
  learner.beginRollout();
  const start = performance.now();
  learner.update(rollout, new Rng(config.seed));
  return microsPerStep(start, rollout);
}

function timePlainLearner(config: TrainConfig, rollout: Rollout): number {
  const { layout, params, learningRate } = new Learner(config, OBSERVATION_SPEC, alone(config));
  const plain = new PlainLearner(layout, params, config.ppo, learningRate);
  const start = performance.now();
  plain.update(rollout, new Rng(config.seed));
  const micros = microsPerStep(start, rollout);
  plain.dispose();
  return micros;
}

function microsPerStep(startMs: number, rollout: Rollout): number {
  return (1000 * (performance.now() - startMs)) / rollout.samples;
}

/** The group of a thread that trains by itself. */
function alone(config: TrainConfig): WorkerGroup {
  const floats = gradientLength(actorCriticLayout(config, OBSERVATION_SPEC));
  return new WorkerGroup(createSharedMemory(1, floats, 1), 0, 1);
}
