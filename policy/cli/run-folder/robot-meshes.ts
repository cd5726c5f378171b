/** Brings the meshes that a URDF is drawn with into a run's folder, so that the viewer shows them wherever the run goes. */

import { copyFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { meshFilesOf, meshFormatOf } from "../../../sim/robot/urdf-meshes.js";
import { asInputError, makeFolders } from "../files/atomic-file.js";
import { log } from "../terminal/log.js";
import type { RunDirectory } from "./run-directory.js";

/** Folders above the URDF's in which a package may be looked for: packages hold urdf/ beside meshes/, and lie side by side. */
const FOLDERS_UP = 3;

/** Copies what there is, and warns of what there is not. @param urdfPath that the URDF was read from */
export function copyMeshes(run: RunDirectory, urdf: string, urdfPath: string): void {
  const missing: string[] = [];
  for (const { path, file } of meshFilesOf(urdf, urdfPath)) {
    const source = meshFormatOf(path) && findMesh(path, dirname(resolve(urdfPath)));
    if (source) copy(source, run.meshFolder, file);
    else missing.push(path);
  }
  if (missing.length === 0) return;
  log.warn(
    `${urdfPath}: the viewer will show collision shapes in place of meshes that are not there, or neither STL, DAE nor OBJ: ${missing.join(", ")}`,
  );
}

/** Path of the file, or null where there is none. */
function findMesh(path: string, urdfFolder: string): string | null {
  return candidates(path, urdfFolder).find((each) => statSync(each, { throwIfNoEntry: false })?.isFile()) ?? null;
}

function candidates(path: string, urdfFolder: string): string[] {
  if (path.startsWith("file://")) return URL.canParse(path) ? [fileURLToPath(path)] : [];
  if (!path.startsWith("package://")) return [resolve(urdfFolder, path)];
  const [name, ...rest] = path.slice("package://".length).split("/");
  const folders = [urdfFolder];
  for (let i = 0; i < FOLDERS_UP; i++) folders.push(dirname(folders[i]));
  return folders.flatMap((folder) => [join(folder, name, ...rest), join(folder, ...rest)]);
}

function copy(source: string, folder: string, file: string): void {
  makeFolders(folder);
  try {
    copyFileSync(source, join(folder, file));
  } catch (error) {
    throw asInputError(error, `cannot copy ${source}`);
  }
}
