/** Serves the viewer's page and the recorded runs to a browser on this machine. Reads only. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "../../sim/errors.js";
import { refuse, refuseMalformed, requestLimits } from "./guard.js";
import { readPageFiles, ServedPage } from "./page.js";
import { problem, type Reply, send } from "./reply.js";
import { replyToApi } from "./routes.js";

export interface ViewerServerOptions {
  /** Folder of the runs. */
  readonly runsRoot: string;
  /** Folder of the built page. */
  readonly pageRoot: string;
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Time for a request to arrive, a minute unless stated: a burst of a thousand must not meet it. */
  readonly requestTimeoutMs?: number;
}

export interface ViewerServer {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts serving. Throws InputError if the page has not been built or the port cannot be had. */
export async function startViewerServer(options: ViewerServerOptions): Promise<ViewerServer> {
  const { runsRoot, pageRoot, host = "127.0.0.1", port, requestTimeoutMs = 60_000 } = options;
  const page = new ServedPage(readPageFiles(pageRoot));
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    try {
      send(response, refuse(request, host) ?? replyTo(request, runsRoot, page));
    } catch (error) {
      // What went wrong may name files of this machine: that is for its terminal.
      process.stderr.write(`${request.url}: ${error instanceof Error ? error.stack : error}\n`);
      send(response, problem(500, "The server cannot answer this. Its terminal says why."));
    }
  };
  const server = createServer(requestLimits(requestTimeoutMs), answer);
  server.on("checkExpectation", answer); // whatever else a client expects, it gets the same
  server.on("clientError", refuseMalformed);
  await listen(server, host, port);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: () => close(server),
  };
}

function replyTo({ url, headers }: IncomingMessage, runsRoot: string, page: ServedPage): Reply {
  const path = (url ?? "/").split("?")[0];
  if (path.startsWith("/api/")) return replyToApi(runsRoot, path);
  const encodings = String(headers["accept-encoding"] ?? "");
  return page.reply(path, encodings) ?? problem(404, `There is nothing at ${path}.`);
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
