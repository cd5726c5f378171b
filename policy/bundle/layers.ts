import { z } from "zod";
import { InputError } from "../../sim/errors.js";
import type { MlpLayout } from "../networks/mlp.js";

export const layerSchema = z.strictObject({
  inputs: z.int().positive(),
  outputs: z.int().positive(),
  /** Little-endian float32, base64: weights row-major [inputs, outputs], then biases. */
  parameters: z.base64(),
});

/** @param outputShare what the last layer's parameters are multiplied by */
export function encodeLayers({ layers }: MlpLayout, params: Float32Array, outputShare: number) {
  return layers.map(({ inputs, outputs, weights, biases }, i) => {
    const share = i === layers.length - 1 ? outputShare : 1;
    const parameters = params.slice(weights, biases + outputs).map((value) => share * value);
    return { inputs, outputs, parameters: toBase64(parameters) };
  });
}

/** @throws InputError where layers do not fit each other, their parameters, or the network's width at either end */
export function checkLayers(
  fileName: string,
  field: string,
  layers: readonly z.output<typeof layerSchema>[],
  networkInputs: number,
  networkOutputs: number,
): void {
  let width = networkInputs;
  layers.forEach(({ inputs, outputs, parameters }, i) => {
    expectCount(fileName, `${field}.${i}.inputs`, inputs, width);
    expectCount(fileName, `${field}.${i}.parameters`, fromBase64(parameters).length, (inputs + 1) * outputs);
    width = outputs;
  });
  expectCount(fileName, `${field}.${layers.length - 1}.outputs`, width, networkOutputs);
}

/** @throws InputError naming file and field */
export function expectCount(fileName: string, field: string, got: number, expected: number): void {
  if (got !== expected) throw new InputError(`${fileName}: ${field}: got ${got} numbers, expected ${expected}`);
}

/** A layer's `parameters` of their numbers. */
export function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Numbers of a layer's `parameters`. */
export function fromBase64(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
