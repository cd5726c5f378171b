/** Runs ONNX graphs of plain operators, as the standard defines them: to see that a file says what it should. */

import type { OnnxModel } from "./protobuf.js";

/** What a network puts out for one input row. */
export type NetworkRunner = (input: Float32Array) => Float32Array | Promise<Float32Array>;

type Operator = (operands: readonly Float32Array[]) => Float32Array;

const OPERATORS: Readonly<Record<string, Operator>> = {
  Max: ([a, b]) => a.map((value, i) => Math.max(value, b[i])),
  Min: ([a, b]) => a.map((value, i) => Math.min(value, b[i])),
  Elu: ([x]) => x.map((value) => (value < 0 ? Math.expm1(value) : value)),
  Gemm: multiply,
};

/** x · W + b, of a row x. */
function multiply([x, weights, biases]: readonly Float32Array[]): Float32Array {
  const sums = Float64Array.from(biases);
  const width = sums.length;
  for (let i = 0; i < x.length; i++) {
    for (let o = 0; o < width; o++) sums[o] += x[i] * weights[i * width + o];
  }
  return Float32Array.from(sums);
}

/** @throws Error for a graph with operators or values that are not there */
export function createEvaluator(model: OnnxModel): (input: Float32Array) => Float32Array {
  const values = new Map(model.initializers.map((tensor) => [tensor.name, tensor.values]));
  const find = (name: string) => {
    const value = values.get(name);
    if (!value) throw new Error(`ONNX graph ${model.name}: nothing computes ${name}`);
    return value;
  };
  return (input) => {
    values.set(model.input.name, input);
    for (const { opType, input: operands, output } of model.nodes) {
      const operator = OPERATORS[opType];
      if (!operator) throw new Error(`ONNX graph ${model.name}: unknown operator ${opType}`);
      values.set(output[0], operator(operands.map(find)));
    }
    return find(model.output.name);
  };
}
