/** What the server turns away before it looks at what is asked for. Node only. */

import type { IncomingMessage, ServerOptions } from "node:http";
import { isIP, type Socket } from "node:net";
import { type Reply, refusal, sendRaw } from "./reply.js";

/**
 * Requests are a line and a few headers, and come at once. Those that have not arrived after `timeoutMs` are cut off, so that
 * none holds a connection for long. Ours to answer are those without a Host header, too.
 */
export function requestLimits(timeoutMs: number): ServerOptions {
  return {
    maxHeaderSize: 16_384,
    headersTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    connectionsCheckingInterval: timeoutMs / 4,
    requireHostHeader: false,
  };
}

/** Why a request is not answered, or null if it is. `host` is what the server was told to listen on. */
export function refuse({ method, url, headers }: IncomingMessage, host: string): Reply | null {
  if (method !== "GET" && method !== "HEAD") {
    return refusal(405, "This server only answers GET and HEAD.", { Allow: "GET, HEAD" });
  }
  if (!isOurs(headers.host ?? "", host)) {
    return refusal(403, `This server answers to its IP address and to localhost, not to “${headers.host ?? ""}”.`);
  }
  return url?.startsWith("/") ? null : refusal(400, "The address must start with a slash.");
}

/**
 * Another site cannot read our answers, unless it makes its own domain name mean this machine (DNS rebinding). Then its pages
 * name that domain as the host. An IP address cannot be rebound.
 */
function isOurs(hostHeader: string, host: string): boolean {
  const name = /^(?:\[(.*)\]|([^:]*))(?::\d+)?$/.exec(hostHeader.toLowerCase());
  const bare = name?.[1] ?? name?.[2] ?? "";
  return bare === "localhost" || bare === host.toLowerCase() || isIP(bare) !== 0;
}

/** For the server's "clientError": what arrived is no request, or not in time. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
  } else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    sendRaw(socket, refusal(408, "The request did not arrive in time."));
  } else if (error.code === "HPE_HEADER_OVERFLOW") {
    sendRaw(socket, refusal(431, "The request's headers are too long."));
  } else sendRaw(socket, refusal(400, "That was no HTTP request."));
}
