/** The mesh files that a URDF is drawn with. Physics has no use of them. */

import { childrenOf, optionalChild, parseXml } from "./urdf-xml.js";

export const MESH_FORMATS = ["stl", "dae", "obj"] as const;

export type MeshFormat = (typeof MESH_FORMATS)[number];

export interface MeshFile {
  /** As the URDF names it: a path, or a package:// address. */
  readonly path: string;
  /** Name of the copy in a run's folder of meshes: no other mesh of the URDF has it, and it leads nowhere else. */
  readonly file: string;
}

/** Each once, in the order of the URDF. @param fileName serves the messages. Throws InputError where the URDF is no XML. */
export function meshFilesOf(urdf: string, fileName: string): MeshFile[] {
  const visuals = childrenOf(parseXml(urdf, fileName), "link").flatMap((link) => childrenOf(link, "visual"));
  const paths = visuals
    .flatMap((visual) => optionalChild(visual, "geometry") ?? [])
    .flatMap((geometry) => childrenOf(geometry, "mesh"))
    .flatMap(({ attributes }) => attributes.filename || []);
  return [...new Set(paths)].map((path, index) => ({ path, file: `${index}-${plainName(path)}` }));
}

/** By the name's end; null for formats that are not drawn. */
export function meshFormatOf(path: string): MeshFormat | null {
  return MESH_FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`)) ?? null;
}

function plainName(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(/[^\w.-]/g, "_");
}
