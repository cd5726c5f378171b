/** The viewer as a folder for any web server: the page, and beside it what its own server would answer about one run. */

import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../../../sim/errors.js";
import { readPageFiles } from "../../../viewer/server/page.js";
import { PAGE_POLICY } from "../../../viewer/server/reply.js";
import { staticApi } from "../../../viewer/server/routes.js";
import { asInputError, writeFileAtomic } from "../files/atomic-file.js";

/** The page that `gaitway render` opens is of no use there. */
const FILM = /^(assets\/)?film\b/;

/** Throws InputError if `folder` is a file, or not empty and may not be written into. */
export function checkFree(folder: string, force: boolean): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory())
    throw new InputError(`--build: got ${folder}, which is a file; expected a folder`);
  if (force || readdirSync(folder).length === 0) return;
  throw new InputError(`--build: ${folder} is not empty: choose another folder, or --force to write into it`);
}

/** Writes the page in `pageRoot` and the run `id` into `folder`, over files of the same names. Throws InputError if it cannot. */
export function writeStaticViewer(folder: string, pageRoot: string, runsRoot: string, id: string): void {
  const page = [...readPageFiles(pageRoot)].filter(([name]) => !FILM.test(name));
  const files = new Map([...page, ...staticApi(runsRoot, id)]);
  files.set("index.html", withPolicy(files.get("index.html")!));
  for (const [name, contents] of files) {
    const path = join(folder, ...name.split("/"));
    makeFolder(dirname(path));
    writeFileAtomic(path, contents);
  }
}

/** Other servers send no Content-Security-Policy, so the page states it itself. */
function withPolicy(html: Buffer): Buffer {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY.join("; ")}" />`;
  return Buffer.from(html.toString().replace("<head>", `<head>\n    ${policy}`));
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw asInputError(error, `cannot make ${path}`);
  }
}
