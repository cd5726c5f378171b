/** Sums over worker threads through shared memory, always in the order of the workers, so that results repeat bit for bit. */

import { Heartbeat } from "./heartbeat.js";
import type { SharedMemory } from "./shared-memory.js";

/** Spins this often before sleeping: workers usually arrive within microseconds of each other. */
const SPINS = 2000;
const ARRIVED = 0;
const GENERATION = 1;

/** Makes `parties` threads wait for each other. */
export class Barrier {
  static readonly WORDS = 2;

  constructor(
    private readonly words: Int32Array,
    private readonly parties: number,
  ) {}

  wait(): void {
    const { words } = this;
    const generation = Atomics.load(words, GENERATION);
    if (Atomics.add(words, ARRIVED, 1) === this.parties - 1) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, GENERATION, 1);
      Atomics.notify(words, GENERATION);
      return;
    }
    for (let i = 0; i < SPINS; i++) if (Atomics.load(words, GENERATION) !== generation) return;
    while (Atomics.load(words, GENERATION) === generation) Atomics.wait(words, GENERATION, generation);
  }
}

/**
 * Element-wise sums of arrays of up to `capacity` numbers. Two sets of slots take turns: a slot is only written again after
 * a barrier that every reader of its last content has reached.
 */
export class AllReduce<T extends Float32Array | Float64Array> {
  private turn = 0;

  constructor(
    private readonly slots: T,
    private readonly capacity: number,
    private readonly worker: number,
    private readonly parties: number,
    private readonly barrier: Barrier,
    private readonly heartbeat: Heartbeat,
  ) {}

  /** Replaces `values` by the sum of all workers' `values`. Every worker must call it with the same length. */
  sum(values: T): void {
    if (this.parties === 1) {
      this.heartbeat.beat();
      return;
    }
    const { slots, capacity, parties } = this;
    const base = this.turn * parties * capacity;
    this.turn = 1 - this.turn;
    slots.set(values, base + this.worker * capacity);
    this.heartbeat.startWaiting();
    this.barrier.wait();
    this.heartbeat.stopWaiting();
    for (let i = 0; i < values.length; i++) {
      let sum = 0;
      for (let p = 0; p < parties; p++) sum += slots[base + p * capacity + i];
      values[i] = sum;
    }
  }

  /** The first worker whose number at `index` of the last sum was not finite, or -1; for reports. */
  firstNotFinite(index: number): number {
    if (this.parties === 1) return 0;
    const base = (1 - this.turn) * this.parties * this.capacity;
    for (let p = 0; p < this.parties; p++) {
      if (!Number.isFinite(this.slots[base + p * this.capacity + index])) return p;
    }
    return -1;
  }
}

const STOP_WORD = Barrier.WORDS;

export function createSharedMemory(workers: number, floatCapacity: number, doubleCapacity: number): SharedMemory {
  return {
    control: new SharedArrayBuffer(4 * (Barrier.WORDS + 1)),
    floats: new SharedArrayBuffer(4 * 2 * workers * floatCapacity),
    doubles: new SharedArrayBuffer(8 * 2 * workers * doubleCapacity),
    // One more, for a thread that learns for all of them.
    heartbeats: new SharedArrayBuffer(4 * Heartbeat.WORDS * (workers + 1)),
    floatCapacity,
    doubleCapacity,
  };
}

/** Asks all workers to stop after the iteration that they are in. */
export function requestStop(memory: SharedMemory): void {
  Atomics.store(new Int32Array(memory.control), STOP_WORD, 1);
}

/** One worker's end of the shared memory. */
export class WorkerGroup {
  readonly floats: AllReduce<Float32Array>;
  readonly doubles: AllReduce<Float64Array>;
  readonly heartbeat: Heartbeat;
  private readonly control: Int32Array;

  constructor(
    memory: SharedMemory,
    readonly worker: number,
    readonly size: number,
  ) {
    this.control = new Int32Array(memory.control);
    const barrier = new Barrier(this.control, size);
    const heartbeat = new Heartbeat(memory, worker);
    this.floats = new AllReduce(
      new Float32Array(memory.floats),
      memory.floatCapacity,
      worker,
      size,
      barrier,
      heartbeat,
    );
    this.doubles = new AllReduce(
      new Float64Array(memory.doubles),
      memory.doubleCapacity,
      worker,
      size,
      barrier,
      heartbeat,
    );
    this.heartbeat = heartbeat;
  }

  get stopRequested(): boolean {
    return Atomics.load(this.control, STOP_WORD) === 1;
  }
}
