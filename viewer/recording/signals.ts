/** What the charts can show of an episode, as one value a frame. */

import { BiomechanicsAccumulator, type BiomechanicsSummary } from "../../gaits/biomechanics.js";
import { JOINTS_PER_LEG, LEG_NAMES } from "../../gaits/types.js";
import type { EpisodeColumnName, EpisodeLog } from "../../sim/episode-log.js";
import type { RobotModel } from "../../sim/robot/types.js";

/** Strides differ from each other: effort is averaged over about two of them, s. */
const WINDOW_S = 1;

export interface Signal {
  readonly title: string;
  readonly unit: string;
  /** NaN where it has no value. [frames] */
  readonly measured: Float32Array;
  /** What it should be, where something says so. [frames] */
  readonly wanted: Float32Array | null;
  /** Smallest span of its chart, so that noise does not look like motion. */
  readonly minSpan: number;
}

export interface SignalGroup {
  readonly id: string;
  readonly title: string;
  /** What `wanted` is, if anything. */
  readonly wanted: string | null;
  /** Three of them. */
  signals(log: EpisodeLog, model: RobotModel): readonly Signal[];
}

export const SIGNAL_GROUPS: readonly SignalGroup[] = [
  { id: "velocity", title: "Velocity", wanted: "commanded", signals: velocities },
  { id: "effort", title: "Effort", wanted: null, signals: effort },
  ...LEG_NAMES.map((leg, index) => ({
    id: `angles-${leg}`,
    title: `Joint angles ${leg}`,
    wanted: "target",
    signals: (log: EpisodeLog) => jointSignals(log, index, "jointPosition", "jointTarget", "rad", 0.1),
  })),
  ...LEG_NAMES.map((leg, index) => ({
    id: `torques-${leg}`,
    title: `Joint torques ${leg}`,
    wanted: null,
    signals: (log: EpisodeLog) => jointSignals(log, index, "jointTorque", null, "N·m", 2),
  })),
];

function velocities(log: EpisodeLog): Signal[] {
  const signal = (title: string, unit: string, column: EpisodeColumnName, element: number, commanded: number) => ({
    title,
    unit,
    measured: values(log, column, element),
    wanted: values(log, "command", commanded),
    minSpan: 0.6,
  });
  return [
    signal("Forward", "m/s", "baseVelocity", 0, 0),
    signal("Sideways", "m/s", "baseVelocity", 1, 1),
    signal("Turning", "rad/s", "baseAngularVelocity", 2, 2),
  ];
}

function jointSignals(
  log: EpisodeLog,
  leg: number,
  measured: EpisodeColumnName,
  wanted: EpisodeColumnName | null,
  unit: string,
  minSpan: number,
): Signal[] {
  return ["Hip", "Thigh", "Calf"].map((title, k) => {
    const joint = JOINTS_PER_LEG * leg + k;
    return {
      title,
      unit,
      measured: values(log, measured, joint),
      wanted: wanted && values(log, wanted, joint),
      minSpan,
    };
  });
}

/** Means over the second up to each frame, as evaluations define them. */
function effort(log: EpisodeLog, model: RobotModel): Signal[] {
  const summaries = runningSummaries(log, model);
  const signal = (title: string, unit: string, minSpan: number, pick: (summary: BiomechanicsSummary) => number) => ({
    title,
    unit,
    measured: Float32Array.from(summaries, pick),
    wanted: null,
    minSpan,
  });
  return [
    signal("Torque saturation", "%", 10, (summary) => summary.torqueSaturationPercent),
    signal("Cost of transport", "", 0.5, (summary) => summary.costOfTransport),
    signal("Feet off schedule", "%", 10, (summary) => summary.contactErrorPercent),
  ];
}

function runningSummaries(log: EpisodeLog, { massKg, torqueMaxNm }: RobotModel): BiomechanicsSummary[] {
  const metrics = new BiomechanicsAccumulator({ numRobots: 1, massKg, torqueMaxNm });
  const samples = Array.from({ length: log.numFrames }, (_, i) => sampleOf(log, i));
  const window = Math.round(WINDOW_S / log.header.dtS);
  return samples.map((_, i) => {
    metrics.reset(0);
    for (const sample of samples.slice(Math.max(0, i + 1 - window), i + 1)) metrics.add(0, ...sample);
    return metrics.summary(0);
  });
}

/** One frame as the metrics take it. */
function sampleOf(log: EpisodeLog, index: number) {
  const frame = log.frame(index);
  const part = (name: EpisodeColumnName) => {
    const { offset, size } = log.column(name);
    return frame.subarray(offset, offset + size);
  };
  const [vx, vy] = part("baseVelocity");
  return [
    part("jointTorque"),
    part("jointVelocity"),
    Uint8Array.from(part("contact")),
    Uint8Array.from(part("scheduledContact")),
    part("command"),
    Float32Array.of(vx, vy, part("baseAngularVelocity")[2]),
  ] as const;
}

/** One element of a column over all frames. */
function values(log: EpisodeLog, name: EpisodeColumnName, element: number): Float32Array {
  const at = log.column(name).offset + element;
  return Float32Array.from({ length: log.numFrames }, (_, i) => log.frame(i)[at]);
}
