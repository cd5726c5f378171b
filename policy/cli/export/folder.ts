/** Writes a folder of files whole, or not at all. */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../../../sim/errors.js";
import { asInputError, writeFileAtomic } from "../files/atomic-file.js";
import { findManifest } from "./manifest.js";

/** @throws InputError unless an export may go to `folder`: it is new, empty, or with `force` an earlier export */
export function checkExportFolder(folder: string, force: boolean): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new InputError(`--out: got ${folder}, which is a file; expected a folder`);
  if (readdirSync(folder).length === 0) return;
  if (!findManifest(folder))
    throw new InputError(`--out: ${folder} is not empty, and no earlier export: choose another folder`);
  if (!force) throw new InputError(`--out: ${folder} exists: choose another folder, or --force to replace it`);
}

/**
 * @param files by path within the folder, with "/"
 * @param verify looks at the files before they get their place; what it throws leaves everything as it was
 * @throws InputError where the system refuses
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  verify: (written: string) => Promise<void>,
): Promise<void> {
  const place = resolve(folder);
  const temporary = `${place}.${process.pid}.tmp`;
  let firstMade: string | undefined;
  try {
    firstMade = mkdirSync(temporary, { recursive: true });
    for (const [name, contents] of files) {
      const path = join(temporary, ...name.split("/"));
      mkdirSync(dirname(path), { recursive: true });
      writeFileAtomic(path, contents);
    }
    await verify(temporary);
    replace(place, temporary);
  } catch (error) {
    if (firstMade !== undefined) rmSync(firstMade, { recursive: true, force: true });
    throw asInputError(error, `cannot write ${folder}`);
  }
}

function replace(place: string, temporary: string): void {
  const old = `${place}.${process.pid}.old`;
  if (existsSync(place)) renameSync(place, old);
  try {
    renameSync(temporary, place);
  } catch (error) {
    if (existsSync(old)) renameSync(old, place);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}
