/** What a hostile client, page or run folder can try on the viewer's server. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDetails, RunList } from "../../../viewer/server/api.js";
import { startViewerServer, type ViewerServer } from "../../../viewer/server/server.js";
import { type Answer, ask as askAt, sendBytes } from "../../support/http.js";
import { writeSyntheticRun } from "../../support/synthetic-run.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-server-"));
const runsRoot = join(folder, "runs");
const pageRoot = join(folder, "page");
let server: ViewerServer;

beforeAll(async () => {
  mkdirSync(pageRoot);
  writeFileSync(join(pageRoot, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "secret.txt"), "secret");
  const walk = {
    label: "walk",
    gait: "trot",
    terrain: { kind: "flat", level: 0, seed: 0 },
    controller: "policy",
    numFrames: 5,
    speedMPerS: 0.5,
  } as const;
  const run = writeSyntheticRun(runsRoot, "first", { walk });
  const outside = writeSyntheticRun(folder, "outside", { secret: walk }, "secret");
  symlinkSync(outside.path, join(runsRoot, "linked"));
  symlinkSync(join(folder, "nowhere"), join(runsRoot, "dangling"));
  symlinkSync(join(outside.path, "episodes", "secret.episode"), join(run.path, "episodes", "secret.episode"));
  mkdirSync(join(run.path, "episodes", "folder.episode"));
  const second = writeSyntheticRun(runsRoot, "second", {});
  rmSync(second.file("robot.urdf"));
  symlinkSync(outside.file("robot.urdf"), second.file("robot.urdf"));
  outside.writeMetrics({ iteration: 7 });
  symlinkSync(join(outside.path, "metrics.jsonl"), join(second.path, "metrics.jsonl"));
  server = await startViewerServer({ runsRoot, pageRoot, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const ask = (path: string, method = "GET") => askAt(server.url, path, { method });
const EPISODE = "/api/runs/first/episodes/walk.episode";

function expectHeaders(headers: Answer["headers"]): void {
  // The live simulation's physics engine is WebAssembly. No script but the page's own runs, and no text becomes code.
  expect(headers["content-security-policy"]).toMatch(/default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["content-security-policy"]).not.toContain("'unsafe");
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
  expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["x-content-type-options"]).toBe("nosniff");
}

/** Headers of an answer that was read byte by byte. */
function headersIn(answer: string): Answer["headers"] {
  const lines = answer.split("\r\n\r\n")[0].split("\r\n").slice(1);
  return Object.fromEntries(
    lines.map((line) => [line.split(": ")[0].toLowerCase(), line.slice(line.indexOf(":") + 2)]),
  );
}

describe("headers", () => {
  it.each(["/", "/api/runs.json", "/nothing", "/api/nothing", EPISODE])("stand on %s", async (path) => {
    expectHeaders((await ask(path)).headers);
  });
});

