import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asInputError, writeFileAtomic } from "../../../../policy/cli/files/atomic-file.js";
import { InputError } from "../../../../sim/errors.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gaitway-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  it("replaces a file and leaves nothing else", () => {
    const path = join(folder, "a");
    writeFileSync(path, "an older and longer text");
    writeFileAtomic(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    writeFileAtomic(path, new Uint8Array([1, 2]));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("leaves nothing behind where it fails", () => {
    const path = join(folder, "taken");
    mkdirSync(join(path, "by-a-folder"), { recursive: true });
    expect(() => writeFileAtomic(path, "x")).toThrow(InputError);
    expect(() => writeFileAtomic(path, "x")).toThrow(`cannot write ${path}: `);
    expect(readdirSync(folder)).toEqual(["taken"]);
    const missing = join(folder, "no", "a");
    expect(() => writeFileAtomic(missing, "x")).toThrow(`cannot write ${missing}: no such file or directory`);
  });
});

describe("asInputError", () => {
  it("leaves bugs alone", () => {
    const bug = new TypeError("x is not a function");
    expect(asInputError(bug, "cannot write")).toBe(bug);
  });
});
