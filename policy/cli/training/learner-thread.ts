/** The thread of a training run that learns on a device from what all training threads have rolled out. */

import type { TrainConfig } from "../../config/schema.js";
import { DeviceLearner } from "../../ppo/device/learner.js";
import { createDeviceMemory, DeviceExchange, type DeviceMemory } from "../../ppo/device-exchange.js";
import { Heartbeat } from "../../threads/heartbeat.js";
import type { SharedMemory } from "../../threads/shared-memory.js";
import { type BackendChoice, startBackend } from "./backend.js";

/** What it is started with. */
export interface LearnerThreadData {
  readonly config: TrainConfig;
  readonly backend: BackendChoice;
  readonly memory: SharedMemory;
  readonly device: DeviceMemory;
}

/** Learns until the training threads end. */
export async function learnInThread({ config, backend, memory, device }: LearnerThreadData): Promise<void> {
  await startBackend(backend);
  // Its place is behind the training threads'.
  const heartbeat = new Heartbeat(memory, config.workers);
  const exchange = new DeviceExchange(device, config, heartbeat);
  const learner = new DeviceLearner(config);
  const checkWanted = () => {
    if (exchange.isClosed) throw new Error("the training has ended");
  };
  // Compiles all kernels, before the first sign of life: that may take a minute.
  await learner.update(new DeviceExchange(createDeviceMemory(config), config, heartbeat), checkWanted);
  while (exchange.awaitRollouts()) {
    await learner.update(exchange, () => {
      heartbeat.beat();
      checkWanted();
    });
    exchange.release();
  }
  learner.dispose();
  heartbeat.finish();
}
