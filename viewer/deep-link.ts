/** The page's address says what it shows: `#run=…&episode=…&t=…`. */

export interface DeepLink {
  readonly run: string | null;
  readonly episode: string | null;
  readonly timeS: number | null;
}

export function parseDeepLink(hash: string): DeepLink {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const t = Number.parseFloat(fields.get("t") ?? "");
  return { run: fields.get("run"), episode: fields.get("episode"), timeS: Number.isFinite(t) ? t : null };
}

/** Without a time, the episode plays from its start. */
export function formatDeepLink(run: string, episode: string, timeS: number | null): string {
  return `#${new URLSearchParams({ run, episode, ...(timeS === null ? {} : { t: timeS.toFixed(2) }) })}`;
}

// Browsers ration changes of the address (Safari: 100 in 30 s), so scrubbing must not write each step.
const QUIET_MS = 300;

/** Writes the address once it has stopped changing; adds no history entries. */
export class AddressWriter {
  private pending: number | undefined;

  write(hash: string): void {
    window.clearTimeout(this.pending);
    this.pending = window.setTimeout(() => history.replaceState(null, "", hash), QUIET_MS);
  }

  /** Drops what has not been written yet: the address is about to show something else. */
  cancel(): void {
    window.clearTimeout(this.pending);
  }
}
