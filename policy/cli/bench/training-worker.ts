/** Entry point of a training thread that also tells how much of its heap is in use. */

import { parentPort, workerData } from "node:worker_threads";
import { type TrainingMessage, type TrainingThreadData, trainInThread } from "../training/thread.js";
import { HEAP_FROM_ITERATION, liveHeapBytes } from "./heap.js";

const data = workerData as TrainingThreadData;

function withHeap(message: TrainingMessage): TrainingMessage {
  if (message.kind !== "iteration") return message;
  const { iteration } = message.metrics;
  if (iteration !== HEAP_FROM_ITERATION && iteration !== data.limits.iterations) return message;
  return { ...message, metrics: { ...message.metrics, liveHeapBytes: liveHeapBytes() } };
}

await trainInThread(data, (message) => parentPort!.postMessage(withHeap(message)));
