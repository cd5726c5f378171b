import { Heartbeat } from "../../threads/heartbeat.js";
import type { SharedMemory } from "../../threads/shared-memory.js";
import { ThreadFailure } from "./thread-failure.js";

const TICK_MS = 1000;
/** Threads load, build their worlds or compile a GPU's kernels before their first sign of life. */
const START_TICKS = 300;
/** Later, no thread is silent for longer than it has been so far by this factor, and at least so many ticks. */
const SILENCE_FACTOR = 5;
const SILENCE_TICKS = 10;

/**
 * Notices threads that hang: a timer in the thread that started them compares their signs of life. It counts its own ticks, not
 * the time: while the machine sleeps or the process is stopped, neither side moves.
 */
export class Watchdog {
  /** Rejects with a ThreadFailure that names the thread for which the others wait. */
  readonly hang: Promise<never>;
  private readonly heartbeats: Heartbeat[];
  private readonly beats: number[];
  private reject: (failure: ThreadFailure) => void = () => undefined;
  private readonly timer: NodeJS.Timeout;
  private silentTicks = 0;
  private longestSilence = 0;
  private isStarting = true;

  /** @param names of the threads, in the order of their heartbeats */
  constructor(
    memory: SharedMemory,
    private readonly names: readonly string[],
  ) {
    this.heartbeats = names.map((_, thread) => new Heartbeat(memory, thread));
    this.beats = this.heartbeats.map(() => 0);
    this.hang = new Promise((_, reject) => {
      this.reject = reject;
    });
    this.timer = setInterval(this.tick, TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** A thread that hangs soon silences all: they wait for it. */
  private readonly tick = (): void => {
    const beats = this.heartbeats.map((heartbeat) => heartbeat.count);
    const isAlive = beats.some((count, worker) => count !== this.beats[worker]);
    this.beats.splice(0, beats.length, ...beats);
    if (isAlive) {
      // Starting takes longer than anything later.
      if (!this.isStarting) this.longestSilence = Math.max(this.longestSilence, this.silentTicks);
      this.silentTicks = 0;
      this.isStarting = beats.includes(0);
      return;
    }
    this.silentTicks++;
    const limit = this.isStarting ? START_TICKS : Math.max(SILENCE_TICKS, SILENCE_FACTOR * this.longestSilence);
    if (this.silentTicks < limit) return;
    this.stop();
    const culprit = this.heartbeats.findIndex((heartbeat) => !heartbeat.isWaiting && !heartbeat.hasFinished);
    const silentS = (this.silentTicks * TICK_MS) / 1000;
    this.reject(new ThreadFailure(`${this.names[Math.max(0, culprit)]} hangs: no sign of life for ${silentS} s`));
  };
}
