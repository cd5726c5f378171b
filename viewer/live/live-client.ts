/** The live simulation's end in the page. */

import { GAITS, NUM_LIBRARY_GAITS } from "../../gaits/library.js";
import type { OwnGait } from "../../gaits/types.js";
import type { Terrain } from "../../sim/terrain/height-field.js";
import type { LiveEvent, LiveInput, LiveOptions, LiveState } from "./live-simulation.js";

/** What the page asks of the worker, which answers in the same order. */
export type LiveRequest =
  | {
      readonly kind: "start";
      readonly options: LiveOptions;
      /** Those of tasks' own that the page knows, in its order: page and worker tell each other indices of gaits. */
      readonly gaits: readonly OwnGait[];
    }
  | {
      readonly kind: "advance";
      /** Policy steps to go on by. */
      readonly steps: number;
      readonly input: LiveInput;
      readonly events: readonly LiveEvent[];
    };

export type LiveReply =
  | { readonly kind: "started"; readonly terrain: Terrain }
  | {
      readonly kind: "advanced";
      readonly state: LiveState;
      /** Worker time of one policy step, mean of these, ms. */
      readonly stepMs: number;
    }
  | { readonly kind: "failed"; readonly message: string };

interface Waiting {
  resolve(reply: LiveReply): void;
  reject(error: Error): void;
}

/** Simulations in a Web Worker, one at a time. The worker begins to load at once. */
export class LiveClient {
  // Vite makes a chunk of its own of what stands here, with the physics engine.
  private readonly worker = new Worker(new URL("./live-worker.ts", import.meta.url), { type: "module" });
  private readonly waiting: Waiting[] = [];
  /** Why there is no worker, if it could not be loaded: nobody may have been waiting for it then. */
  private loss: Error | null = null;
  /** What was begun before anybody asked for it. */
  private early: { readonly options: LiveOptions; readonly started: Promise<Terrain> } | null = null;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<LiveReply>) => {
      const { resolve, reject } = this.waiting.shift()!;
      if (data.kind === "failed") reject(new Error(data.message));
      else resolve(data);
    };
    this.worker.onerror = (event) => {
      this.loss = new Error(event.message || "the live simulation could not be loaded");
      for (const { reject } of this.waiting.splice(0)) reject(this.loss);
    };
  }

  /** Makes a robot and its ground, in place of those before; rejects, and leaves these, if that cannot be done. */
  start(options: LiveOptions): Promise<Terrain> {
    const { early } = this;
    this.early = null;
    return early && isSame(early.options, options) ? early.started : this.begin(options);
  }

  /** Begins with what the next `start` is likely to ask for. */
  startEarly(options: LiveOptions): void {
    const started = this.begin(options);
    started.catch(() => {}); // whoever asks for it is told
    this.early = { options, started };
  }

  private async begin(options: LiveOptions): Promise<Terrain> {
    const reply = await this.ask({ kind: "start", options, gaits: GAITS.slice(NUM_LIBRARY_GAITS) });
    if (reply.kind !== "started") throw new Error(`unexpected reply ${reply.kind}`);
    return reply.terrain;
  }

  /**
   * Goes on by this many policy steps. The first request after a start must have a "reset" among its events; one that rejects takes
   * another start to go on after.
   */
  async advance(
    steps: number,
    input: LiveInput,
    events: readonly LiveEvent[],
  ): Promise<{ state: LiveState; stepMs: number }> {
    const reply = await this.ask({ kind: "advance", steps, input, events });
    if (reply.kind !== "advanced") throw new Error(`unexpected reply ${reply.kind}`);
    return reply;
  }

  stop(): void {
    this.worker.terminate();
  }

  private ask(request: LiveRequest): Promise<LiveReply> {
    if (this.loss) return Promise.reject(this.loss);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.worker.postMessage(request);
    });
  }
}

function isSame(a: LiveOptions, b: LiveOptions): boolean {
  const sameGround = a.terrain.kind === b.terrain.kind && a.terrain.level === b.terrain.level;
  return a.bundle === b.bundle && sameGround && a.terrain.seed === b.terrain.seed && a.seed === b.seed;
}
