/** Most policy steps to ask for at once: a page that draws slower than twice a second slows the simulation down. */
const MAX_STEPS = 25;

/** Time as the page shows it: it runs with the wall clock and waits for the simulation where that is late. */
export class LiveClock {
  /** Shown time since the last start, s. */
  timeS = 0;
  playing = true;
  /** Simulated seconds per second. */
  speed = 1;
  /** How much the last call of `advance` was about, s. */
  private lastS = 0;

  constructor(private readonly stepS: number) {}

  restart(): void {
    this.timeS = 0;
  }

  /** Is as fast as another one, and paused where that is. */
  keepPaceOf({ playing, speed }: LiveClock): void {
    this.playing = playing;
    this.speed = speed;
  }

  /** Lets `elapsedS` of wall time pass, up to the newest frame at `endS`. */
  advance(elapsedS: number, endS: number): void {
    this.lastS = this.playing ? elapsedS * this.speed : 0;
    this.timeS = Math.min(this.timeS + this.lastS, endS);
  }

  /** Policy steps that are missing until the next call, and one to spare. */
  stepsDue(endS: number): number {
    if (!this.playing) return 0;
    const wantedS = this.timeS + this.lastS + this.stepS;
    return Math.min(Math.max(Math.ceil((wantedS - endS) / this.stepS - 1e-6), 0), MAX_STEPS);
  }

  /** Pauses, and shows the newest frame. */
  stepTo(endS: number): void {
    this.playing = false;
    this.timeS = endS;
  }
}
