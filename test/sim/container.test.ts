import CRC32 from "crc-32";
import { describe, expect, it } from "vitest";
import { decodeContainer, encodeContainer } from "../../sim/container.js";
import { InputError } from "../../sim/errors.js";
import { Rng } from "../../sim/rng.js";

const header = { name: "Gänge", nested: [1, 2] };
const sections = {
  weights: new Float32Array([1, -2.5, 3e-8]),
  empty: new Float32Array(0),
  bias: new Float32Array([7]),
};
const good = encodeContainer("checkpoint", header, sections);

/** The good file with a change made to it. */
function altered(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = good.slice();
  change(bytes, new DataView(bytes.buffer));
  return bytes;
}

/** A file around any JSON text, with a matching checksum. */
function fileWithJson(json: string, payloadBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(16 + text.length + payloadBytes + 4);
  bytes.set(good.subarray(0, 12));
  const view = new DataView(bytes.buffer);
  view.setUint32(12, text.length, true);
  bytes.set(text, 16);
  view.setInt32(bytes.length - 4, CRC32.buf(bytes.subarray(0, bytes.length - 4)), true);
  return bytes;
}

const decode = (bytes: Uint8Array) => decodeContainer(bytes, "checkpoint", "a.ckpt");

function expectInputError(bytes: Uint8Array, message: string): void {
  expect(() => decode(bytes)).toThrow(InputError);
  expect(() => decode(bytes)).toThrow(message);
}

describe("container", () => {
  it("gives back what was put in", () => {
    expect(decode(good)).toEqual({ header, sections });
    expect(good.length % 4).toBe(0);
  });

  it("reads from an odd address, and encodes a view of a larger array", () => {
    const pool = new Uint8Array(good.length + 1);
    pool.set(good, 1);
    expect(decode(pool.subarray(1))).toEqual({ header, sections });
    const weights = new Float32Array([9, 1, -2.5, 3e-8, 9]).subarray(1, 4);
    expect(encodeContainer("checkpoint", header, { ...sections, weights })).toEqual(good);
  });

  it("ends in the CRC-32 of the rest", () => {
    const view = new DataView(good.buffer);
    expect(view.getInt32(good.length - 4, true)).toBe(CRC32.buf(good.subarray(0, -4)));
    // The standard check value, so that other tools can verify the file.
    expect(CRC32.str("123456789") >>> 0).toBe(0xcbf43926);
  });
});

describe("container errors", () => {
  it("are given for a file of another sort", () => {
    for (const text of ["", "G", "{}", "\u007fELF and so on for more than sixteen bytes"]) {
      expectInputError(new TextEncoder().encode(text), "a.ckpt is not a Gaitway checkpoint or episode");
    }
  });

  it("are given for another kind", () => {
    expectInputError(encodeContainer("episode", {}, {}), "a.ckpt is an episode, expected a checkpoint");
    const read = () => decodeContainer(good, "episode", "b.episode");
    expect(read).toThrow("b.episode is a checkpoint, expected an episode");
  });

  it("are given for a newer version", () => {
    expectInputError(
      altered((_, view) => view.setUint32(8, 2, true)),
      "a.ckpt has format version 2, this Gaitway reads version 1: update it to read newer files",
    );
  });

  it("are given for a file that was cut short, wherever", () => {
    expectInputError(good.subarray(0, 10), "a.ckpt is cut short: expected at least 20 bytes, the file has 10");
    const jsonBytes = new DataView(good.buffer).getUint32(12, true);
    expectInputError(good.subarray(0, 30), `cut short: expected at least ${16 + jsonBytes + 4} bytes, the file has 30`);
    // Prefix, JSON, 3 + 0 + 1 floats, checksum.
    expect(good.length).toBe(16 + jsonBytes + 4 * 4 + 4);
    expectInputError(good.subarray(0, -5), `expected ${good.length} bytes, the file has ${good.length - 5}`);
  });

  it("are given for altered bytes", () => {
    expectInputError(
      altered((bytes) => {
        bytes[good.length - 8]! ^= 1;
      }),
      "a.ckpt is damaged: its checksum does not match",
    );
    const longer = new Uint8Array(good.length + 4);
    longer.set(good);
    expectInputError(longer, "checksum");
  });

  it("are given for a broken header under a valid checksum", () => {
    const envelope = (section: string) => `{"kind":"checkpoint","header":{},"sections":[${section}]}`;
    for (const json of [
      "",
      "nonsense",
      "null",
      "[]",
      "[".repeat(100_000),
      `{"kind":"sandwich","header":{},"sections":[]}`,
      envelope(`{"name":"a"}`),
      envelope(`{"name":"a","length":-1}`),
      envelope(`{"name":"a","length":1.5}`),
      envelope(`{"name":"a","length":4000000000}`),
      envelope(`{"name":"a","length":9007199254740991},{"name":"b","length":9007199254740991}`),
    ]) {
      expectInputError(fileWithJson(json), "a.ckpt has a broken header");
    }
    expectInputError(fileWithJson(envelope(""), 8), "a.ckpt has a broken header: expected");
  });

  it("meet every random corruption", () => {
    const rng = new Rng(11);
    for (let i = 0; i < 300; i++) {
      let bytes = good.slice();
      const flips = rng.integer(4);
      for (let flip = 0; flip < flips; flip++) bytes[rng.integer(bytes.length)]! ^= 1 << rng.integer(8);
      if (flips === 0 || rng.integer(3) === 0) bytes = bytes.subarray(0, rng.integer(bytes.length));
      // Flips of the same bit undo each other.
      if (bytes.length === good.length && bytes.every((byte, k) => byte === good[k])) continue;
      expect(() => decode(bytes)).toThrow(InputError);
    }
  });

  it("meet random bytes behind a valid prefix", () => {
    const rng = new Rng(12);
    for (let i = 0; i < 300; i++) {
      const bytes = Uint8Array.from({ length: rng.integer(200) }, () => rng.integer(256));
      bytes.set(good.subarray(0, Math.min(12, bytes.length)));
      expect(() => decode(bytes)).toThrow(InputError);
    }
  });
});
