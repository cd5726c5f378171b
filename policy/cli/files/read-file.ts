import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../../../sim/errors.js";
import { asInputError } from "./atomic-file.js";

/** @throws InputError if the file cannot be read */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw asInputError(error, `cannot read ${path}`);
  }
}

/** @throws InputError if the file cannot be read */
export function readText(path: string): string {
  return readBytes(path).toString("utf8");
}

/** A file with its name; null where there is none. */
export function findBytes(path: string): { name: string; bytes: Buffer } | null {
  return existsSync(path) ? { name: path, bytes: readBytes(path) } : null;
}

/**
 * What a parser makes of a file's text.
 * @param language what the parser reads, as the error names it
 * @throws InputError with the first line of what the parser says
 */
export function readParsed(path: string, language: string, parse: (text: string) => unknown): unknown {
  const text = readText(path);
  try {
    return parse(text);
  } catch (error) {
    throw new InputError(`${path}: not ${language}: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}
