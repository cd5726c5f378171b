/**
 * The bytes of TensorBoard event files: protobuf `Event` messages in TFRecord frames.
 *
 * Formats: tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto and the comment above
 * `RecordWriter::PopulateHeader` in tensorflow's record_writer.h; texts besides: tensor.proto, tensor_shape.proto. Only the fields
 * that scalars and texts need are declared.
 */

import CRC32C from "crc-32/crc32c.js";
import protobuf from "protobufjs/light.js";

const Tensor = new protobuf.Type("Tensor")
  .add(new protobuf.Type("Shape"))
  .add(new protobuf.Field("dtype", 1, "int32"))
  .add(new protobuf.Field("tensorShape", 2, "Shape"))
  .add(new protobuf.Field("stringVal", 8, "string", "repeated"));

const PluginData = new protobuf.Type("PluginData").add(new protobuf.Field("pluginName", 1, "string"));

const Metadata = new protobuf.Type("Metadata")
  .add(PluginData)
  .add(new protobuf.Field("pluginData", 1, "PluginData"))
  .add(new protobuf.Field("dataClass", 4, "int32"));

const Value = new protobuf.Type("Value")
  .add(Tensor)
  .add(Metadata)
  .add(new protobuf.Field("tag", 1, "string"))
  .add(new protobuf.Field("simpleValue", 2, "float"))
  .add(new protobuf.Field("tensor", 8, "Tensor"))
  .add(new protobuf.Field("metadata", 9, "Metadata"));

const Summary = new protobuf.Type("Summary").add(Value).add(new protobuf.Field("value", 1, "Value", "repeated"));

const Event = new protobuf.Type("Event")
  .add(Summary)
  .add(new protobuf.Field("wallTime", 1, "double"))
  .add(new protobuf.Field("step", 2, "int64"))
  .add(new protobuf.Field("fileVersion", 3, "string"))
  .add(new protobuf.Field("summary", 5, "Summary"));

/** TensorFlow's numbers of the type of strings, and of summaries that are tensors. */
const DT_STRING = 7;
const DATA_CLASS_TENSOR = 2;

/** The record that an event file starts with. `wallTimeS` in seconds since 1970. */
export function encodeFileVersionEvent(wallTimeS: number): Uint8Array {
  return encodeRecord(encodeEvent({ wallTime: wallTimeS, fileVersion: "brain.Event:2" }));
}

/** One record with the scalars of one training step, by tag. `wallTimeS` in seconds since 1970. */
export function encodeScalarsEvent(wallTimeS: number, step: number, scalars: Record<string, number>): Uint8Array {
  const value = Object.entries(scalars).map(([tag, simpleValue]) => ({ tag, simpleValue }));
  return encodeRecord(encodeEvent({ wallTime: wallTimeS, step, summary: { value } }));
}

/** One record with a text in Markdown, which belongs to the whole run. `wallTimeS` in seconds since 1970. */
export function encodeTextEvent(wallTimeS: number, tag: string, text: string): Uint8Array {
  const tensor = { dtype: DT_STRING, tensorShape: {}, stringVal: [text] };
  const metadata = { pluginData: { pluginName: "text" }, dataClass: DATA_CLASS_TENSOR };
  return encodeRecord(encodeEvent({ wallTime: wallTimeS, summary: { value: [{ tag, tensor, metadata }] } }));
}

function encodeEvent(fields: Record<string, unknown>): Uint8Array {
  return Event.encode(Event.create(fields)).finish();
}

/** TFRecord: u64 length, its masked CRC-32C, the data, their masked CRC-32C; all little-endian. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/**
 * CRC-32C, rotated and offset so that the checksum of data that hold checksums stays sound (tensorflow/core/lib/hash/crc32c.h:
 * `((crc >> 15) | (crc << 17)) + 0xa282ead8`).
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = CRC32C.buf(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
