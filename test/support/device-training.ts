/**
 * Trains as `gaitway train --backend webgpu` does, with a thread that learns for all others, but in that on WASM, which every machine
 * has: `node device-training.js <iterations>`.
 */

import { loadRobot } from "../../policy/cli/files/robot-file.js";
import { startTraining } from "../../policy/cli/training/worker-pool.js";
import { parseTrainConfig } from "../../policy/config/parse.js";

const network = { actorHidden: [8], criticHidden: [8] };
const config = parseTrainConfig({ numEnvs: 4, workers: 2, network, ppo: { horizon: 4 } }, "test");
const events = { iteration: () => undefined, checkpoint: () => undefined };
const limits = { iterations: Number(process.argv[2]) };
await startTraining(config, loadRobot("a1"), limits, undefined, events, undefined, "wasm").finished;
