/** Which recordings may stand side by side. */

import type { EpisodeHeader, EpisodeLog } from "../../sim/episode-log.js";
import type { EpisodeId } from "../page/deep-link.js";
import type { EpisodeEntry } from "../server/api.js";

export function isSameGround({ terrain: a }: EpisodeHeader, { terrain: b }: EpisodeHeader): boolean {
  return a.kind === b.kind && a.level === b.level && a.seed === b.seed;
}

/** Whether two episodes are the same trial: same ground, and starts and commands drawn from the same seed. */
export function isSameTrial(a: EpisodeHeader, b: EpisodeHeader): boolean {
  return isSameGround(a, b) && a.seed === b.seed && a.trial !== undefined && a.trial === b.trial;
}

/** Names of the episodes that are the same trial as `header`'s, those of another controller first. */
export function counterparts(header: EpisodeHeader, entries: readonly EpisodeEntry[]): string[] {
  const same = entries.filter((entry) => "header" in entry).filter((entry) => isSameTrial(entry.header, header));
  const isOther = (entry: (typeof same)[number]) => Number(entry.header.controller !== header.controller);
  return same.sort((a, b) => isOther(b) - isOther(a)).map(({ name }) => name);
}

/** Replay time from which two episodes were commanded differently, s; null if they never were. */
export function commandsDifferFromS(a: EpisodeLog, b: EpisodeLog): number | null {
  const atA = a.column("command").offset;
  const atB = b.column("command").offset;
  for (let i = 0; i < Math.min(a.numFrames, b.numFrames); i++) {
    for (let k = 0; k < 3; k++) {
      if (a.frame(i)[atA + k] !== b.frame(i)[atB + k]) return i * a.header.dtS;
    }
  }
  return null;
}

interface Compared {
  readonly id: EpisodeId | null;
  readonly log: EpisodeLog;
}

/** What the user should know of a recording beside another: the run it is of, and what makes it another task. */
export function differencesInWords(shown: Compared, other: Compared): string[] {
  const differFromS = commandsDifferFromS(shown.log, other.log);
  return [
    ...(other.id && other.id.run !== shown.id?.run ? [other.id.run] : []),
    ...(differFromS === null ? [] : [`commands differ from ${differFromS.toFixed(1)} s on`]),
  ];
}
