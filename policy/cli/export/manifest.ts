/** The manifest of an export: what wrote it, for which robot, and all its files with their checksums. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../../sim/errors.js";

export const MANIFEST = "manifest.json";

const manifestSchema = z.looseObject({
  /** Gaitway's version. */
  gaitway: z.string(),
  robot: z.string(),
  formats: z.array(z.string()),
  /** By path within the folder, with "/". */
  files: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
});

export type Manifest = z.output<typeof manifestSchema>;

/** @param files by path within the folder, with "/" */
export function encodeManifest(
  about: Pick<Manifest, "gaitway" | "robot" | "formats">,
  files: ReadonlyMap<string, string | Uint8Array>,
): string {
  const listed = [...files].map(([path, contents]) => ({ path, sha256: checksum(contents) }));
  return `${JSON.stringify({ ...about, files: listed }, null, 2)}\n`;
}

/** Null where there is none, or where it is another program's, as web pages have one, too. */
export function findManifest(folder: string): Manifest | null {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return null;
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/**
 * @param path within the folder, with "/"
 * @throws InputError for a file that the manifest does not list, or lists with other contents
 */
export function checkListed({ files }: Manifest, folder: string, path: string, contents: Uint8Array): void {
  const listed = files.find((file) => file.path === path);
  const name = join(folder, path);
  if (!listed) throw new InputError(`${name}: not in ${MANIFEST}, expected the files of one export`);
  const got = checksum(contents);
  if (got === listed.sha256) return;
  throw new InputError(
    `${name}: SHA-256: got ${got.slice(0, 8)}..., expected ${listed.sha256.slice(0, 8)}... of ${MANIFEST}: changed, or of another export`,
  );
}

function checksum(contents: string | Uint8Array): string {
  return createHash("sha256").update(contents).digest("hex");
}
