/** Which other recording of the same trial stands beside the shown one. */

import type { EpisodeHeader } from "../../sim/episode-log.js";
import { fetchRun } from "../page/client.js";
import type { EpisodeId } from "../page/deep-link.js";
import { byId, make } from "../page/dom.js";
import { counterparts } from "../recording/comparison.js";
import type { RunDetails, RunList } from "../server/api.js";

export class CompareBar {
  private readonly toggle = byId("compare", HTMLButtonElement);
  private readonly pickers = byId("compare-pickers", HTMLElement);
  private readonly runs = byId("compare-run", HTMLSelectElement);
  private readonly episodes = byId("compare-episode", HTMLSelectElement);
  private shown: { readonly id: EpisodeId; readonly header: EpisodeHeader; readonly run: RunDetails } | null = null;

  /** Counts what was asked for, so that a late answer to something older is dropped. */
  private request = 0;

  /** @param onCompare called with the other recording, or with null to show one alone */
  constructor(
    private readonly onCompare: (other: EpisodeId | null) => void,
    private readonly onProblem: (error: unknown) => void,
  ) {
    this.toggle.addEventListener("click", () => (this.active ? this.end() : this.offer()));
    this.runs.addEventListener("change", () => this.offer(this.runs.value));
    this.episodes.addEventListener("change", () =>
      this.onCompare({ run: this.runs.value, episode: this.episodes.value }),
    );
    this.setActive(false);
  }

  get active(): boolean {
    return this.toggle.getAttribute("aria-pressed") === "true";
  }

  showRuns({ runs }: RunList): void {
    this.runs.replaceChildren(...runs.map(({ id }) => make("option", { value: id, textContent: id })));
  }

  /** Tells what is shown; while comparing, or where a link names `other`, the comparison goes on with that. */
  showEpisode(run: RunDetails, episode: string, header: EpisodeHeader, other: EpisodeId | null): void {
    this.shown = { id: { run: run.id, episode }, header, run };
    if (other) this.offer(other.run, other.episode);
    else if (this.active) this.offer(this.runs.value);
  }

  /** Shows one recording alone again. */
  end(): void {
    this.request++;
    this.setActive(false);
    this.onCompare(null);
  }

  /** Lists the recordings of this trial that a run has, and takes the first of them, or the one that is asked for. */
  private async offer(run = this.shown?.id.run, episode?: string): Promise<void> {
    const { shown } = this;
    if (!shown || run === undefined) return;
    const request = ++this.request;
    try {
      const details = run === shown.run.id ? shown.run : await fetchRun(run);
      if (shown !== this.shown || request !== this.request) return;
      this.setActive(true);
      const isShown = (name: string) => run === shown.id.run && name === shown.id.episode;
      const names = counterparts(shown.header, details.episodes).filter((name) => !isShown(name));
      if (episode !== undefined && !names.includes(episode)) names.unshift(episode);
      this.list(run, names, episode);
      const chosen = episode ?? names[0];
      this.onCompare(chosen === undefined ? null : { run, episode: chosen });
    } catch (error) {
      if (request === this.request) this.onProblem(error);
    }
  }

  private list(run: string, names: readonly string[], chosen: string | undefined): void {
    this.runs.value = run;
    this.episodes.disabled = names.length === 0;
    const options = names.length > 0 ? names : ["no recording of this trial"];
    this.episodes.replaceChildren(...options.map((name) => make("option", { value: name, textContent: name })));
    if (chosen !== undefined) this.episodes.value = chosen;
  }

  private setActive(active: boolean): void {
    this.toggle.setAttribute("aria-pressed", String(active));
    this.pickers.hidden = !active;
  }
}
