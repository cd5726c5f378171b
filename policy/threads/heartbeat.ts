/** Signs of life that training threads leave in shared memory, for a watchdog in another thread. */

import type { SharedMemory } from "./shared-memory.js";

const RUNNING = 0;
const WAITING = 1;
const FINISHED = 2;

/** One worker's place in the shared memory for them. */
export class Heartbeat {
  static readonly WORDS = 2;
  private readonly words: Int32Array;

  constructor({ heartbeats }: SharedMemory, worker: number) {
    this.words = new Int32Array(heartbeats, 4 * Heartbeat.WORDS * worker, Heartbeat.WORDS);
  }

  /** Signs of life so far; wraps around. */
  get count(): number {
    return Atomics.load(this.words, 0);
  }

  /** Whether the worker waits for others. */
  get isWaiting(): boolean {
    return Atomics.load(this.words, 1) === WAITING;
  }

  /** Whether the worker has done all its work. */
  get hasFinished(): boolean {
    return Atomics.load(this.words, 1) === FINISHED;
  }

  beat(): void {
    Atomics.add(this.words, 0, 1);
  }

  startWaiting(): void {
    this.beat();
    Atomics.store(this.words, 1, WAITING);
  }

  stopWaiting(): void {
    Atomics.store(this.words, 1, RUNNING);
  }

  finish(): void {
    Atomics.store(this.words, 1, FINISHED);
  }
}
