import { isLogged, setLiveLine } from "./log.js";

/** What a progress line needs of its stream; `process.stderr` fits. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

const BAR_WIDTH = 20;
/** How often a line goes into a pipe or log file, where lines cannot be redrawn. */
const PIPE_INTERVAL_S = 10;
/** ANSI: erase from the cursor to the end of the line. */
const ERASE_REST = "\u001b[K";

/** What a long job tells how far it has come. */
export interface Progress {
  /** `fraction` of the job that is done, 0..1, and a text such as "reward 0.71". */
  update(state: { readonly fraction: number; readonly text: string }): void;
  stop(): void;
}

/**
 * One line on stderr that shows how far a long job has come: redrawn on a terminal, printed now and then in a pipe, a log file
 * or CI. Below log level "info" it shows nothing.
 */
export class ProgressLine implements Progress {
  private readonly isLive: boolean;
  private start: { timeS: number; fraction: number } | null = null;
  private printedS = Number.NEGATIVE_INFINITY;
  private line = "";

  constructor(private readonly stream: ProgressStream = process.stderr) {
    this.isLive = Boolean(stream.isTTY) && !process.env.CI && process.env.TERM !== "dumb";
  }

  update({ fraction, text }: { readonly fraction: number; readonly text: string }): void {
    if (!isLogged("info")) return;
    const timeS = performance.now() / 1000;
    this.start ??= { timeS, fraction };
    const remainingS = etaS(timeS - this.start.timeS, this.start.fraction, fraction);
    const status = `${(100 * fraction).toFixed(0).padStart(3)} %  ${formatDuration(remainingS)} left  ${text}`;
    if (this.isLive) {
      setLiveLine(this);
      const filled = Math.round(BAR_WIDTH * fraction);
      this.line = `[${"=".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}] ${status}`;
      this.draw();
    } else if (timeS - this.printedS >= PIPE_INTERVAL_S) {
      this.stream.write(`${status}\n`);
      this.printedS = timeS;
    }
  }

  /** Makes room for a line of the log. */
  erase(): void {
    this.stream.write(`\r${ERASE_REST}`);
  }

  /** Shows the last state again, on a terminal. */
  draw(): void {
    // A line that wraps cannot be redrawn.
    this.stream.write(`\r${this.line.slice(0, (this.stream.columns ?? 80) - 1)}${ERASE_REST}`);
  }

  /** Leaves the last state on the terminal and moves on to a line of its own. */
  stop(): void {
    if (this.start !== null && this.isLive) this.stream.write("\n");
    this.start = null;
    setLiveLine(null);
  }
}

/** A job's progress as part of a longer one: from one fraction of it to another, under a label if it has one. */
export function partOf(whole: Progress, from: number, to: number, label = ""): Progress {
  return {
    update: ({ fraction, text }) =>
      whole.update({ fraction: from + fraction * (to - from), text: label ? `${label}  ${text}` : text }),
    stop: () => undefined,
  };
}

/** Time left, s, at the pace since the start, which a resumed job makes at `startFraction`; NaN while nothing is done. */
export function etaS(elapsedS: number, startFraction: number, fraction: number): number {
  const done = fraction - startFraction;
  return done > 0 ? (elapsedS / done) * (1 - fraction) : Number.NaN;
}

/** "1:02:03", "2:03", or "--:--" for NaN. */
export function formatDuration(durationS: number): string {
  if (Number.isNaN(durationS)) return "--:--";
  const total = Math.round(durationS);
  const minutes = Math.floor(total / 60);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}
