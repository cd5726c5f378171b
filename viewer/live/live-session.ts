/** A live simulation kept at pace with the wall clock: what to ask of the worker when, and what has come of it. */

import type { Terrain } from "../../sim/terrain/height-field.js";
import { RunningMedian } from "../page/running-median.js";
import type { Push } from "../scene/push-arrow.js";
import { PUSH_SHOWN_S } from "../scene/push-arrow.js";
import type { LiveClient } from "./live-client.js";
import { LiveClock } from "./live-clock.js";
import { LiveLog } from "./live-log.js";
import type { LiveEvent, LiveInput, LiveOptions, LiveState } from "./live-simulation.js";

/** How long a robot that fell lies there before it starts again, s. */
const LIES_S = 1.5;
/** Closer to the ground's end than this it starts again, m. */
const EDGE_M = 0.7;

export class LiveSession {
  readonly log: LiveLog;
  readonly clock: LiveClock;
  /** Poses of the planks, [count, 7]. */
  planks: Float32Array = new Float32Array(0);
  /** When the robot fell, s since its start; null while it has not. */
  fellAtS: number | null = null;
  /** Since this session began. */
  falls = 0;
  /** Worker time of a policy step, ms. */
  readonly stepMs = new RunningMedian();
  private terrain: Terrain | null = null;
  private lastPush: (Push & { readonly atS: number }) | null = null;
  private events: LiveEvent[] = [];
  private extraSteps = 0;
  private busy = false;
  private broken = false;
  /** Starts that have not been answered. Until then, the worker may have a robot that nobody has put on its ground. */
  private starting = 0;

  /**
   * @param client is the session's alone from now on
   * @param onError is told why it goes on no more until the next start
   */
  constructor(
    dtS: number,
    private readonly client: LiveClient,
    private readonly onError: (error: unknown) => void,
  ) {
    this.log = new LiveLog({ dtS });
    this.clock = new LiveClock(dtS);
  }

  /** Puts the robot on another ground; returns it. Rejects, and leaves all as it is, where that cannot be done. */
  async start(options: LiveOptions): Promise<Terrain> {
    this.starting++;
    try {
      this.terrain = await this.client.start(options);
    } finally {
      this.starting--;
    }
    this.events = ["reset"];
    this.broken = false;
    return this.terrain;
  }

  /** Whether it takes another start to go on. */
  get isBroken(): boolean {
    return this.broken;
  }

  /** Lets something happen at the next step; on a robot that lies there, only another start does. */
  cause(event: LiveEvent): void {
    this.events.push(event);
  }

  /** Pauses, and goes on by one policy step. */
  stepOnce(): void {
    this.clock.playing = false;
    this.extraSteps++;
  }

  /** Lets `elapsedS` of wall time pass. */
  tick(elapsedS: number, input: LiveInput): void {
    if (!this.terrain) return;
    this.clock.advance(elapsedS, this.log.endS);
    if (this.busy || this.broken || this.starting > 0) return;
    if (this.mustRestart()) this.cause("reset");
    const steps = this.clock.stepsDue(this.log.endS) + this.extraSteps;
    if (steps > 0 || this.events.length > 0) void this.ask(steps, input);
  }

  /** The push that is to be seen now, or null. */
  get push(): Push | null {
    const { lastPush, clock } = this;
    return lastPush && clock.timeS < lastPush.atS + PUSH_SHOWN_S ? lastPush : null;
  }

  stop(): void {
    this.client.stop();
  }

  private mustRestart(): boolean {
    const { log, terrain } = this;
    if (log.numFrames === 0 || !this.clock.playing) return false;
    if (this.fellAtS !== null && log.endS > this.fellAtS + LIES_S) return true;
    const frame = log.frame(log.numFrames - 1);
    const { offset } = log.column("basePosition");
    const reach = terrain!.heightsM.length > 0 ? terrain!.sizeM / 2 - EDGE_M : Number.POSITIVE_INFINITY;
    return Math.abs(frame[offset]) > reach || Math.abs(frame[offset + 1]) > reach;
  }

  private async ask(steps: number, input: LiveInput): Promise<void> {
    const { events } = this;
    this.events = [];
    this.extraSteps = 0;
    this.busy = true;
    try {
      const { state, stepMs } = await this.client.advance(steps, input, events);
      this.take(state);
      if (steps > 0) this.stepMs.add(stepMs);
    } catch (error) {
      this.broken = true;
      this.onError(error);
    } finally {
      this.busy = false;
    }
  }

  private take({ frames, restarted, fell, push, planks }: LiveState): void {
    if (restarted) {
      this.log.clear();
      this.clock.restart();
      this.fellAtS = null;
      this.lastPush = null;
    }
    if (push) this.lastPush = { ...push, atS: this.log.endS };
    this.log.append(frames);
    this.planks = planks;
    if (fell && this.fellAtS === null) {
      this.fellAtS = this.log.endS;
      this.falls++;
    }
    if (!this.clock.playing) this.clock.stepTo(this.log.endS);
  }
}
