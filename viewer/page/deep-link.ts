/** The page's address says what it shows: `#run=…&episode=…&t=…&compare=…`, or `#run=…&view=training`. */

export type ViewName = "replay" | "training";

export interface EpisodeId {
  readonly run: string;
  readonly episode: string;
}

export interface DeepLink {
  readonly run: string | null;
  readonly episode: string | null;
  /** Without a time, the episode plays from its start. */
  readonly timeS: number | null;
  /** The recording beside it. */
  readonly compare: EpisodeId | null;
  /** Null: training while the run trains, otherwise replay. */
  readonly view: ViewName | null;
}

/** A link that names nothing. */
const EMPTY: DeepLink = { run: null, episode: null, timeS: null, compare: null, view: null };

/** A link to what is named, and to the rest as it comes. */
export function linkTo(parts: Partial<DeepLink>): DeepLink {
  return { ...EMPTY, ...parts };
}

export function parseDeepLink(hash: string): DeepLink {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const t = Number.parseFloat(fields.get("t") ?? "");
  const view = fields.get("view");
  return {
    run: fields.get("run"),
    episode: fields.get("episode"),
    timeS: Number.isFinite(t) ? t : null,
    compare: parseEpisodeId(fields.get("compare") ?? ""),
    view: view === "replay" || view === "training" ? view : null,
  };
}

export function formatDeepLink({ run, episode, timeS, compare, view }: DeepLink): string {
  const fields = new URLSearchParams();
  if (run !== null) fields.set("run", run);
  if (view !== null) fields.set("view", view);
  if (episode !== null) fields.set("episode", episode);
  if (compare) fields.set("compare", `${compare.run}/${compare.episode}`);
  if (timeS !== null) fields.set("t", timeS.toFixed(2));
  return `#${fields.toString().replaceAll("%2F", "/")}`;
}

/** Names of runs and episodes hold no slash. */
function parseEpisodeId(text: string): EpisodeId | null {
  const [run, episode, ...rest] = text.split("/");
  return run && episode && rest.length === 0 ? { run, episode } : null;
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
