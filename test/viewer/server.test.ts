import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../sim/errors.js";
import type { RunDetails, RunList } from "../../viewer/api.js";
import { startViewerServer, type ViewerServer } from "../../viewer/server.js";
import { a1Urdf } from "../support/a1.js";
import { writeSyntheticRun } from "../support/synthetic-run.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-server-"));
const runsRoot = join(folder, "runs");
const pageRoot = join(folder, "page");
const FIGURES = {
  ...{ terrain: "rough", level: 2, trials: 50, falls: 2, contactErrorPercent: 7.5 },
  ...{ velocityErrorX: 0.04, velocityErrorY: 0.02, yawRateError: 0.1 },
};
let server: ViewerServer;

beforeAll(async () => {
  mkdirSync(join(pageRoot, "assets"), { recursive: true });
  writeFileSync(join(pageRoot, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(pageRoot, "assets", "index-abc.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
  const run = writeSyntheticRun(runsRoot, "first", {
    walk: {
      label: "walk",
      gait: "trot",
      terrain: { kind: "flat", level: 0, seed: 0 },
      controller: "policy",
      numFrames: 5,
      speedMPerS: 0.5,
    },
  });
  writeFileSync(join(run.path, "episodes", "broken.episode"), "no episode");
  run.writeFile("evaluation.json", JSON.stringify([{ ...FIGURES, costOfTransport: 0.9, zeroAction: {} }]));
  mkdirSync(join(runsRoot, "not-a-run"));
  server = await startViewerServer({ runsRoot, pageRoot, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A request whose path is sent as it stands: fetch would resolve "..". */
function ask(path: string, method = "GET"): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asking = request({ hostname, port, path, method }, (response) => {
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

function json<T>(answer: Answer): T {
  return JSON.parse(answer.body.toString());
}

describe("runs", () => {
  it("are listed, other folders are not", async () => {
    expect(json<RunList>(await ask("/api/runs"))).toEqual({ runs: [{ id: "first" }] });
  });

  it("come with their episodes, readable or not", async () => {
    const run = json<RunDetails>(await ask("/api/runs/first"));
    expect(run).toMatchObject({ id: "first", task: "walk", status: "finished", iterations: null });
    expect(run.evaluations).toEqual([FIGURES]);
    const [broken, walk] = run.episodes;
    expect(broken).toEqual({
      name: "broken",
      problem: "broken.episode is not a Gaitway checkpoint or episode",
    });
    expect(walk).toMatchObject({ name: "walk", header: { gait: "trot", fell: false, label: "walk" } });
  });

  it("give their URDF and the bytes of an episode", async () => {
    const urdf = await ask("/api/runs/first/robot.urdf");
    expect(urdf.body.toString()).toBe(a1Urdf);
    const episode = await ask("/api/runs/first/episodes/walk.episode");
    expect(episode.status).toBe(200);
    expect(episode.headers["content-type"]).toBe("application/octet-stream");
    expect(episode.body.subarray(0, 7).toString()).toBe("GAITWAY");
  });
});

describe("page", () => {
  it("is served, its hashed files for ever, itself anew each time", async () => {
    const page = await ask("/");
    expect(page.body.toString()).toContain("<title>page</title>");
    expect(page.headers["cache-control"]).toBe("no-cache");
    const script = await ask("/assets/index-abc.js");
    expect(script.headers["cache-control"]).toContain("immutable");
    expect(script.headers["content-type"]).toContain("javascript");
  });

  it("must have been built", async () => {
    const missing = startViewerServer({ runsRoot, pageRoot: join(folder, "nowhere"), port: 0 });
    await expect(missing).rejects.toThrow(/nowhere: build it with npm run build$/);
    await expect(missing).rejects.toThrow(InputError);
  });
});

describe("safety", () => {
  it.each(["/", "/api/runs", "/nothing", "/api/runs/first/episodes/walk.episode"])(
    "headers stand on %s",
    async (path) => {
      const { headers } = await ask(path);
      // The live simulation's physics engine is WebAssembly. No script but the page's own runs, and no text becomes code.
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
      expect(headers["content-security-policy"]).not.toContain("'unsafe");
      expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    },
  );

  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/api/runs/..",
    "/api/runs/%2e%2e",
    "/api/runs/not-a-run",
    "/api/runs/..%2fsecret.txt/robot.urdf",
    "/api/runs/first/run.json",
    "/api/runs/first/../../../secret.txt",
    "/api/runs/first/episodes/..%2f..%2f..%2f..%2fsecret.txt",
    "/api/runs/first/episodes/..%2frun.json",
    "/api/runs/first/episodes/walk",
    "/api/runs/first/episodes/walk.episode/more",
    "/api/runs/%zz",
    "/api/nothing",
    "/nothing",
  ])("%s is not found", async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(json<{ error: string }>(answer).error).toMatch(/^(There is|Run) /);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("%s is refused", async (method) => {
    const answer = await ask("/api/runs", method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  it("HEAD has no body", async () => {
    const answer = await ask("/api/runs", "HEAD");
    expect(answer.status).toBe(200);
    expect(Number(answer.headers["content-length"])).toBeGreaterThan(0);
    expect(answer.body).toHaveLength(0);
  });

  it("listens to this machine only", () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });
});

it("names a port that is in use and the flag that picks another", async () => {
  const port = Number(new URL(server.url).port);
  const second = startViewerServer({ runsRoot, pageRoot, port });
  await expect(second).rejects.toThrow(InputError);
  await expect(second).rejects.toThrow(`port ${port} on 127.0.0.1 is in use: pass another one with --port`);
});
