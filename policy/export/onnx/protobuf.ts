/**
 * ONNX files: the protobuf messages of github.com/onnx/onnx, onnx/onnx.proto3. Only the fields that a chain of plain operators on
 * float32 rows needs are declared.
 */

import protobuf from "protobufjs/light.js";
import { InputError } from "../../../sim/errors.js";

/** What onnxruntime 1.16 and all later ones read. */
export const IR_VERSION = 8;
export const OPSET = 17;
/** TensorProto.DataType. */
const FLOAT = 1;

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** An operator without attributes. */
export interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** A row of `width` numbers, of shape [1, width]. */
interface OnnxRow {
  readonly name: string;
  readonly width: number;
}

export interface OnnxModel {
  /** Gaitway's. */
  readonly version: string;
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly input: OnnxRow;
  readonly output: OnnxRow;
  readonly metadata: ReadonlyMap<string, string>;
}

type FieldRow = readonly [name: string, id: number, type: string, rule?: "repeated"];

function message(name: string, ...fields: FieldRow[]): protobuf.Type {
  const type = new protobuf.Type(name);
  for (const [field, id, fieldType, rule] of fields) type.add(new protobuf.Field(field, id, fieldType, rule));
  return type;
}

const MODEL = message(
  "Model",
  ["irVersion", 1, "int64"],
  ["producerName", 2, "string"],
  ["producerVersion", 3, "string"],
  ["docString", 6, "string"],
  ["graph", 7, "Graph"],
  ["opsetImport", 8, "Opset", "repeated"],
  ["metadataProps", 14, "Entry", "repeated"],
);
new protobuf.Root().add(MODEL);
MODEL.add(message("Opset", ["domain", 1, "string"], ["version", 2, "int64"]));
MODEL.add(message("Entry", ["key", 1, "string"], ["value", 2, "string"]));
MODEL.add(
  message(
    "Graph",
    ["node", 1, "Node", "repeated"],
    ["name", 2, "string"],
    ["initializer", 5, "Tensor", "repeated"],
    ["input", 11, "Value", "repeated"],
    ["output", 12, "Value", "repeated"],
  ),
);
MODEL.add(
  message(
    "Node",
    ["input", 1, "string", "repeated"],
    ["output", 2, "string", "repeated"],
    ["name", 3, "string"],
    ["opType", 4, "string"],
    // Unread: enough to see that there are some.
    ["attribute", 5, "bytes", "repeated"],
  ),
);
MODEL.add(
  message(
    "Tensor",
    ["dims", 1, "int64", "repeated"],
    ["dataType", 2, "int32"],
    ["name", 8, "string"],
    ["rawData", 9, "bytes"],
  ),
);
MODEL.add(message("Value", ["name", 1, "string"], ["type", 2, "ValueType"]));
MODEL.add(message("ValueType", ["tensorType", 1, "TensorType"]));
MODEL.add(message("TensorType", ["elemType", 1, "int32"], ["shape", 2, "Shape"]));
MODEL.add(message("Shape", ["dim", 1, "Dimension", "repeated"]));
MODEL.add(message("Dimension", ["dimValue", 1, "int64"]));

export function encodeModel(model: OnnxModel): Uint8Array {
  const graph = {
    name: model.name,
    node: model.nodes.map((node) => ({ ...node, name: node.output[0] })),
    initializer: model.initializers.map(({ name, dims, values }) => ({
      ...{ name, dims, dataType: FLOAT, rawData: littleEndian(values) },
    })),
    input: [describeRow(model.input)],
    output: [describeRow(model.output)],
  };
  const fields = {
    irVersion: IR_VERSION,
    producerName: "gaitway",
    producerVersion: model.version,
    docString: model.description,
    graph,
    opsetImport: [{ domain: "", version: OPSET }],
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
  };
  return MODEL.encode(MODEL.fromObject(fields)).finish();
}

/** @throws InputError naming the file where it is no ONNX, or not of the kind that `encodeModel` writes */
export function decodeModel(bytes: Uint8Array, fileName: string): OnnxModel {
  const { graph, ...fields } = parse(bytes, fileName);
  const { input, output } = graph;
  if (input.length !== 1 || output.length !== 1)
    throw new InputError(`${fileName}: ${input.length} inputs and ${output.length} outputs, expected one of each`);
  return {
    version: fields.producerVersion,
    name: graph.name,
    description: fields.docString,
    nodes: graph.node.map((node) => {
      if (node.attribute.length === 0) return node;
      throw new InputError(`${fileName}: node ${node.name}: got attributes, expected none`);
    }),
    initializers: graph.initializer.map((tensor) => readTensor(tensor, fileName)),
    input: readRow(input[0], fileName),
    output: readRow(output[0], fileName),
    metadata: new Map(fields.metadataProps.map(({ key, value }) => [key, value])),
  };
}

/** The messages as plain objects; fields that are not there have their default. */
interface ModelFields {
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: {
    readonly name: string;
    readonly node: (OnnxNode & { readonly name: string; readonly attribute: readonly unknown[] })[];
    readonly initializer: readonly TensorFields[];
    readonly input: readonly ValueFields[];
    readonly output: readonly ValueFields[];
  };
  readonly metadataProps: { readonly key: string; readonly value: string }[];
}

interface TensorFields {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

interface ValueFields {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly shape: { readonly dim: { readonly dimValue: number }[] } } | null };
}

function parse(bytes: Uint8Array, fileName: string): ModelFields {
  try {
    const fields = MODEL.toObject(MODEL.decode(bytes), { longs: Number, defaults: true, arrays: true, objects: true });
    if (fields.graph) return fields as ModelFields;
  } catch {
    // Neither says more to a user than the line below.
  }
  throw new InputError(`${fileName}: not ONNX, or damaged`);
}

function describeRow({ name, width }: OnnxRow) {
  const shape = { dim: [{ dimValue: 1 }, { dimValue: width }] };
  return { name, type: { tensorType: { elemType: FLOAT, shape } } };
}

function readRow({ name, type }: ValueFields, fileName: string): OnnxRow {
  const shape = type?.tensorType?.shape?.dim.map(({ dimValue }) => dimValue) ?? [];
  if (shape.length === 2 && shape[0] === 1 && shape[1] > 0) return { name, width: shape[1] };
  throw new InputError(`${fileName}: ${name}: got shape [${shape.join(", ")}], expected [1, width]`);
}

function readTensor({ name, dims, dataType, rawData }: TensorFields, fileName: string): OnnxTensor {
  const count = dims.reduce((product, size) => product * size, 1);
  if (dataType !== FLOAT || rawData.length !== 4 * count) {
    const got = `type ${dataType} with ${rawData.length} bytes`;
    throw new InputError(`${fileName}: ${name}: got ${got}, expected float32 with ${4 * count}`);
  }
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return { name, dims, values: Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true)) };
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}
