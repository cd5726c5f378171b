import { describe, expect, it } from "vitest";
import { runJobs } from "../../../../policy/cli/threads/job-pool.js";

/** A module whose threads answer each job with what `body` posts. */
function entry(body: string): URL {
  const code = `
    import { parentPort } from "node:worker_threads";
    const post = (message) => parentPort.postMessage(message);
    parentPort.on("message", (job) => { ${body} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const SQUARE = entry(`post({ kind: "progress", fraction: 0.5 }); post({ kind: "done", result: job * job });`);
const never = new AbortController().signal;

describe("jobs in threads", () => {
  it.each([1, 2, 9])("come out in their order from %i threads", async (threads) => {
    expect(await runJobs(SQUARE, [1, 2, 3, 4, 5], threads, () => undefined, never)).toEqual([1, 4, 9, 16, 25]);
  });

  it("report the share of all that is done", async () => {
    const fractions: number[] = [];
    await runJobs(SQUARE, [7, 8], 1, (fraction) => fractions.push(fraction), never);
    // Half of the first, the first, half of the second, both.
    expect(fractions).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it("end with the error of a thread that fails, also where others never would", async () => {
    const failing = entry(`if (job === 2) throw new Error("no such robot");`);
    await expect(runJobs(failing, [1, 2, 3], 2, () => undefined, never)).rejects.toThrow("no such robot");
  });

  it("end when a thread is gone", async () => {
    const leaving = entry(`process.exit(3);`);
    await expect(runJobs(leaving, [1], 1, () => undefined, never)).rejects.toThrow("thread ended with code 3");
  });

  it("end with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = runJobs(
      entry(`post({ kind: "progress", fraction: 0.1 });`),
      [1, 2],
      2,
      () => controller.abort(reason),
      controller.signal,
    );
    await expect(running).rejects.toBe(reason);
  });
});
