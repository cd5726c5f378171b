/** What people set in live mode: command, gait, controller and ground. */

import { GAITS } from "../../gaits/library.js";
import type { GaitParameters } from "../../gaits/types.js";
import type { ControllerKind } from "../../sim/episode-log.js";
import type { TerrainSpec } from "../../sim/terrain/height-field.js";
import { TERRAIN_KINDS } from "../../sim/terrain/kinds.js";
import { byId, make } from "../page/dom.js";
import type { CommandLimits, Drive } from "./drive.js";
import { BY_SPEED, keyOfGait, offeredGaits } from "./gait-choice.js";
import { anotherSeed, LEVELS } from "./live-link.js";
import { POLICY_NAMES } from "./policies.js";

/** In place of a policy: none. */
export const GAIT_MEMORY_ALONE = "gaitMemoryAlone" satisfies ControllerKind;

export interface LivePanelEvents {
  changeGround(): void;
  changeGait(): void;
  changeController(): void;
}

const SLIDERS = [
  { id: "cruise-forward", range: "vxMPerS", unit: "m/s" },
  { id: "cruise-left", range: "vyMPerS", unit: "m/s" },
  { id: "cruise-turn", range: "yawRateRadPerS", unit: "rad/s" },
] as const;

export class LivePanel {
  private readonly gaits = byId("live-gaits", HTMLElement);
  /** What the choice that is none is called. */
  private readonly automatic = make("span");
  private readonly gaitRemark = byId("live-gait-remark", HTMLElement);
  private readonly controller = byId("live-controller", HTMLSelectElement);
  private readonly kind = byId("live-terrain", HTMLSelectElement);
  private readonly level = byId("live-level", HTMLSelectElement);
  private readonly seed = byId("live-seed", HTMLInputElement);

  constructor(
    private readonly drive: Drive,
    private readonly events: LivePanelEvents,
  ) {
    this.offerGaits();
    this.offerGrounds();
    this.controller.append(
      ...POLICY_NAMES.map(policyOption),
      make("option", { value: GAIT_MEMORY_ALONE, textContent: "Gait memory alone" }),
    );
    this.level.append(...LEVELS.map((level) => make("option", {}, String(level))));
    SLIDERS.forEach(({ id }, axis) => {
      const slider = byId(id, HTMLInputElement);
      slider.addEventListener("input", () => this.setCruise(axis, slider.valueAsNumber));
    });
    byId("cruise-stop", HTMLButtonElement).addEventListener("click", () => this.stopCruise());
    this.gaits.addEventListener("change", () => events.changeGait());
    this.controller.addEventListener("change", () => events.changeController());
    for (const field of [this.kind, this.level, this.seed]) field.addEventListener("change", () => this.takeGround());
    byId("live-new-ground", HTMLButtonElement).addEventListener("click", () => this.newGround());
  }

  /** Id of the gait that is chosen, or `BY_SPEED`. */
  get gait(): string {
    return this.gaits.querySelector<HTMLInputElement>("input:checked")?.value ?? BY_SPEED;
  }

  set gait(id: string) {
    for (const input of this.gaits.querySelectorAll("input")) input.checked = input.value === id;
  }

  /** Name of a policy, or `GAIT_MEMORY_ALONE`. */
  get controllerName(): string {
    return this.controller.value;
  }

  /** Stays as it is where there is no such choice. */
  set controllerName(name: string) {
    if ([...this.controller.options].some(({ value }) => value === name)) this.controller.value = name;
  }

  /** Offers policies besides those that come along. @param names as `fetchPolicy` takes them */
  offerPolicies(names: readonly string[]): void {
    this.controller.append(...names.map(policyOption));
  }

  /** Offers what gaits there are by now: a policy's file may have brought more along. */
  offerGaits(): void {
    const offered = [...this.gaits.querySelectorAll("input")].map(({ value }) => value);
    const more = [BY_SPEED, ...offeredGaits()].filter((id) => !offered.includes(id));
    this.gaits.append(...more.map((id) => this.gaitOption(id)));
  }

  /** Offers what ground there is by now: a policy's own task may have brought more along. */
  offerGrounds(): void {
    const offered = [...this.kind.options].map(({ value }) => value);
    const more = TERRAIN_KINDS.filter((kind) => !offered.includes(kind));
    this.kind.append(...more.map((kind) => make("option", { value: kind, textContent: kind })));
  }

  get terrain(): TerrainSpec {
    const kind = TERRAIN_KINDS.find((each) => each === this.kind.value) ?? "flat";
    return { kind, level: Number(this.level.value), seed: this.seed.valueAsNumber };
  }

  set terrain({ kind, level, seed }: TerrainSpec) {
    this.kind.value = kind;
    this.level.value = String(level);
    this.seed.valueAsNumber = seed;
    this.level.disabled = kind === "flat";
  }

  /** Ground of the same kind from another seed; where it is flat, rough ground. */
  newGround(): void {
    const { kind, level } = this.terrain;
    this.terrain = { kind: kind === "flat" ? "rough" : kind, level, seed: anotherSeed() };
    this.events.changeGround();
  }

  /** Sliders go as far as the policy was trained. */
  setLimits(limits: CommandLimits): void {
    SLIDERS.forEach(({ id, range }, axis) => {
      const slider = byId(id, HTMLInputElement);
      [slider.min, slider.max] = limits[range].map(String) as [string, string];
      this.setCruise(axis, slider.valueAsNumber);
    });
  }

  /**
   * Marks the gaits that the policy does not know; says so if one of them is chosen.
   *
   * @param selects whether gaits that are not chosen by hand are left to the policy, not to the speed
   */
  showKnown(knows: (gait: GaitParameters) => boolean, selects: boolean): void {
    this.automatic.textContent = selects ? "by policy" : "by speed";
    for (const input of this.gaits.querySelectorAll("input")) {
      const gait = GAITS.find(({ id }) => id === input.value);
      input.parentElement!.classList.toggle("unknown", gait !== undefined && !knows(gait));
    }
    const chosen = GAITS.find(({ id }) => id === this.gait);
    const known = GAITS.filter(knows).map(({ id }) => id);
    const strange = chosen ? !knows(chosen) : !selects && known.length < GAITS.length;
    this.gaitRemark.textContent = strange
      ? `This policy has only learned to ${known.join(", ").replace(/, (?=[^,]*$)/, " and ")}. In other gaits it does what helps there, and may fall.`
      : "";
  }

  stopCruise(): void {
    SLIDERS.forEach((_slider, axis) => {
      this.setCruise(axis, 0);
    });
  }

  private setCruise(axis: number, value: number): void {
    const { id, unit } = SLIDERS[axis];
    this.drive.cruise[axis] = value;
    byId(id, HTMLInputElement).valueAsNumber = value;
    byId(`${id}-value`, HTMLOutputElement).textContent = `${value.toFixed(2)} ${unit}`;
  }

  /** What is typed as a seed need not be one. */
  private takeGround(): void {
    if (!this.seed.validity.valid || Number.isNaN(this.seed.valueAsNumber)) {
      this.seed.reportValidity();
      return;
    }
    this.level.disabled = this.kind.value === "flat";
    this.events.changeGround();
  }

  private gaitOption(id: string): HTMLElement {
    const key = keyOfGait(id);
    const input = make("input", { type: "radio", name: "live-gait", value: id });
    const name = id === BY_SPEED ? this.automatic : make("span", {}, id);
    return make("label", { className: "gait-option" }, input, name, ...(key ? [make("kbd", {}, key)] : []));
  }
}

function policyOption(name: string): HTMLOptionElement {
  return make("option", { value: name, textContent: `Policy: ${name}` });
}
