/** The thread of a training run that learns on a device from what all training threads have rolled out. */

import type { SharedMemory } from "../all-reduce.js";
import type { TrainConfig } from "../config.js";
import { createDeviceMemory, DeviceExchange, type DeviceMemory } from "../device-exchange.js";
import { DeviceLearner } from "../device-learner.js";
import { Pulse } from "../pulse.js";
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
  const pulse = new Pulse(memory, config.workers);
  const exchange = new DeviceExchange(device, config, pulse);
  const learner = new DeviceLearner(config);
  const checkWanted = () => {
    if (exchange.isClosed) throw new Error("the training has ended");
  };
  // Compiles all kernels, before the first sign of life: that may take a minute.
  await learner.update(new DeviceExchange(createDeviceMemory(config), config, pulse), checkWanted);
  while (exchange.awaitRollouts()) {
    await learner.update(exchange, () => {
      pulse.beat();
      checkWanted();
    });
    exchange.release();
  }
  learner.dispose();
  pulse.finish();
}
