import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../../sim/errors.js";

/**
 * Writes a file so that a crash or power cut at any moment leaves either the old contents or the new, whole, under `path`.
 * Throws InputError where the system refuses: no rights, no space, no folder.
 */
export function writeFileAtomic(path: string, contents: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeSynced(temporary, contents);
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asInputError(error, `cannot write ${path}`);
  }
}

/** Makes folders, one after the other, and those that the first stands in. Throws InputError where the system refuses. */
export function makeFolders(...paths: readonly string[]): void {
  for (const path of paths) {
    try {
      // Recursive only where it must be: that tells of a missing folder where the disk is read-only.
      if (!existsSync(path)) mkdirSync(path, { recursive: !existsSync(dirname(path)) });
    } catch (error) {
      throw asInputError(error, `cannot make ${path}`);
    }
  }
}

/** Makes a folder that is nobody else's yet. Throws InputError where it exists meanwhile, or the system refuses. */
export function makeNewFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    throw asInputError(error, `cannot make ${path}`);
  }
}

/** The InputError that stands for a refusal by the file system; any other error as it is. */
export function asInputError(error: unknown, what: string): unknown {
  if (!(error instanceof Error && "code" in error && "syscall" in error)) return error;
  // Node's messages read "EACCES: permission denied, open '/x'": the middle says why.
  const reason = /^\w+: (.*?),/.exec(error.message)?.[1] ?? error.message;
  return new InputError(`${what}: ${reason}`, { cause: error });
}

function writeSynced(path: string, contents: Uint8Array | string): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, contents);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename itself durable. Windows cannot open folders, and does not need it. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
