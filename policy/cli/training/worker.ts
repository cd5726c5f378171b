/** Entry point of a training thread. */

import { parentPort, workerData } from "node:worker_threads";
import { inheritTasks } from "../task/module.js";
import { type TrainingThreadData, trainInThread } from "./thread.js";

inheritTasks();
await trainInThread(workerData as TrainingThreadData, (message) => parentPort!.postMessage(message));
