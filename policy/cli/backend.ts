/** Picks and starts a TensorFlow.js backend in Node. */

import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../../sim/errors.js";

export type BackendChoice = "auto" | "gpu" | "node" | "wasm" | "cpu";

const require = createRequire(import.meta.url);

/** Native backends are found at run time: they download a library when installed, which not every machine can. */
const NATIVE_PACKAGE = { gpu: "@tensorflow/tfjs-node-gpu", node: "@tensorflow/tfjs-node" } as const;

/**
 * Starts the backend and returns its name. "auto" takes the GPU's or native one where it is installed and loads, else WASM.
 * @throws InputError if the chosen one is not installed
 */
export async function startBackend(choice: BackendChoice): Promise<string> {
  if (choice === "auto") return (await tryNative("gpu")) ?? (await tryNative("node")) ?? startWasm();
  if (choice === "wasm") return startWasm();
  if (choice === "cpu") return startCpu();
  const started = await tryNative(choice);
  if (started) return started;
  const name = NATIVE_PACKAGE[choice];
  throw new InputError(`backend ${choice}: ${name} is not installed or does not load; install it: npm install ${name}`);
}

async function tryNative(choice: keyof typeof NATIVE_PACKAGE): Promise<string | undefined> {
  try {
    require.resolve(NATIVE_PACKAGE[choice]);
    await import(NATIVE_PACKAGE[choice]);
    await tf.setBackend("tensorflow");
  } catch {
    return undefined;
  }
  return `${choice} (${NATIVE_PACKAGE[choice]})`;
}

async function startWasm(): Promise<string> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return "wasm";
}

async function startCpu(): Promise<string> {
  await import("@tensorflow/tfjs-backend-cpu");
  await tf.setBackend("cpu");
  await tf.ready();
  return "cpu";
}
