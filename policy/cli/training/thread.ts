/** One thread of a training run. */

import { loadPhysics } from "../../../sim/physics/world.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import type { TrainConfig } from "../../config/schema.js";
import { DeviceExchange, type DeviceMemory } from "../../ppo/device-exchange.js";
import { WorkerGroup } from "../../threads/all-reduce.js";
import type { SharedMemory } from "../../threads/shared-memory.js";
import { type Checkpoint, encodeCheckpoint, type TrainedRobot } from "../../training/checkpoint.js";
import { withinMemory } from "../../training/memory.js";
import type { IterationMetrics, TrainingLimits } from "../../training/progress.js";
import { Trainer } from "../../training/trainer.js";
import { startBackend } from "./backend.js";

/** What a training thread is started with. */
export interface TrainingThreadData {
  readonly config: TrainConfig;
  readonly robot: TrainedRobot;
  readonly memory: SharedMemory;
  readonly worker: number;
  readonly limits: TrainingLimits;
  readonly checkpoint: Checkpoint | undefined;
  /** Where another thread learns. */
  readonly device: DeviceMemory | undefined;
}

/** What the first training thread reports. */
export type TrainingMessage =
  | { readonly kind: "iteration"; readonly metrics: IterationMetrics }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "checkpoint"; readonly iteration: number; readonly bytes: Uint8Array };

/** Trains, in step with the run's other threads, until the limits are reached. */
export async function trainInThread(data: TrainingThreadData, post: (message: TrainingMessage) => void): Promise<void> {
  const { config, robot, memory, worker, limits, checkpoint, device } = data;
  await startBackend(device ? "wasm" : config.backend);
  await loadPhysics();
  const model = createRobotModel(robot, robot.name);
  const group = new WorkerGroup(memory, worker, config.workers);
  const exchange = device && new DeviceExchange(device, config, group.heartbeat);
  withinMemory(config, () => {
    const trainer = new Trainer(config, robot, model, group, exchange);
    if (checkpoint) trainer.restore(checkpoint);
    trainer.run(limits, {
      iteration: (metrics) => post({ kind: "iteration", metrics }),
      warning: (text) => post({ kind: "warning", text }),
      checkpoint: (state) => post({ kind: "checkpoint", iteration: state.iteration, bytes: encodeCheckpoint(state) }),
    });
  });
  exchange?.close();
  group.heartbeat.finish();
}
