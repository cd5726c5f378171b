import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ThreadFailure } from "../../../../policy/cli/training/thread-failure.js";
import { Watchdog } from "../../../../policy/cli/training/watchdog.js";
import { createSharedMemory } from "../../../../policy/threads/all-reduce.js";
import { Heartbeat } from "../../../../policy/threads/heartbeat.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watchdog over two threads; `failure` is what it has found. */
function watch() {
  const memory = createSharedMemory(2, 1, 1);
  const watchdog = new Watchdog(memory, ["training thread 0", "training thread 1"]);
  const found: { failure?: unknown } = {};
  watchdog.hang.catch((failure: unknown) => {
    found.failure = failure;
  });
  return { watchdog, found, threads: [new Heartbeat(memory, 0), new Heartbeat(memory, 1)] };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(1000 * count);

describe("a watchdog", () => {
  it("notices within ten seconds that both threads are silent, and names the one that does not wait", async () => {
    const { found, threads } = watch();
    for (const thread of threads) thread.beat();
    await seconds(1);
    threads[0].startWaiting();
    await seconds(1 + 9);
    expect(found.failure).toBeUndefined();
    await seconds(1);
    expect(found.failure).toEqual(new ThreadFailure("training thread 1 hangs: no sign of life for 10 s"));
  });

  it("is content while any thread moves", async () => {
    const { watchdog, found, threads } = watch();
    for (let i = 0; i < 60; i++) {
      threads[i % 2].beat();
      await seconds(1);
    }
    expect(found.failure).toBeUndefined();
    watchdog.stop();
  });

  it("is patient with a machine that is slow: five times the longest silence so far", async () => {
    const { found, threads } = watch();
    for (const thread of threads) thread.beat();
    await seconds(1);
    await seconds(4);
    threads[0].beat();
    await seconds(1 + 19);
    expect(found.failure).toBeUndefined();
    await seconds(1);
    expect((found.failure as Error).message).toMatch(/for 20 s$/);
  });

  it("forgets how long the threads took to start", async () => {
    const { found, threads } = watch();
    await seconds(60);
    threads[0].beat();
    await seconds(30);
    threads[1].beat();
    await seconds(1 + 9);
    expect(found.failure).toBeUndefined();
    await seconds(1);
    expect((found.failure as Error).message).toMatch(/for 10 s$/);
  });

  it("calls threads by their names", async () => {
    const memory = createSharedMemory(1, 1, 1);
    const watchdog = new Watchdog(memory, ["training thread 0", "learner thread"]);
    const failure = watchdog.hang.catch((error: Error) => error.message);
    for (const thread of [0, 1]) new Heartbeat(memory, thread).beat();
    await seconds(1);
    new Heartbeat(memory, 0).startWaiting();
    await seconds(1 + 10);
    expect(await failure).toBe("learner thread hangs: no sign of life for 10 s");
  });

  it("gives threads five minutes to load", async () => {
    const { found, threads } = watch();
    threads[0].beat();
    await seconds(1);
    threads[0].startWaiting();
    await seconds(1 + 299);
    expect(found.failure).toBeUndefined();
    await seconds(1);
    expect((found.failure as Error).message).toMatch(/thread 1 hangs/);
  });
});
