/** Entry point of a training thread that also tells how many tensors there are. */

import { parentPort, workerData } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { type TrainingMessage, type TrainingThreadData, trainInThread } from "../training/thread.js";

function withTensors(message: TrainingMessage): TrainingMessage {
  if (message.kind !== "iteration") return message;
  return { ...message, metrics: { ...message.metrics, tensors: tf.memory().numTensors } };
}

await trainInThread(workerData as TrainingThreadData, (message) => parentPort!.postMessage(withTensors(message)));
