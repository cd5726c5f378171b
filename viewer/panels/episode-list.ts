/** The run's episodes to choose from, searched and sorted. */

import { CONTROLLER_NAMES, type EpisodeHeader } from "../../sim/episode-log.js";
import { terrainName } from "../../sim/terrain/kinds.js";
import { byId, make } from "../page/dom.js";
import { EPISODE_ORDERS, type EpisodeOrder, selectEpisodes } from "../recording/episode-order.js";
import type { EpisodeEntry } from "../server/api.js";

export class EpisodeList {
  private readonly search = byId("episode-search", HTMLInputElement);
  private readonly order = byId("episode-order", HTMLSelectElement);
  private readonly count = byId("episode-count", HTMLElement);
  private episodes: readonly EpisodeEntry[] = [];
  private marked: string | null = null;

  constructor(
    private readonly list: HTMLUListElement,
    private readonly onChoose: (name: string) => void,
  ) {
    const orders = Object.entries(EPISODE_ORDERS);
    this.order.append(...orders.map(([value, textContent]) => make("option", { value, textContent })));
    this.search.addEventListener("input", () => this.refresh());
    this.order.addEventListener("change", () => this.refresh());
  }

  show(episodes: readonly EpisodeEntry[]): void {
    this.episodes = episodes;
    this.refresh();
  }

  private refresh(): void {
    const found = selectEpisodes(this.episodes, this.search.value, this.order.value as EpisodeOrder);
    this.list.replaceChildren(...found.map((entry) => make("li", {}, this.button(entry))));
    this.count.textContent =
      found.length === this.episodes.length ? String(found.length) : `${found.length} of ${this.episodes.length}`;
    this.mark(this.marked);
  }

  /** Marks the episode that is being shown. */
  mark(name: string | null): void {
    this.marked = name;
    for (const button of this.list.querySelectorAll("button")) {
      if (button.dataset.name === name) {
        button.setAttribute("aria-current", "true");
        this.reveal(button);
      } else button.removeAttribute("aria-current");
    }
  }

  /** Scrolls the list, never the page: on a narrow screen the replay would go out of sight. */
  private reveal(button: HTMLButtonElement): void {
    const list = this.list.getBoundingClientRect();
    const { top, bottom } = button.getBoundingClientRect();
    this.list.scrollTop += Math.min(0, top - list.top) + Math.max(0, bottom - list.bottom);
  }

  private button(entry: EpisodeEntry): HTMLButtonElement {
    const button = make("button", { type: "button", className: "episode" }, ...rows(entry));
    button.dataset.name = entry.name;
    button.addEventListener("click", () => this.onChoose(entry.name));
    return button;
  }
}

function rows(entry: EpisodeEntry): HTMLElement[] {
  if ("problem" in entry) {
    return [
      make("span", { className: "episode-label" }, entry.name),
      make("span", { className: "outcome unreadable" }, "unreadable"),
      make("span", { className: "episode-detail" }, entry.problem),
    ];
  }
  const { label, fell, gait, terrain } = entry.header;
  return [
    make("span", { className: "episode-label" }, label),
    make("span", { className: `outcome ${fell ? "fell" : "survived"}` }, fell ? "fell" : "survived"),
    make("span", { className: "episode-detail" }, `${gait} · ${terrainName(terrain.kind, terrain.level)}`),
    make("span", { className: "episode-detail" }, figures(entry.header)),
  ];
}

function figures({ controller, durationS, metrics }: EpisodeHeader): string {
  const error = metrics.velocityErrorX;
  const measured = error !== undefined && Number.isFinite(error);
  return [
    CONTROLLER_NAMES[controller],
    `${durationS.toFixed(1)} s`,
    ...(measured ? [`error ${error.toFixed(2)} m/s`] : []),
  ].join(" · ");
}
