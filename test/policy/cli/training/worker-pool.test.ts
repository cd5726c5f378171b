import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { prepareRun, train } from "../../../../policy/cli/training/run.js";
import { type PoolEvents, startTraining } from "../../../../policy/cli/training/worker-pool.js";
import { parseTrainConfig } from "../../../../policy/config/parse.js";
import { InputError } from "../../../../sim/errors.js";
import { a1Urdf } from "../../../support/a1.js";

const config = parseTrainConfig({ numEnvs: 2, workers: 2 }, "test");
const robot = { name: "a1.urdf", urdf: a1Urdf, tuning: null };
const runsRoot = mkdtempSync(join(tmpdir(), "gaitway-pool-"));
afterAll(() => rmSync(runsRoot, { recursive: true }));

/** Threads that run this in place of the trainer: the first does as told, the others wait for it for ever. */
function startThreads(first: string, events: Partial<PoolEvents> = {}): Promise<void> {
  const code = `
    import { parentPort, workerData } from "node:worker_threads";
    if (workerData.worker === 0) { ${first} }
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;
  const ignore: PoolEvents = { iteration: () => undefined, checkpoint: () => undefined };
  const entry = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  return startTraining(config, robot, { iterations: 1 }, undefined, { ...ignore, ...events }, entry).finished;
}

describe("training threads", () => {
  it("hand on an InputError as one, and end", async () => {
    const failing = startThreads(`throw Object.assign(new Error("no such backend"), { name: "InputError" });`);
    await expect(failing).rejects.toThrow(new InputError("no such backend"));
    await expect(failing).rejects.toBeInstanceOf(InputError);
  });

  it("hand on other errors as they are", async () => {
    await expect(startThreads(`null.x;`)).rejects.toThrow(TypeError);
  });

  it("end when what they report cannot be kept", async () => {
    const full = new InputError("cannot write metrics.jsonl: no space left on device");
    const iteration = () => {
      throw full;
    };
    await expect(startThreads(`parentPort.postMessage({ kind: "iteration" });`, { iteration })).rejects.toBe(full);
  });

  it("leave no run behind when they learn nothing", async () => {
    const prepared = prepareRun(config, runsRoot, "stillborn");
    expect(readdirSync(runsRoot)).toEqual(["stillborn"]);
    // Beside the TypeScript source there is no worker.js, so that no thread starts.
    await expect(train(prepared, { iterations: 1 })).rejects.toThrow(/training\/worker\.js/);
    expect(readdirSync(runsRoot)).toEqual([]);
  });
});
