/** What the server sends, and the headers that stand on all of it. Node only. */

import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ApiProblem } from "./api.js";

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the page may load and do, wherever it is served from. */
export const PAGE_POLICY = [
  "default-src 'none'",
  // WebAssembly may be compiled, for the physics engine of the live simulation; text still may not.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
] as const;

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [...PAGE_POLICY, "frame-ancestors 'none'"].join("; "),
  // Both of these together allow the page SharedArrayBuffer.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export function json(status: number, value: unknown): Reply {
  return {
    status,
    type: "application/json; charset=utf-8",
    body: Buffer.from(JSON.stringify(value)),
    headers: { "Cache-Control": "no-store" },
  };
}

/** Any answer but a success, for people to read. */
export function problem(status: number, error: string): Reply {
  const body: ApiProblem = { error };
  return json(status, body);
}

/** Turns a request away for what it is, and its connection with it: more that is unwanted may follow. */
export function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Reply {
  const reply = problem(status, error);
  return { ...reply, headers: { ...reply.headers, ...headers, Connection: "close" } };
}

export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, headersOf(reply));
  response.end(reply.body);
}

/** Answers a connection on which nothing has arrived that Node could read as a request, and ends it. */
export function sendRaw(socket: Socket, reply: Reply): void {
  const lines = Object.entries(headersOf(reply)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status]}\r\n${lines.join("")}\r\n`);
  socket.end(reply.body, () => socket.destroy());
}

function headersOf({ type, body, headers }: Reply): Record<string, string> {
  return { ...HEADERS, "Content-Type": type, "Content-Length": String(body.length), ...headers };
}
