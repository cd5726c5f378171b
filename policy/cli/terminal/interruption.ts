/** Signals that ask a command to come to an end, with the exit codes that shells give for them: 128 and their number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof EXIT_CODES;

/** Listens for Ctrl-C, SIGTERM and the end of the terminal, until `stopListening`. */
export class Interruption {
  private signal: Signal | undefined;

  /** @param onFirst called when the first one comes; later ones change nothing */
  constructor(private readonly onFirst: () => void) {
    for (const signal of Object.keys(EXIT_CODES)) process.on(signal, this.onSignal);
  }

  get requested(): boolean {
    return this.signal !== undefined;
  }

  /** What the command is to end with if it was interrupted; 0 if it was not. */
  get exitCode(): number {
    return this.signal === undefined ? 0 : EXIT_CODES[this.signal];
  }

  stopListening(): void {
    for (const signal of Object.keys(EXIT_CODES)) process.off(signal, this.onSignal);
  }

  private readonly onSignal = (signal: Signal): void => {
    if (this.requested) return;
    this.signal = signal;
    this.onFirst();
  };
}
