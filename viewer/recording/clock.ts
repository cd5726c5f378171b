/** Time of a replay, and the pose of the robot between two recorded frames. */

export const REPLAY_SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4, 8] as const;

/** Runs from 0 to `durationS`; knows nothing of wall clocks or of what is shown. */
export class ReplayClock {
  private currentS = 0;
  private running = false;
  private factor = 1;

  /** @param loops whether it starts again at the end */
  constructor(
    private numFrames: number,
    readonly frameS: number,
    private readonly loops = false,
  ) {}

  get durationS(): number {
    return Math.max(0, (this.numFrames - 1) * this.frameS);
  }

  get timeS(): number {
    return this.currentS;
  }

  get playing(): boolean {
    return this.running;
  }

  get speed(): number {
    return this.factor;
  }

  /** Replay seconds per second. */
  setSpeed(speed: number): void {
    this.factor = speed;
  }

  /** Another length; time stays where it is, but within it. */
  setLength(numFrames: number): void {
    this.numFrames = numFrames;
    this.seek(this.currentS);
  }

  /** Starts, from the beginning when the end has been reached. */
  play(): void {
    if (this.currentS >= this.durationS) this.currentS = 0;
    this.running = this.durationS > 0;
  }

  pause(): void {
    this.running = false;
  }

  toggle(): void {
    if (this.running) this.pause();
    else this.play();
  }

  /** Jumps to a time, clamped to the episode; playing goes on from there. */
  seek(timeS: number): void {
    this.currentS = Math.min(Math.max(Number.isFinite(timeS) ? timeS : 0, 0), this.durationS);
  }

  /** Pauses and moves by whole frames from the frame nearest to now. */
  stepFrames(count: number): void {
    this.pause();
    this.seek((Math.round(this.currentS / this.frameS) + count) * this.frameS);
  }

  /** Lets `elapsedS` seconds of wall time pass; stops at the end. */
  advance(elapsedS: number): void {
    if (!this.running) return;
    this.seek(this.currentS + elapsedS * this.factor);
    if (this.currentS < this.durationS) return;
    if (this.loops) this.play();
    else this.running = false;
  }
}
