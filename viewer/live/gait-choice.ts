/** Which gait to ask the gait memory for: one by hand, or the one that suits the speed. */

import { froudeNumber, GAITS, gaitForFroude, SELECTABLE_GAITS } from "../../gaits/library.js";
import type { LegGeometry } from "../../gaits/types.js";
import type { Vec3 } from "../../sim/math.js";

/** In place of a gait: as the policy selects it or, where it does not, by speed, as the gait memory's automatic mode has it. */
export const BY_SPEED = "by-speed";

/** Gaits in the order in which they are offered: those with a number key first. */
export const OFFERED_GAITS: readonly string[] = [
  ...SELECTABLE_GAITS,
  ...[...GAITS.keys()].filter((index) => !SELECTABLE_GAITS.includes(index)),
].map((index) => GAITS[index].id);

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

/** Index in the gait library of what is chosen at a velocity command; null where that is left to a policy that `selects`. */
export function chosenGait(
  choice: string,
  [vx, , yawRate]: Vec3,
  geometry: LegGeometry,
  selects = false,
): number | null {
  if (choice !== BY_SPEED) return GAITS.findIndex(({ id }) => id === choice);
  if (selects) return null;
  const { hipOffsetM, abductionOffsetM, thighLengthM, calfLengthM } = geometry;
  const hipRadiusM = Math.hypot(hipOffsetM[0], hipOffsetM[1] + abductionOffsetM[0]);
  return gaitForFroude(froudeNumber(vx, yawRate, hipRadiusM, thighLengthM + calfLengthM));
}
