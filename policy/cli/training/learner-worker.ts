/** Entry point of the thread that learns for all training threads. */

import { workerData } from "node:worker_threads";
import { inheritTasks } from "../task/module.js";
import { type LearnerThreadData, learnInThread } from "./learner-thread.js";

inheritTasks();
await learnInThread(workerData as LearnerThreadData);
