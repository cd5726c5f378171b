import CRC32C from "crc-32/crc32c.js";
import { describe, expect, it } from "vitest";
import { encodeFileVersionEvent, encodeRecord, encodeScalarsEvent, maskedCrc32c } from "../../policy/tensorboard.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Takes a frame apart as the TFRecord format describes it. */
function dataOf(record: Uint8Array): Uint8Array {
  const view = new DataView(record.buffer, record.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  expect(record.length).toBe(8 + 4 + length + 4);
  expect(view.getUint32(8, true)).toBe(maskedCrc32c(record.subarray(0, 8)));
  const data = record.subarray(12, 12 + length);
  expect(view.getUint32(12 + length, true)).toBe(maskedCrc32c(data));
  return data;
}

interface WireField {
  number: number;
  value: number | Uint8Array;
}

/** A hand-written reader of protobuf's wire format: varint (0), 64-bit double (1), length-delimited (2), 32-bit float (5). */
function parseWire(bytes: Uint8Array): WireField[] {
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

describe("checksums", () => {
  it("is CRC-32C: the standard check value", () => {
    expect(CRC32C.buf(bytesOf("123456789")) >>> 0).toBe(0xe3069283);
  });

  it("masks it as TensorFlow does", () => {
    // 0xe3069283 >> 15 = 0x1c60d; 0xe3069283 << 17 = 0x25060000 (low 32 bits); or: 0x2507c60d; + 0xa282ead8 = 0xc78ab0e5.
    expect(maskedCrc32c(bytesOf("123456789"))).toBe(0xc78ab0e5);
    // No bytes: CRC 0, mask 0xa282ead8.
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
  });
});

describe("encodeRecord", () => {
  it("frames data with their length and both checksums", () => {
    const record = encodeRecord(bytesOf("hello"));
    expect([...record.subarray(0, 8)]).toEqual([5, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(dataOf(record))).toBe("hello");
  });
});

describe("events", () => {
  it("starts a file with its version", () => {
    const fields = parseWire(dataOf(encodeFileVersionEvent(1700000000.5)));
    expect(fields).toEqual([
      { number: 1, value: 1700000000.5 },
      { number: 3, value: bytesOf("brain.Event:2") },
    ]);
  });

  it("matches bytes put together by hand", () => {
    // Value: field 1, length 1, "a"; field 2, 32 bit, 1.5 = 0x3fc00000. Summary: field 1, length 8.
    const value = [0x0a, 1, 0x61, 0x15, 0, 0, 0xc0, 0x3f];
    const summary = [0x0a, value.length, ...value];
    // Event: field 1, 64 bit, 2.0 = 0x4000000000000000; field 2, varint 300 = 0b10_0101100; field 5, the summary.
    const event = [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xac, 0x02, 0x2a, summary.length, ...summary];
    expect([...dataOf(encodeScalarsEvent(2, 300, { a: 1.5 }))]).toEqual(event);
  });

  it("holds every scalar, also 0 and NaN, and steps beyond 32 bits", () => {
    const scalars = { "reward/total": 0, "loss/value": -2.5, speed: Number.NaN };
    const [wallTime, step, summary] = parseWire(dataOf(encodeScalarsEvent(3, 5e9, scalars)));
    expect(wallTime).toEqual({ number: 1, value: 3 });
    expect(step).toEqual({ number: 2, value: 5e9 });
    expect(summary!.number).toBe(5);
    const values = parseWire(summary!.value as Uint8Array).map((field) => {
      const [tag, simpleValue] = parseWire(field.value as Uint8Array);
      return [new TextDecoder().decode(tag!.value as Uint8Array), simpleValue!.value];
    });
    expect(Object.fromEntries(values)).toEqual(scalars);
  });
});
