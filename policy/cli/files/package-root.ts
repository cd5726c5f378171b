import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULE_FOLDER = dirname(fileURLToPath(import.meta.url));

/** The folder that holds Gaitway's package.json, whether this module runs from its source or from dist/. */
export function packageRoot(): string {
  let folder = MODULE_FOLDER;
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${MODULE_FOLDER}`);
    folder = parent;
  }
  return folder;
}

/** Gaitway's version, as its package.json states it. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

/** Path of a data file that ships with the package, such as `sim/robots/a1.urdf`. */
export function assetPath(path: string): string {
  return join(packageRoot(), path);
}
