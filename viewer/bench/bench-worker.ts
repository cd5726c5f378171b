/** A training thread in a Web Worker: what `gaitway train` starts in Node, without checkpoints. */

import "../page/zod-without-eval.js";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import wasmUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import * as tf from "@tensorflow/tfjs-core";
import { WorkerGroup } from "../../policy/threads/all-reduce.js";
import { Trainer } from "../../policy/training/trainer.js";
import { loadPhysics } from "../../sim/physics/world.js";
import { createRobotModel } from "../../sim/robot/model.js";
import type { BenchReply, BenchThread } from "./bench-client.js";

/** TensorFlow.js on one thread, as in Node: its own threads would be started from text, which the page's policy refuses. */
async function startBackend(): Promise<void> {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  // Physics needs a browser with SIMD anyway.
  const names = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  setWasmPaths(Object.fromEntries(names.map((name) => [name, wasmUrl])));
  await tf.setBackend("wasm");
  await tf.ready();
}

async function train({ config, robot, memory, worker, iterations }: BenchThread): Promise<void> {
  await startBackend();
  await loadPhysics();
  const group = new WorkerGroup(memory, worker, config.workers);
  const trainer = new Trainer(config, robot, createRobotModel(robot, robot.name), group);
  const tell = (reply: BenchReply) => self.postMessage(reply);
  trainer.run(
    { iterations },
    { iteration: (metrics) => tell({ kind: "iteration", metrics }), checkpoint: () => tell({ kind: "finished" }) },
  );
}

self.onmessage = async ({ data }: MessageEvent<BenchThread>) => {
  try {
    await train(data);
  } catch (error) {
    const reply: BenchReply = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    self.postMessage(reply);
  }
};
