/** The page's end of the worker that lets policies walk. */

import { decodeEpisode, type EpisodeLog } from "../../sim/episode-log.js";
import { InputError } from "../../sim/errors.js";

/** What is to walk. */
export interface TrialRequest {
  /** Text of a policy.json. */
  readonly policy: string;
  /** Address of its task's code. */
  readonly task: string;
}

export type TrialReply =
  | { readonly kind: "walked"; readonly bytes: Uint8Array; readonly iteration: number }
  /** Refused: the policy cannot be used. Failed: anything else. */
  | { readonly kind: "refused" | "failed"; readonly message: string };

/** What a policy did in a trial. */
export interface WalkedTrial {
  readonly log: EpisodeLog;
  /** Of training, after which the policy was saved. */
  readonly iteration: number;
}

/** Walks trials in a Web Worker of its own, one at a time, until it is stopped. */
export class TrialClient {
  // Vite makes a chunk of its own of what stands here: the physics engine loads only when a policy is to walk.
  private readonly worker = new Worker(new URL("./trial-worker.ts", import.meta.url), { type: "module" });

  /** Rejects with InputError if the policy cannot be used. */
  walk(request: TrialRequest): Promise<WalkedTrial> {
    return new Promise((resolve, reject) => {
      this.worker.onerror = (event) => reject(new Error(event.message || "the simulation could not be loaded"));
      this.worker.onmessage = ({ data }: MessageEvent<TrialReply>) => {
        if (data.kind === "walked") {
          resolve({ log: decodeEpisode(data.bytes, "newest.episode"), iteration: data.iteration });
        } else reject(data.kind === "refused" ? new InputError(data.message) : new Error(data.message));
      };
      this.worker.postMessage(request);
    });
  }

  stop(): void {
    this.worker.terminate();
  }
}
