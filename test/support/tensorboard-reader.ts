/** Reads TensorBoard event files by the book, with nothing of the code that writes them. */

import { expect } from "vitest";

/** A scalar is a number, a text a string. */
export interface ReadEvent {
  readonly wallTimeS: number;
  readonly step: number;
  readonly fileVersion: string | undefined;
  readonly values: Readonly<Record<string, number | string>>;
}

interface WireField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The file's events, all checksums verified. */
export function readEventFile(bytes: Uint8Array): ReadEvent[] {
  return readRecords(bytes).map(readEvent);
}

/** Takes TFRecord frames apart: u64 length, its masked CRC, data, their masked CRC. */
export function readRecords(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(data).toHaveLength(length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc(data));
    records.push(data);
    at += 8 + 4 + length + 4;
  }
  return records;
}

/** Protobuf's wire format: varint (0), 64-bit double (1), length-delimited (2), 32-bit float (5). */
export function parseWire(bytes: Uint8Array): WireField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const payload = (wireType: number) => {
    if (wireType === 0) return varint();
    if (wireType === 2) {
      const length = varint();
      at += length;
      return bytes.subarray(at - length, at);
    }
    at += wireType === 1 ? 8 : 4;
    return wireType === 1 ? view.getFloat64(at - 8, true) : view.getFloat32(at - 4, true);
  };
  const fields: WireField[] = [];
  while (at < bytes.length) {
    const key = varint();
    fields.push({ number: key >> 3, value: payload(key & 7) });
  }
  return fields;
}

function readEvent(record: Uint8Array): ReadEvent {
  const fields = fieldsOf(record);
  const summary = fields.get(5);
  return {
    wallTimeS: fields.get(1) as number,
    step: (fields.get(2) as number | undefined) ?? 0,
    fileVersion: fields.has(3) ? textOf(fields.get(3)!) : undefined,
    values: Object.fromEntries(summary ? parseWire(summary as Uint8Array).map(({ value }) => readValue(value)) : []),
  };
}

/** Summary.Value: tag (1), simple_value (2), tensor (8), metadata (9). */
function readValue(message: number | Uint8Array): [tag: string, value: number | string] {
  const fields = fieldsOf(message);
  const tag = textOf(fields.get(1)!);
  if (fields.has(2)) return [tag, fields.get(2) as number];
  const tensor = fieldsOf(fields.get(8)!);
  const metadata = fieldsOf(fields.get(9)!);
  // TensorProto: dtype (1) DT_STRING, tensor_shape (2) without dimensions, string_val (8).
  expect(tensor.get(1)).toBe(7);
  expect(tensor.get(2)).toHaveLength(0);
  // SummaryMetadata: plugin_data (1) with plugin_name (1), data_class (4) DATA_CLASS_TENSOR.
  expect(textOf(fieldsOf(metadata.get(1)!).get(1)!)).toBe("text");
  expect(metadata.get(4)).toBe(2);
  return [tag, textOf(tensor.get(8)!)];
}

function fieldsOf(message: number | Uint8Array): Map<number, number | Uint8Array> {
  return new Map(parseWire(message as Uint8Array).map(({ number, value }) => [number, value]));
}

function textOf(value: number | Uint8Array): string {
  return new TextDecoder().decode(value as Uint8Array);
}

/** CRC-32C bit by bit (its polynomial, reversed: 0x82f63b78), rotated right by 15 and offset. */
export function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
