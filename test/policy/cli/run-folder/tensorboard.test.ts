import CRC32C from "crc-32/crc32c.js";
import { describe, expect, it } from "vitest";
import {
  encodeFileVersionEvent,
  encodeRecord,
  encodeScalarsEvent,
  encodeTextEvent,
  maskedCrc32c,
} from "../../../../policy/cli/run-folder/tensorboard.js";
import { maskedCrc, parseWire, readEventFile, readRecords } from "../../../support/tensorboard-reader.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const dataOf = (record: Uint8Array) => readRecords(record)[0];

describe("checksums", () => {
  it("is CRC-32C: the standard check value", () => {
    expect(CRC32C.buf(bytesOf("123456789")) >>> 0).toBe(0xe3069283);
  });

  it("masks it as TensorFlow does", () => {
    // 0xe3069283 >> 15 = 0x1c60d; 0xe3069283 << 17 = 0x25060000 (low 32 bits); or: 0x2507c60d; + 0xa282ead8 = 0xc78ab0e5.
    expect(maskedCrc32c(bytesOf("123456789"))).toBe(0xc78ab0e5);
    // No bytes: CRC 0, mask 0xa282ead8.
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
    // And as the checksum's definition has it, bit by bit.
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i * i);
    expect(maskedCrc32c(bytes)).toBe(maskedCrc(bytes));
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
    const [event] = readEventFile(encodeScalarsEvent(3, 5e9, scalars));
    expect(event).toEqual({ wallTimeS: 3, step: 5e9, fileVersion: undefined, values: scalars });
  });

  it("holds texts, as its text plugin reads them", () => {
    const [event] = readEventFile(encodeTextEvent(3, "config", "seed: 1 # µ\n"));
    expect(event).toEqual({ wallTimeS: 3, step: 0, fileVersion: undefined, values: { config: "seed: 1 # µ\n" } });
  });
});
