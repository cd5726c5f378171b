/** Entry point of a training thread. */

import { parentPort, workerData } from "node:worker_threads";
import { type TrainingThreadData, trainInThread } from "./thread.js";

await trainInThread(workerData as TrainingThreadData, (message) => parentPort!.postMessage(message));
