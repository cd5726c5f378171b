/** Links from one view of the page to the others: replay and training of a run, live mode, and the benchmark. */

import { formatDeepLink, linkTo } from "../page/deep-link.js";
import { byId } from "../page/dom.js";

const TABS = { replay: "tab-replay", training: "tab-training", live: "tab-live", bench: "tab-bench" } as const;

/** Lays the page out for a view, and marks it among the tabs. */
export function showView(view: keyof typeof TABS): void {
  document.body.dataset.view = view;
  for (const [name, id] of Object.entries(TABS)) {
    byId(id, HTMLAnchorElement).ariaCurrent = name === view ? "page" : null;
  }
}

/** Has the tabs lead to the views of this run. */
export function linkTabs(run: string): void {
  for (const view of ["replay", "training"] as const) {
    byId(TABS[view], HTMLAnchorElement).href = formatDeepLink(linkTo({ run, view }));
  }
}
