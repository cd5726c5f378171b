/** The live simulation's end in the page. */

import type { LiveOptions, LiveState } from "./live-simulation.js";

/** What the page asks of the worker, which answers in the same order. */
export type LiveRequest =
  | ({ readonly kind: "start" } & LiveOptions)
  /** Policy steps to go on by. */
  | { readonly kind: "step"; readonly steps: number };

export type LiveReply =
  | { readonly kind: "started" }
  | ({ readonly kind: "stepped" } & LiveState)
  | { readonly kind: "failed"; readonly message: string };

/** A simulation that runs in a Web Worker of its own until it is stopped. */
export class LiveClient {
  // Vite makes a chunk of its own of what stands here: the physics engine loads only when a simulation starts.
  private readonly worker = new Worker(new URL("./live-worker.ts", import.meta.url), { type: "module" });

  /** Rejects if the simulation cannot be built: a policy or ground that it does not know. */
  static async start(options: LiveOptions): Promise<LiveClient> {
    const client = new LiveClient();
    try {
      await client.ask({ kind: "start", ...options });
      return client;
    } catch (error) {
      client.stop();
      throw error;
    }
  }

  /** Goes on by this many policy steps. One request at a time. */
  async step(steps: number): Promise<LiveState> {
    const reply = await this.ask({ kind: "step", steps });
    if (reply.kind !== "stepped") throw new Error(`unexpected reply ${reply.kind}`);
    return reply;
  }

  stop(): void {
    this.worker.terminate();
  }

  private ask(request: LiveRequest): Promise<LiveReply> {
    return new Promise((resolve, reject) => {
      this.worker.onerror = (event) => reject(new Error(event.message || "the live simulation could not be loaded"));
      this.worker.onmessage = ({ data }: MessageEvent<LiveReply>) =>
        data.kind === "failed" ? reject(new Error(data.message)) : resolve(data);
      this.worker.postMessage(request);
    });
  }
}
