import { request } from "node:http";
import { connect } from "node:net";

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string> | undefined;
}

/** A request whose path is sent as it stands: fetch would resolve "..". */
export function ask(url: string, path: string, { method = "GET", headers = {} }: AskOptions = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    asking.on("error", reject);
    asking.end();
  });
}

/** Sends bytes as they are, and returns all that comes back until the server ends the connection. */
export function sendBytes(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (part) => {
      received += part.toString("latin1");
    });
    socket.on("error", () => undefined); // a reset is an end, too
    socket.on("close", () => resolve(received));
  });
}
