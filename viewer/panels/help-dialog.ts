/** The keys of a view, listed over the page. */

import { make } from "../page/dom.js";

/** Keys with a space between them ("…" for those in between), and what they do. */
export type KeyHelp = readonly (readonly [keys: string, meaning: string])[];

export class HelpDialog {
  private readonly dialog: HTMLDialogElement;

  /**
   * @param host of the dialog; where it is hidden, so is that
   * @param button that opens it, besides a key
   */
  constructor(host: HTMLElement, button: HTMLButtonElement, keys: KeyHelp) {
    this.dialog = make(
      "dialog",
      { className: "help", ariaLabel: "Keys" },
      make(
        "header",
        {},
        make("h2", {}, "Keys"),
        make("form", { method: "dialog" }, make("button", { type: "submit", className: "small" }, "Close")),
      ),
      make("dl", {}, ...keys.map(([names, meaning]) => row(names, meaning))),
    );
    host.append(this.dialog);
    button.addEventListener("click", () => this.toggle());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside its contents
    });
  }

  toggle(): void {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }
}

function row(names: string, meaning: string): HTMLElement {
  const keys = names.split(" ").flatMap((name) => [name === "…" ? name : make("kbd", {}, name), " "]);
  return make("div", {}, make("dt", {}, ...keys), make("dd", {}, meaning));
}
