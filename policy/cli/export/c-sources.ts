/** The exported controller's sources in C, which ship beside the code. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assetPath } from "../files/package-root.js";

/** The files of `policy/export/c` in C, by name. */
export function readCSources(): ReadonlyMap<string, string> {
  const folder = assetPath("policy/export/c");
  const names = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
