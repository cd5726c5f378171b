/** Which parts of a 3D view are drawn, to be switched on and off. */

import { make } from "../page/dom.js";
import type { OverlayName } from "../scene/overlays.js";

/** A view of a robot. */
export interface ShowsParts {
  setFollowing(follows: boolean): void;
  setShown(name: OverlayName, shown: boolean): void;
  setCollisionShown(shown: boolean): void;
}

const OVERLAYS: Readonly<Record<OverlayName, string>> = {
  feet: "Reference feet",
  trails: "Foot trails",
  forces: "Contact forces, from torques",
  velocity: "Velocity, commanded and real",
};

export class ShowMenu {
  private readonly follow: HTMLInputElement;

  /** Fills the menu; all is drawn, but for the collision shapes. */
  constructor(
    private readonly menu: HTMLDetailsElement,
    view: ShowsParts,
  ) {
    this.follow = this.add("Camera goes along", true, (on) => view.setFollowing(on));
    this.follow.parentElement!.append(make("kbd", {}, "F"));
    for (const [name, title] of Object.entries(OVERLAYS)) {
      this.add(title, true, (on) => view.setShown(name as OverlayName, on));
    }
    this.add("Collision shapes", false, (on) => view.setCollisionShown(on));
  }

  toggleFollowing(): void {
    this.follow.click();
  }

  private add(title: string, checked: boolean, onChange: (on: boolean) => void): HTMLInputElement {
    const box = make("input", { type: "checkbox", checked });
    box.addEventListener("change", () => onChange(box.checked));
    this.menu.append(make("label", {}, box, title));
    onChange(checked);
    return box;
  }
}
