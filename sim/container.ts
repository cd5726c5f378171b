/**
 * The binary file that checkpoints and episodes share: a JSON header and named Float32 arrays.
 *
 * All numbers little-endian, like every machine that runs this:
 *
 *     8 bytes   magic
 *     u32       format version
 *     u32       length of the JSON text, padding included
 *     JSON      { kind, header, sections: [{ name, length }] }, UTF-8, padded with spaces to a multiple of 4 bytes
 *     f32[]     the sections, one after the other
 *     u32       CRC-32 of everything before it
 */

import CRC32 from "crc-32";
import { z } from "zod";
import { InputError } from "./errors.js";

const MAGIC = new TextEncoder().encode("GAITWAY\n");
const FORMAT_VERSION = 1;
const PREFIX_BYTES = 16;
const CRC_BYTES = 4;

/** What a file is, with its article for messages. */
const KIND_NOUNS = { checkpoint: "a checkpoint", episode: "an episode" } as const;

export type ContainerKind = keyof typeof KIND_NOUNS;

const envelopeSchema = z.object({
  kind: z.enum(["checkpoint", "episode"]),
  header: z.unknown(),
  sections: z.array(z.object({ name: z.string(), length: z.int().nonnegative() })),
});

type Envelope = z.infer<typeof envelopeSchema>;

/** Packs a header (anything that JSON can hold) and its sections. */
export function encodeContainer(
  kind: ContainerKind,
  header: unknown,
  sections: Record<string, Float32Array>,
): Uint8Array {
  const arrays = Object.entries(sections);
  const directory = arrays.map(([name, { length }]) => ({ name, length }));
  const envelope: Envelope = { kind, header, sections: directory };
  const json = padTo4(new TextEncoder().encode(JSON.stringify(envelope)));
  const bytes = new Uint8Array(containerBytes(json.length, envelope));
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, PREFIX_BYTES);
  let offset = PREFIX_BYTES + json.length;
  for (const [, array] of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  view.setInt32(offset, CRC32.buf(bytes.subarray(0, offset)), true);
  return bytes;
}

/**
 * Unpacks a file of the expected kind; the sections are copies. Throws InputError, naming `fileName`, for any other bytes:
 * no such file, another kind, an unknown version, cut short, altered, or a header that makes no sense.
 */
export function decodeContainer(
  bytes: Uint8Array,
  kind: ContainerKind,
  fileName: string,
): { header: unknown; sections: Record<string, Float32Array> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPrefix(bytes, view, fileName);
  const jsonBytes = view.getUint32(12, true);
  const smallest = PREFIX_BYTES + jsonBytes + CRC_BYTES;
  if (bytes.length < smallest) throw truncated(fileName, `at least ${smallest}`, bytes.length);

  const envelope = parseEnvelope(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + jsonBytes));
  const expected = envelope && containerBytes(jsonBytes, envelope);
  const crcOffset = bytes.length - CRC_BYTES;
  if (view.getInt32(crcOffset, true) !== CRC32.buf(bytes.subarray(0, crcOffset))) {
    if (expected !== null && bytes.length < expected) throw truncated(fileName, `${expected}`, bytes.length);
    throw new InputError(`${fileName} is damaged: its checksum does not match`);
  }
  if (envelope === null) throw new InputError(`${fileName} has a broken header`);
  if (expected !== bytes.length) {
    throw new InputError(`${fileName} has a broken header: expected ${expected} bytes, the file has ${bytes.length}`);
  }
  if (envelope.kind !== kind) {
    throw new InputError(`${fileName} is ${KIND_NOUNS[envelope.kind]}, expected ${KIND_NOUNS[kind]}`);
  }
  return { header: envelope.header, sections: copySections(bytes, PREFIX_BYTES + jsonBytes, envelope) };
}

function checkPrefix(bytes: Uint8Array, view: DataView, fileName: string): void {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new InputError(`${fileName} is not a Gaitway checkpoint or episode`);
  }
  if (bytes.length < PREFIX_BYTES + CRC_BYTES) {
    throw truncated(fileName, `at least ${PREFIX_BYTES + CRC_BYTES}`, bytes.length);
  }
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) {
    throw new InputError(
      `${fileName} has format version ${version}, this Gaitway reads version ${FORMAT_VERSION}: update it to read newer files`,
    );
  }
}

function truncated(fileName: string, expected: string, actual: number): InputError {
  return new InputError(`${fileName} is cut short: expected ${expected} bytes, the file has ${actual}`);
}

/** Null for anything but a well-formed envelope. */
function parseEnvelope(json: Uint8Array): Envelope | null {
  try {
    return envelopeSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)));
  } catch {
    return null;
  }
}

/** Size of the whole file. */
function containerBytes(jsonBytes: number, { sections }: Envelope): number {
  const values = sections.reduce((sum, { length }) => sum + length, 0);
  return PREFIX_BYTES + jsonBytes + values * Float32Array.BYTES_PER_ELEMENT + CRC_BYTES;
}

function copySections(bytes: Uint8Array, start: number, envelope: Envelope): Record<string, Float32Array> {
  let offset = start;
  const entries = envelope.sections.map(({ name, length }): [string, Float32Array] => {
    const array = new Float32Array(length);
    // By bytes, because the file may stand at an odd address of a pooled Buffer.
    new Uint8Array(array.buffer).set(bytes.subarray(offset, offset + array.byteLength));
    offset += array.byteLength;
    return [name, array];
  });
  return Object.fromEntries(entries);
}

function padTo4(json: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(json.length / 4) * 4).fill(" ".charCodeAt(0));
  padded.set(json);
  return padded;
}
