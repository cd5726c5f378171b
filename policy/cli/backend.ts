/** Picks and starts a TensorFlow.js backend in Node. */

import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../../sim/errors.js";

export type BackendChoice = "auto" | "gpu" | "node" | "wasm" | "cpu";

const require = createRequire(import.meta.url);

/** Native backends are found at run time: they download a library when installed, which not every machine can. */
const NATIVE_PACKAGE = { gpu: "@tensorflow/tfjs-node-gpu", node: "@tensorflow/tfjs-node" } as const;

type NativeChoice = keyof typeof NATIVE_PACKAGE;

/** @throws InputError if the backend is one that must be installed, and is not */
export function checkBackendInstalled(choice: BackendChoice): void {
  if (!isNative(choice) || isInstalled(choice)) return;
  const name = NATIVE_PACKAGE[choice];
  throw new InputError(`backend ${choice}: ${name} is not installed; install it: npm install ${name}`);
}

/**
 * Starts the backend and returns its name. "auto" takes the GPU's or native one where it is installed and loads, else WASM.
 * @throws InputError if the chosen one is not installed or does not load
 */
export async function startBackend(choice: BackendChoice): Promise<string> {
  if (choice === "auto") return (await tryNative("gpu")) ?? (await tryNative("node")) ?? startWasm();
  if (choice === "wasm") return startWasm();
  if (choice === "cpu") return startCpu();
  checkBackendInstalled(choice);
  try {
    return await startNative(choice);
  } catch (error) {
    const reason = String((error as Error).message).split("\n", 1)[0];
    throw new InputError(`backend ${choice}: ${NATIVE_PACKAGE[choice]} does not load: ${reason}`);
  }
}

function isNative(choice: BackendChoice): choice is NativeChoice {
  return choice in NATIVE_PACKAGE;
}

function isInstalled(choice: NativeChoice): boolean {
  try {
    require.resolve(NATIVE_PACKAGE[choice]);
    return true;
  } catch {
    return false;
  }
}

async function tryNative(choice: NativeChoice): Promise<string | undefined> {
  try {
    return await startNative(choice);
  } catch {
    return undefined;
  }
}

async function startNative(choice: NativeChoice): Promise<string> {
  await import(NATIVE_PACKAGE[choice]);
  await tf.setBackend("tensorflow");
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
