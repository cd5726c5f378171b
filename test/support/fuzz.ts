/** Damage to texts, values and files, the same from the same seed. */

import CRC32 from "crc-32";
import { expect } from "vitest";
import { InputError } from "../../sim/errors.js";
import { Rng } from "../../sim/rng.js";

/** What people and programs put where a number or a name should be. */
const ODD_WORDS = [
  ...["", "0", "-0", "-1", "1e999", "1e308", "-1e308", "1e-308", "NaN", "Infinity", "0x10", "1,5", "1 2 3 4 5", "null"],
  ...[
    "../../../../tmp/gaitway-escaped",
    "/dev/null",
    "__proto__",
    "constructor",
    "\u0000",
    "\uFFFF",
    "é\n\r\t",
    "]]>",
    "&amp;",
  ],
];
const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0,
    0.01,
    0.1,
    0.5,
    1,
    2,
    3,
    10,
    1e-308,
    1e308,
    2 ** 31,
    2 ** 53,
    "",
    "a",
  ],
  ...[
    [],
    [1, 0],
    [0, 1],
    [Number.NaN, 1],
    [[1]],
    {},
    { a: 1 },
    JSON.parse('{"__proto__": {"seed": 1}}'),
    "x".repeat(9999),
  ],
];

export class Fuzzer {
  private readonly rng: Rng;

  constructor(seed: number) {
    this.rng = new Rng(seed);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.rng.integer(choices.length)];
  }

  /** A text with one to four places changed. */
  text(original: string): string {
    let text = original;
    for (let i = this.rng.integer(4); i >= 0; i--) text = this.changeOnce(text);
    return text;
  }

  /** A tree of plain values with one or two leaves or branches replaced, removed or added. */
  tree(original: object): unknown {
    const tree = structuredClone(original);
    for (let i = this.rng.integer(2); i >= 0; i--) this.changeBranch(tree as Record<string, unknown>);
    return tree;
  }

  /** Bytes with bits flipped, parts cut out, or more behind them. */
  bytes(original: Uint8Array): Uint8Array {
    const { rng } = this;
    const bytes = Uint8Array.from(original);
    switch (rng.integer(4)) {
      case 0:
        return bytes.subarray(0, rng.integer(bytes.length));
      case 1:
        return Uint8Array.from([...bytes.subarray(0, rng.integer(bytes.length)), ...bytes.subarray(rng.integer(99))]);
      default:
        for (let i = rng.integer(8); i >= 0; i--) bytes[rng.integer(bytes.length)] ^= 1 << rng.integer(8);
        return bytes;
    }
  }

  /** A container file with another header, or other numbers, and a checksum that fits. */
  container(original: Uint8Array): Uint8Array {
    const start = 16;
    const length = new DataView(original.buffer, original.byteOffset).getUint32(12, true);
    const json = new TextDecoder().decode(original.subarray(start, start + length));
    const changed = this.rng.next() < 0.5 ? this.text(json) : JSON.stringify(this.tree(JSON.parse(json)));
    const text = new TextEncoder().encode(changed.padEnd(4 * Math.ceil(changed.length / 4)));
    const rest = original.subarray(start + length);
    const bytes = Uint8Array.from([...original.subarray(0, start), ...text, ...rest]);
    const view = new DataView(bytes.buffer);
    view.setUint32(12, text.length, true);
    view.setInt32(bytes.length - 4, CRC32.buf(bytes.subarray(0, -4)), true);
    return bytes;
  }

  private changeOnce(text: string): string {
    const { rng } = this;
    const at = rng.integer(text.length + 1);
    const end = Math.min(text.length, at + 1 + rng.integer(this.pick([2, 20, 500])));
    switch (rng.integer(4)) {
      case 0:
        return text.slice(0, at) + text.slice(end);
      case 1:
        return text.slice(0, end) + text.slice(at);
      case 2:
        return text.slice(0, at) + this.pick(ODD_WORDS) + text.slice(at);
      default: {
        const number = [...text.matchAll(/-?\d+(\.\d+)?/g)];
        if (number.length === 0) return text;
        const { index, 0: digits } = this.pick(number);
        return text.slice(0, index) + this.pick(ODD_WORDS) + text.slice(index + digits.length);
      }
    }
  }

  private changeBranch(tree: Record<string, unknown>): void {
    let node = tree;
    for (;;) {
      const key = this.pick(Object.keys(node));
      const child = key === undefined ? undefined : node[key];
      const isLeaf = typeof child !== "object" || child === null || Object.keys(child).length === 0;
      if (!isLeaf && this.rng.next() < 0.9) {
        node = child as Record<string, unknown>;
        continue;
      }
      if (this.rng.next() < 0.1) delete node[key];
      else node[this.rng.next() < 0.1 ? this.pick(ODD_WORDS) : key] = structuredClone(this.pick(ODD_VALUES));
      return;
    }
  }
}

/** What the action gives, or undefined after an InputError of one line; fails on any other error. */
export function valueOrInputError<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    expect(error, (error as Error).stack).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^[^\n\r]+$/);
    return undefined;
  }
}
