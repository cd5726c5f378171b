/** Which gait to ask the gait memory for: one by hand, or the one that suits the speed. */

import { froudeNumber, GAITS, gaitForFroude, gaitIndex, SELECTABLE_GAITS } from "../../gaits/library.js";
import type { LegGeometry } from "../../gaits/types.js";
import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import type { GaitSource } from "../../policy/runtime/gait-choice.js";
import type { Vec3 } from "../../sim/math.js";

/** Nobody tells gaits but who chooses them here. */
export type LiveGaitSource = Exclude<GaitSource, "told">;

/** In place of a gait: as the policy selects it or, where it does not, by speed, as the gait memory's automatic mode has it. */
export const BY_SPEED = "by-speed";

/** Gaits that there are by now, in the order in which they are offered: those with a number key first. */
export function offeredGaits(): readonly string[] {
  const others = [...GAITS.keys()].filter((index) => !SELECTABLE_GAITS.includes(index));
  return [...SELECTABLE_GAITS, ...others].map((index) => GAITS[index].id);
}

/** What a key asks for: 1 to 8 the selectable gaits, 0 by speed; null for other keys. */
export function gaitOfKey(key: string): string | null {
  if (key === "0") return BY_SPEED;
  const index = SELECTABLE_GAITS[Number.parseInt(key, 10) - 1];
  return index === undefined ? null : GAITS[index].id;
}

/** Key of a gait, or null where it has none. */
export function keyOfGait(id: string): string | null {
  if (id === BY_SPEED) return "0";
  const place = SELECTABLE_GAITS.findIndex((index) => GAITS[index].id === id);
  return place < 0 ? null : String(place + 1);
}

/** What a choice means for a policy: a gait's id that one, `BY_SPEED` the policy's gait selection where it has one. */
export function sourceOf(choice: string, { selector }: PolicyBundle): LiveGaitSource {
  if (choice !== BY_SPEED) return { gait: choice };
  return selector ? "policy" : "by-speed";
}

/** Index in the gait library of the gait at a velocity command; "policy" where that is left to the gait selection policy. */
export function chosenGait(source: LiveGaitSource, [vx, , yawRate]: Vec3, geometry: LegGeometry): number | "policy" {
  if (source === "policy") return source;
  if (source !== "by-speed") return gaitIndex(source.gait);
  const { hipOffsetM, abductionOffsetM, thighLengthM, calfLengthM } = geometry;
  const hipRadiusM = Math.hypot(hipOffsetM[0], hipOffsetM[1] + abductionOffsetM[0]);
  return gaitForFroude(froudeNumber(vx, yawRate, hipRadiusM, thighLengthM + calfLengthM));
}
