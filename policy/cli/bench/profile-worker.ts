/** Entry point of a training thread that is watched by V8's sampling profiler from its start to its end. */

import { Session } from "node:inspector/promises";
import { BroadcastChannel, parentPort, workerData } from "node:worker_threads";
import { type TrainingThreadData, trainInThread } from "../training/thread.js";
import { PROFILES, type ThreadProfile } from "./profile.js";

const SAMPLING_INTERVAL_MICROS = 500;

const data = workerData as TrainingThreadData;
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_MICROS });
await session.post("Profiler.start");
await trainInThread(data, (message) => parentPort!.postMessage(message));
const { profile } = await session.post("Profiler.stop");
const channel = new BroadcastChannel(PROFILES);
channel.postMessage({ worker: data.worker, profile } satisfies ThreadProfile);
channel.close();
