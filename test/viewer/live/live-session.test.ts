import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EPISODE_FRAME_SIZE } from "../../../sim/episode-log.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { LiveClient, type LiveReply, type LiveRequest } from "../../../viewer/live/live-client.js";
import { LiveSession } from "../../../viewer/live/live-session.js";
import type { LiveInput, LiveOptions } from "../../../viewer/live/live-simulation.js";

const INPUT: LiveInput = { command: [0, 0, 0], gait: 0, controller: "policy", pull: null };
const OPTIONS = {} as LiveOptions; // which only the worker reads
const DT_S = 0.02;

/** A worker that answers when the test says so. */
class SlowWorker {
  static made: SlowWorker[] = [];
  readonly asked: LiveRequest[] = [];
  onmessage: ((event: { data: LiveReply }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;

  constructor() {
    SlowWorker.made.push(this);
  }

  postMessage(request: LiveRequest): void {
    this.asked.push(request);
  }

  terminate(): void {}

  /** Answers, and lets the page's end take the answer. */
  async answer(data: LiveReply): Promise<void> {
    this.onmessage!({ data });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

const STARTED: LiveReply = { kind: "started", terrain: createTerrain({ kind: "flat", level: 0, seed: 0 }) };

/** What a step is answered with. */
function advanced(restarted: boolean): LiveReply {
  const frames = new Float32Array(EPISODE_FRAME_SIZE);
  const state = { frames, restarted, fell: false, push: null, planks: new Float32Array(0) };
  return { kind: "advanced", state, stepMs: 1 };
}

describe("live session", () => {
  let worker: SlowWorker;
  let session: LiveSession;
  let failures: string[];

  beforeEach(async () => {
    vi.stubGlobal("Worker", SlowWorker);
    failures = [];
    session = new LiveSession(DT_S, new LiveClient(), (error) => failures.push(String(error)));
    worker = SlowWorker.made.at(-1)!;
    const started = session.start(OPTIONS);
    await worker.answer(STARTED);
    await started;
    session.tick(0, INPUT);
    await worker.answer(advanced(true));
  });

  afterEach(() => vi.unstubAllGlobals());

  it("asks for no step while a start has not been answered, and then for a reset first", async () => {
    const restarted = session.start(OPTIONS);
    const asked = worker.asked.length;
    for (let i = 0; i < 5; i++) session.tick(DT_S, INPUT);
    session.cause("push");
    session.tick(DT_S, INPUT);
    expect(worker.asked.length).toBe(asked);
    await worker.answer(STARTED);
    await restarted;
    session.tick(DT_S, INPUT);
    expect(worker.asked[asked]).toMatchObject({ kind: "advance", events: ["reset"] });
  });

  it("goes on after a step that failed with the next start", async () => {
    session.tick(DT_S, INPUT);
    await worker.answer({ kind: "failed", message: "unreachable" });
    expect(failures).toEqual(["Error: unreachable"]);
    expect(session.isBroken).toBe(true);
    const asked = worker.asked.length;
    session.cause("reset");
    session.tick(DT_S, INPUT);
    expect(worker.asked.length).toBe(asked);
    const started = session.start(OPTIONS);
    await worker.answer(STARTED);
    await started;
    session.tick(DT_S, INPUT);
    expect(worker.asked.at(-1)).toMatchObject({ kind: "advance", events: ["reset"] });
    expect([session.isBroken, failures.length]).toEqual([false, 1]);
  });

  it("tells of a worker that could not be loaded while nobody waited for it", async () => {
    worker.onerror!({ message: "" });
    await expect(session.start(OPTIONS)).rejects.toThrow("the live simulation could not be loaded");
  });

  it("goes on as it was after a start that failed", async () => {
    const failed = session.start(OPTIONS);
    const outcome = expect(failed).rejects.toThrow("no such ground");
    await worker.answer({ kind: "failed", message: "no such ground" });
    await outcome;
    session.tick(DT_S, INPUT);
    expect(worker.asked.at(-1)).toMatchObject({ kind: "advance", events: [] });
  });
});

describe("live client", () => {
  const spec = { kind: "rough", level: 1, seed: 1 } as const;
  const options = { bundle: {}, terrain: spec, seed: 1 } as LiveOptions;

  it("gives what was begun early to who asks for the same, once", async () => {
    vi.stubGlobal("Worker", SlowWorker);
    const client = new LiveClient();
    const worker = SlowWorker.made.at(-1)!;
    client.startEarly(options);
    const started = client.start({ ...options, terrain: { ...spec } });
    expect(worker.asked).toHaveLength(1);
    await worker.answer(STARTED);
    expect((await started).spec.kind).toBe("flat"); // as this worker answers
    void client.start(options);
    expect(worker.asked).toHaveLength(2);
    vi.unstubAllGlobals();
  });

  it("begins anew for who asks for something else", () => {
    vi.stubGlobal("Worker", SlowWorker);
    const client = new LiveClient();
    const worker = SlowWorker.made.at(-1)!;
    client.startEarly(options);
    void client.start({ ...options, terrain: { ...spec, seed: 2 } });
    expect(worker.asked.map((request) => request.kind === "start" && request.options.terrain.seed)).toEqual([1, 2]);
    vi.unstubAllGlobals();
  });
});
