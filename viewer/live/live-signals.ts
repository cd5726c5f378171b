/** What live mode's charts show: one value for each of the newest frames. */

import { NUM_JOINTS } from "../../gaits/types.js";
import type { EpisodeColumnName } from "../../sim/episode-log.js";
import type { RobotModel } from "../../sim/robot/types.js";
import type { Frames } from "../recording/frames.js";
import type { Signal } from "../recording/signals.js";

/** Strides differ from each other: effort is averaged over about two of them, as in replay, s. */
const MEAN_S = 1;

export type LiveSignal = Pick<Signal, "title" | "unit" | "minSpan"> & {
  readonly measured: readonly number[];
  readonly wanted: readonly number[] | null;
};

/** Of frames `first` to `last`, both included, which with those of the second before must be there, or else be the log's first. */
export function liveSignals(frames: Frames, model: RobotModel, first: number, last: number): LiveSignal[] {
  return [
    {
      ...{ title: "Forward", unit: "m/s", minSpan: 0.6 },
      measured: valuesOf(frames, "baseVelocity", first, last),
      wanted: valuesOf(frames, "command", first, last),
    },
    {
      ...{ title: "Torque saturation", unit: "%", minSpan: 10 },
      measured: torqueSaturation(frames, model, first, last),
      wanted: null,
    },
  ];
}

/** The first element of a column. */
function valuesOf(frames: Frames, name: EpisodeColumnName, first: number, last: number): number[] {
  const { offset } = frames.column(name);
  return Array.from({ length: last - first + 1 }, (_, i) => frames.frame(first + i)[offset]);
}

/** Mean of |τ| / τ_max over joints and the second up to each frame, %. */
function torqueSaturation(frames: Frames, { torqueMaxNm }: RobotModel, first: number, last: number): number[] {
  const window = Math.round(MEAN_S / frames.header.dtS);
  const { offset } = frames.column("jointTorque");
  const from = Math.max(0, first - window + 1);
  // Sums of all frames before each: a mean is a difference of two.
  const sums = [0];
  for (let i = from; i <= last; i++) {
    const frame = frames.frame(i);
    let sum = 0;
    for (let j = 0; j < NUM_JOINTS; j++) sum += Math.abs(frame[offset + j]) / torqueMaxNm[j];
    sums.push(sums[i - from] + (100 * sum) / NUM_JOINTS);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const end = first + i + 1 - from;
    const begin = Math.max(0, end - window);
    return (sums[end] - sums[begin]) / (end - begin);
  });
}
