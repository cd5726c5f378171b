/** onnxruntime, where its package is installed: nothing needs it, but what it says proves an export. */

import type * as Ort from "onnxruntime-web";
import type { NetworkRunner } from "../../export/onnx/evaluator.js";

export interface OnnxRuntime {
  /** With its version. */
  readonly name: string;
  createRunner(file: Uint8Array): Promise<NetworkRunner>;
}

/** None where the package is not installed. */
export async function findOnnxRuntime(): Promise<OnnxRuntime | null> {
  let ort: typeof Ort;
  try {
    ort = await import("onnxruntime-web");
  } catch {
    return null;
  }
  ort.env.wasm.numThreads = 1; // no threads of its own, which would keep the process alive
  return { name: `onnxruntime ${ort.env.versions.web}`, createRunner: (file) => createRunner(ort, file) };
}

async function createRunner(ort: typeof Ort, file: Uint8Array): Promise<NetworkRunner> {
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"] });
  const [inputName] = session.inputNames;
  const [outputName] = session.outputNames;
  return async (input) => {
    const outputs = await session.run({ [inputName]: new ort.Tensor("float32", input, [1, input.length]) });
    return outputs[outputName].data as Float32Array;
  };
}
