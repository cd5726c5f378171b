/** Picks and starts a TensorFlow.js backend in Node. */

import { createRequire } from "node:module";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../../../sim/errors.js";
import type { TrainConfig } from "../../config/schema.js";

export type BackendChoice = TrainConfig["backend"];

const require = createRequire(import.meta.url);

/** Found at run time: they are large, or download a library when installed, which not every machine can. */
const OPTIONAL_PACKAGES = {
  webgpu: ["webgpu", "@tensorflow/tfjs-backend-webgpu"],
  gpu: ["@tensorflow/tfjs-node-gpu"],
  node: ["@tensorflow/tfjs-node"],
} as const;

/** About a minibatch's. TensorFlow.js's own choice is 15, with which an update takes a third longer (policy/cli/bench/README.md). */
const KERNELS_PER_SUBMIT = 240;

type OptionalChoice = keyof typeof OPTIONAL_PACKAGES;
type NativeChoice = Exclude<OptionalChoice, "webgpu">;

/** @throws InputError if the backend is one that must be installed, and is not */
export function checkBackendInstalled(choice: BackendChoice): void {
  if (!isOptional(choice)) return;
  const missing = OPTIONAL_PACKAGES[choice].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const [names, are] = [missing.join(" and "), missing.length > 1 ? "are" : "is"];
  throw new InputError(
    `backend ${choice}: ${names} ${are} not installed; install with: npm install ${missing.join(" ")}`,
  );
}

/**
 * Starts the backend and returns its name. "auto" takes the native GPU's or CPU's one where it is installed and loads, else WASM.
 * @throws InputError if the chosen one is not installed, does not load or finds no GPU
 */
export async function startBackend(choice: BackendChoice): Promise<string> {
  if (choice === "auto") return (await tryNative("gpu")) ?? (await tryNative("node")) ?? startWasm();
  if (choice === "wasm") return startWasm();
  if (choice === "cpu") return startCpu();
  checkBackendInstalled(choice);
  try {
    return choice === "webgpu" ? await startWebGpu() : await startNative(choice);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = String((error as Error).message).split("\n", 1)[0];
    throw new InputError(`backend ${choice}: ${OPTIONAL_PACKAGES[choice][0]} does not load: ${reason}`);
  }
}

function isOptional(choice: BackendChoice): choice is OptionalChoice {
  return choice in OPTIONAL_PACKAGES;
}

function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * On Dawn, Chromium's implementation of WebGPU, with which the backend finds what it would find in a browser.
 * @throws InputError if there is no GPU
 */
async function startWebGpu(): Promise<string> {
  const [dawn, backend] = OPTIONAL_PACKAGES.webgpu;
  const { create, globals } = await import(dawn);
  const gpu: GPU = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter)
    throw new InputError("backend webgpu: no GPU found: is there one, with a Vulkan, Metal or D3D12 driver?");
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  await import(backend);
  tf.env().set("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE", KERNELS_PER_SUBMIT);
  await tf.setBackend("webgpu");
  const { device } = tf.backend() as unknown as { readonly device: GPUDevice };
  // Otherwise a kernel that fails, as for want of memory, leaves zeros. Nothing may be thrown out of Dawn's own calls.
  device.onuncapturederror = ({ error }) => {
    setImmediate(() => {
      throw new Error(`GPU: ${error.message}`);
    });
  };
  device.lost.then(({ message }) => {
    throw new Error(`GPU lost: ${message}`);
  });
  return `webgpu (${adapter.info.description})`;
}

async function tryNative(choice: NativeChoice): Promise<string | undefined> {
  try {
    return await startNative(choice);
  } catch {
    return undefined;
  }
}

async function startNative(choice: NativeChoice): Promise<string> {
  const [name] = OPTIONAL_PACKAGES[choice];
  await import(name);
  await tf.setBackend("tensorflow");
  return `${choice} (${name})`;
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
