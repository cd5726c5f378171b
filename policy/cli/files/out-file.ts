import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "../../../sim/errors.js";
import { asInputError, makeFolders } from "./atomic-file.js";

/** Before minutes are spent on what is to be in the file. @throws InputError unless it may be written there */
export function checkOut(path: string, force: boolean): void {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new InputError(`--out: got ${path}, which is a folder; expected a file`);
  if (existsSync(path) && !force)
    throw new InputError(`--out: ${path} exists: choose another file, or --force to replace it`);
  makeFolders(dirname(path));
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw asInputError(error, `cannot write ${path}`);
  }
}
