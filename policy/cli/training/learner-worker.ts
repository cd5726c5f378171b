/** Entry point of the thread that learns for all training threads. */

import { workerData } from "node:worker_threads";
import { type LearnerThreadData, learnInThread } from "./learner-thread.js";

await learnInThread(workerData as LearnerThreadData);
