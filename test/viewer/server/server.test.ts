import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDirectory } from "../../../policy/cli/run-folder/run-directory.js";
import { RunLock } from "../../../policy/cli/run-folder/run-lock.js";
import { InputError } from "../../../sim/errors.js";
import type { RunDetails, RunList, TrainingProgress } from "../../../viewer/server/api.js";
import { staticApi } from "../../../viewer/server/routes.js";
import { startViewerServer, type ViewerServer } from "../../../viewer/server/server.js";
import { a1Urdf } from "../../support/a1.js";
import { type Answer, ask as askAt } from "../../support/http.js";
import { writeSyntheticRun } from "../../support/synthetic-run.js";

const folder = mkdtempSync(join(tmpdir(), "gaitway-server-"));
const runsRoot = join(folder, "runs");
const pageRoot = join(folder, "page");
const FIGURES = {
  ...{ terrain: "rough", level: 2, trials: 50, falls: 2, contactErrorPercent: 7.5 },
  ...{ velocityErrorX: 0.04, velocityErrorY: 0.02, yawRateError: 0.1 },
};
let server: ViewerServer;
let run: RunDirectory;

beforeAll(async () => {
  mkdirSync(join(pageRoot, "assets"), { recursive: true });
  writeFileSync(join(pageRoot, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(pageRoot, "assets", "index-abc.js"), "export {};");
  run = writeSyntheticRun(runsRoot, "first", {
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

const ask = (path: string, headers?: Record<string, string>) => askAt(server.url, path, { headers });

function json<T>(answer: Answer): T {
  return JSON.parse(answer.body.toString());
}

describe("runs", () => {
  it("are listed, other folders are not", async () => {
    expect(json<RunList>(await ask("/api/runs.json"))).toEqual({ runs: [{ id: "first", hasPolicy: false }] });
  });

  it("come with their episodes, readable or not", async () => {
    const run = json<RunDetails>(await ask("/api/runs/first/details.json"));
    expect(run).toMatchObject({ id: "first", task: "walk", status: "finished", iterations: null });
    expect(run.evaluations).toEqual([FIGURES]);
    const [broken, walk] = run.episodes;
    expect(broken).toEqual({
      name: "broken",
      problem: "broken.episode is not a Gaitway checkpoint or episode",
    });
    expect(walk).toMatchObject({ name: "walk", header: { gait: "trot", fell: false, label: "walk" } });
  });

  it("are read anew when a file has changed", async () => {
    const broken = join(runsRoot, "first", "episodes", "broken.episode");
    writeFileSync(broken, "GAITWAY\n, and no more");
    const run = json<RunDetails>(await ask("/api/runs/first/details.json"));
    expect(run.episodes[0]).toEqual({ name: "broken", problem: expect.stringContaining("broken.episode ") });
    expect(run.episodes[0]).not.toMatchObject({ problem: "broken.episode is not a Gaitway checkpoint or episode" });
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

describe("meshes", () => {
  const mesh = (path: string) => `<visual><geometry><mesh filename="${path}"/></geometry></visual>`;
  const urdf = a1Urdf.replace('<link name="trunk">', `<link name="trunk">${mesh("../trunk.stl")}${mesh("nose.dae")}`);

  it("are those that the URDF names, as far as they are there", async () => {
    expect(json<string[]>(await ask("/api/runs/first/meshes.json"))).toEqual([]);
    run.writeFile("robot.urdf", urdf);
    mkdirSync(run.meshFolder);
    for (const name of ["0-trunk.stl", "2-other.stl"]) writeFileSync(join(run.meshFolder, name), `this is ${name}`);
    expect(json<string[]>(await ask("/api/runs/first/meshes.json"))).toEqual(["0-trunk.stl"]);
    const trunk = await ask("/api/runs/first/meshes/0-trunk.stl");
    expect([trunk.status, trunk.body.toString()]).toEqual([200, "this is 0-trunk.stl"]);
    for (const name of ["1-nose.dae", "2-other.stl", "..%2Frun.json"]) {
      expect((await ask(`/api/runs/first/meshes/${name}`)).status).toBe(404);
    }
    const files = staticApi(runsRoot, "first");
    expect(files.get("api/runs/first/meshes.json")?.toString()).toBe('["0-trunk.stl"]');
    expect(files.get("api/runs/first/meshes/0-trunk.stl")?.toString()).toBe("this is 0-trunk.stl");
    run.writeFile("robot.urdf", a1Urdf);
  });
});

describe("a run's own task", () => {
  const script = async () => {
    const { body } = await ask("/api/runs/first/task.js");
    return (await import(`data:text/javascript,${encodeURIComponent(body.toString())}`)).default;
  };

  it("is none where the task came along", async () => {
    expect(await script()).toBeNull();
  });

  it("is its code, which gets what it imports when it is called", async () => {
    run.writeFile("task.cjs", 'module.exports.default = { name: require("gaitway").prefix + "toe" };\n');
    expect((await script())({ prefix: "tip" })).toEqual({ name: "tiptoe" });
  });
});

describe("training", () => {
  const details = async () => json<RunDetails>(await ask("/api/runs/first/details.json"));
  const progressFrom = async (byte: number) => json<TrainingProgress>(await ask(`/api/runs/first/metrics/${byte}`));

  it("has brought nothing before it has begun", async () => {
    expect(await progressFrom(0)).toEqual({ status: "finished", rows: [], nextByte: 0, policyVersion: null });
    expect(json<unknown>(await ask("/api/runs/first/robot.json"))).toBeNull();
  });

  it("is told from where the last answer ended", async () => {
    run.writeMetrics({ iteration: 1, reward: 0.5 });
    const first = await progressFrom(0);
    expect(first.rows).toMatchObject([{ iteration: 1, reward: 0.5 }]);
    expect((await progressFrom(first.nextByte)).rows).toEqual([]);
    run.writeMetrics({ iteration: 2, reward: Number.NaN });
    const second = await progressFrom(first.nextByte);
    expect(second.rows).toMatchObject([{ iteration: 2, reward: null }]);
    expect(second.nextByte).toBeGreaterThan(first.nextByte);
  });

  it("brings new versions of the policy", async () => {
    run.writeFile("policy.json", "{}");
    utimesSync(run.file("policy.json"), 1, 1);
    expect((await progressFrom(0)).policyVersion).toBe(1000); // ms
    utimesSync(run.file("policy.json"), 2, 2);
    expect((await progressFrom(0)).policyVersion).toBe(2000);
    expect((await ask("/api/runs/first/policy.json")).body.toString()).toBe("{}");
    run.writeFile("robot.json", '{ "kp": 50 }');
    expect(json<unknown>(await ask("/api/runs/first/robot.json"))).toEqual({ kp: 50 });
  });

  it("goes on for as long as the process that holds the run's lock lives", async () => {
    const statuses = async () => [(await progressFrom(0)).status, (await details()).status];
    run.setStatus("running");
    const lock = RunLock.acquire(run.path);
    expect(await statuses()).toEqual(["running", "running"]);
    // A killed one leaves "running" behind.
    lock.release();
    expect(await statuses()).toEqual(["interrupted", "interrupted"]);
    run.setStatus("finished");
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

  it("is compressed for those who can read that", async () => {
    const plain = await ask("/assets/index-abc.js");
    const packed = await ask("/assets/index-abc.js", { "accept-encoding": "br, gzip" });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(packed.body)).toEqual(plain.body);
    expect(plain.headers["content-encoding"]).toBeUndefined();
  });

  it("stays as it was while it is built anew", async () => {
    rmSync(join(pageRoot, "assets", "index-abc.js"));
    expect((await ask("/assets/index-abc.js")).body.toString()).toBe("export {};");
  });

  it("must have been built", async () => {
    const missing = startViewerServer({ runsRoot, pageRoot: join(folder, "nowhere"), port: 0 });
    await expect(missing).rejects.toThrow(/nowhere: build it with npm run build$/);
    await expect(missing).rejects.toThrow(InputError);
  });
});

it("names a port that is in use and the flag that picks another", async () => {
  const port = Number(new URL(server.url).port);
  const second = startViewerServer({ runsRoot, pageRoot, port });
  await expect(second).rejects.toThrow(InputError);
  await expect(second).rejects.toThrow(`port ${port} on 127.0.0.1 is in use: pass another one with --port`);
});