describe("paths", () => {
  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/secret.txt%00.html",
    "/index.html%00",
    "//secret.txt",
    "//etc/passwd",
    "/assets/../../secret.txt",
    "/api/runs/..",
    "/api/runs/%2e%2e",
    "/api/runs/not-a-run",
    "/api/runs/..%2fsecret.txt/robot.urdf",
    "/api/runs/..%5coutside/robot.urdf",
    "/api/runs/..%2foutside/robot.urdf",
    "/api/runs/%252e%252e%252foutside/robot.urdf",
    "/api/runs/first%00/robot.urdf",
    "/api/runs/first/robot.urdf%00",
    "/api/runs/first/run.json",
    "/api/runs/first/../../../secret.txt",
    "/api/runs/first/episodes/..%2f..%2f..%2f..%2fsecret.txt",
    "/api/runs/first/episodes/..%5c..%5c..%5c..%5csecret.txt",
    "/api/runs/first/episodes/%2fetc%2fpasswd",
    "/api/runs/first/episodes/..%2frun.json",
    "/api/runs/first/episodes/walk",
    "/api/runs/first/episodes/walk.episode%00",
    "/api/runs/first/episodes/walk.episode/more",
    "/api/runs/%zz",
    "/api/runs",
    "/api/runs.json/first",
    "/api/nothing",
    "/nothing",
  ])("%s is not found", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(JSON.parse(answer.body.toString()).error).toMatch(/^(There is|Run) /);
    expect(answer.body.toString()).not.toContain(folder); // where on this machine things are
    expectHeaders(answer.headers);
  });

  it("of links that leave the runs' folder are not found, nor listed", async () => {
    const list: RunList = JSON.parse((await ask("/api/runs.json")).body.toString());
    expect(list.runs.map(({ id }) => id).sort()).toEqual(["first", "second"]);
    const run: RunDetails = JSON.parse((await ask("/api/runs/first/details.json")).body.toString());
    expect(run.episodes.map(({ name }) => name)).toEqual(["walk"]);
    for (const path of ["linked/details.json", "linked/robot.urdf", "first/episodes/secret.episode"]) {
      expect((await ask(`/api/runs/${path}`)).status).toBe(404);
    }
    expect((await ask("/api/runs/second/robot.urdf")).status).toBe(404);
    expect(JSON.parse((await ask("/api/runs/second/details.json")).body.toString()).iterations).toBeNull();
  });

  it("of files that cannot be read are not told", async () => {
    const broken = writeSyntheticRun(runsRoot, "broken", {});
    rmSync(join(broken.path, "episodes"), { recursive: true, force: true });
    writeFileSync(join(broken.path, "episodes"), "no folder");
    const answer = await ask("/api/runs/broken/details.json");
    rmSync(broken.path, { recursive: true });
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).toBe('{"error":"The server cannot answer this. Its terminal says why."}');
    expectHeaders(answer.headers);
  });

  it("that start with no slash are refused", async () => {
    const answer = await sendBytes(server.url, `GET ${server.url}index.html HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expectHeaders(headersIn(answer));
  });
});

describe("methods", () => {
  it.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])("%s is refused", async (method) => {
    const answer = await ask("/api/runs.json", method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
    expect(answer.headers.connection).toBe("close");
    expectHeaders(answer.headers);
  });

  it("HEAD has no body", async () => {
    for (const path of ["/", "/api/runs.json"]) {
      const answer = await ask(path, "HEAD");
      expect(answer.status).toBe(200);
      expect(Number(answer.headers["content-length"])).toBeGreaterThan(0);
      expect(answer.body).toHaveLength(0);
    }
  });
});

describe("hosts", () => {
  it("listens to this machine only", () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it.each(["localhost", "LOCALHOST:9000", "127.0.0.1:8017", "[::1]:8017"])("%s is answered", async (host) => {
    expect((await askAt(server.url, "/api/runs.json", { headers: { host } })).status).toBe(200);
  });

  // A page of evil.example that has rebound its name to 127.0.0.1 sends the first of these.
  it.each(["evil.example", "evil.example:8017", "127.0.0.1.evil.example", "localhost.evil.example", "localhost@evil"])(
    "“%s” is refused",
    async (host) => {
      for (const path of ["/", "/api/runs.json", EPISODE]) {
        const answer = await askAt(server.url, path, { headers: { host } });
        expect(answer.status).toBe(403);
        expect(JSON.parse(answer.body.toString()).error).toContain(`not to “${host}”`);
        expectHeaders(answer.headers);
      }
    },
  );

  it("none is refused", async () => {
    expect(await sendBytes(server.url, "GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("load", () => {
  it("answers 1,000 requests at once", async () => {
    const paths = ["/", "/api/runs.json", "/api/runs/first/details.json", EPISODE, "/nothing"];
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask(paths[i % paths.length])));
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, i) => (i % paths.length === 4 ? 404 : 200)));
    const episode = (await ask(EPISODE)).body;
    expect(answers.every(({ body }, i) => i % paths.length !== 3 || body.equals(episode))).toBe(true);
  });

  it("survives 1,000 connections that are dropped midway", async () => {
    const { hostname, port } = new URL(server.url);
    const drop = (bytes: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => socket.write(bytes, () => socket.resetAndDestroy()));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
      });
    const starts = ["GET / HT", `GET ${EPISODE} HTTP/1.1\r\nHost: localhost\r\n\r\n`];
    await Promise.all(Array.from({ length: 1000 }, (_, i) => drop(starts[i % 2])));
    expect((await ask("/")).status).toBe(200);
  });
});

describe("malformed requests", () => {
  const valid = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  it.each([
    ["noise", Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00, 0x80]), 400],
    ["no version, and so no host", "GET /\r\n\r\n", 403],
    ["an unknown method", "FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a NUL in the path", "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
    ["a NUL in a header", `${valid}X: \0\r\n\r\n`, 400],
    ["two lengths", `${valid}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400],
    ["a length and chunks", `${valid}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ["endless headers", `${valid}X: ${"x".repeat(100_000)}\r\n\r\n`, 431],
    ["an endless path", `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ["an expectation", `POST / HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\n\r\n`, 405],
    ["a body that never comes", `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n`, 405],
  ])("%s is refused, with all headers", async (_name, bytes, status) => {
    const answer = await sendBytes(server.url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expectHeaders(headersIn(answer));
    expect((await ask("/")).status).toBe(200);
  });

  it("cuts off those that arrive too slowly", async () => {
    const impatient = await startViewerServer({ runsRoot, pageRoot, port: 0, requestTimeoutMs: 400 });
    const answer = await sendBytes(impatient.url, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    await impatient.close();
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expectHeaders(headersIn(answer));
  });

  it("a tunnel is not opened", async () => {
    expect(await sendBytes(server.url, "CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n")).toBe("");
  });
});
