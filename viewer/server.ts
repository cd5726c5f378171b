/** Serves the viewer's page and the recorded runs to a browser on this machine. Reads only. */

import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import sirv from "sirv";
import { InputError } from "../sim/errors.js";
import { problem, type Reply, replyToApi } from "./server-routes.js";

export interface ViewerServerOptions {
  /** Folder of the runs. */
  readonly runsRoot: string;
  /** Folder of the built page. */
  readonly pageRoot: string;
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port: number;
}

export interface ViewerServer {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

type Page = ReturnType<typeof sirv>;

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    // WebAssembly may be compiled, for the physics engine of the live simulation; text still may not.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  // Both of these together allow the page SharedArrayBuffer.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Starts serving. Throws InputError if the page has not been built or the port cannot be had. */
export async function startViewerServer(options: ViewerServerOptions): Promise<ViewerServer> {
  const { runsRoot, pageRoot, host = "127.0.0.1", port } = options;
  if (!existsSync(join(pageRoot, "index.html"))) {
    throw new InputError(`the viewer's page is not in ${pageRoot}: build it with npm run build`);
  }
  const page = sirv(pageRoot, { etag: true, setHeaders: setCaching });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    try {
      answer(request, response, runsRoot, page);
    } catch (error) {
      send(response, problem(500, error instanceof Error ? error.message : String(error)));
    }
  });
  await listen(server, host, port);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: () => close(server),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, runsRoot: string, page: Page): void {
  const path = request.url?.split("?")[0] ?? "/";
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    send(response, problem(405, "This server only answers GET and HEAD."));
  } else if (path.startsWith("/api/")) {
    response.setHeader("Cache-Control", "no-store");
    send(response, replyToApi(runsRoot, path));
  } else page(request, response, () => send(response, problem(404, `There is nothing at ${path}.`)));
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": body.length });
  response.end(body);
}

/** Built files carry a hash of their contents in their names; the page itself must be asked for anew. */
function setCaching(response: ServerResponse, path: string): void {
  const hashed = path.startsWith("/assets/");
  response.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") {
        reject(new InputError(`port ${port} on ${host} is in use: pass another one with --port`));
      } else if (error.code === "EACCES") {
        reject(new InputError(`port ${port} on ${host} is not allowed: pass another one with --port`));
      } else reject(error);
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections(); // browsers keep theirs open
  });
}
