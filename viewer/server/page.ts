/**
 * The built page, held in memory: a rebuild under a running server neither breaks its answers nor mixes two builds, and a
 * request's path is only ever looked up among names, never opened. Node only.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { InputError } from "../../sim/errors.js";
import type { Reply } from "./reply.js";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Contents by path, such as `assets/index-abc.js`. */
export type PageFiles = ReadonlyMap<string, Buffer>;

/** Reads the folder of the built page. Throws InputError if it is not there. */
export function readPageFiles(pageRoot: string): PageFiles {
  if (!existsSync(join(pageRoot, "index.html"))) {
    throw new InputError(`the viewer's page is not in ${pageRoot}: build it with npm run build`);
  }
  const entries = readdirSync(pageRoot, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(pageRoot, path).replaceAll(sep, "/"), readFileSync(path)]));
}

/** Answers for the page's files. */
export class ServedPage {
  /** Compressed on first demand: worth it through an SSH tunnel. */
  private readonly compressed = new Map<string, Buffer>();

  constructor(private readonly files: PageFiles) {}

  /** The answer to a GET of `path`, or null if the page has no such file. */
  reply(path: string, acceptEncoding: string): Reply | null {
    const name = path === "/" ? "index.html" : path.slice(1);
    const body = this.files.get(name);
    if (!body) return null;
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    // Built files carry a hash of their contents in their names; the page itself must be asked for anew.
    const caching = name.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = { "Cache-Control": caching, Vary: "Accept-Encoding" };
    if (!/\bgzip\b/.test(acceptEncoding)) return { status: 200, type, body, headers };
    return { status: 200, type, body: this.compress(name, body), headers: { ...headers, "Content-Encoding": "gzip" } };
  }

  private compress(name: string, body: Buffer): Buffer {
    const bytes = this.compressed.get(name) ?? gzipSync(body);
    this.compressed.set(name, bytes);
    return bytes;
  }
}
