/** Inspections as tables for the terminal. */

import type { Inspection } from "../../inspection/inspect.js";
import { textTable } from "../terminal/table.js";

export function inspectionTables(inspection: Inspection, advice: readonly string[]): string {
  return [
    layerTable(inspection),
    observationTable(inspection),
    jointTable(inspection),
    rewardTable(inspection),
    symmetryTable(inspection),
    advice.length > 0 ? ["Advice", ...advice.map((text) => `- ${text}`)].join("\n") : "Nothing looks off.",
  ].join("\n\n");
}

function layerTable({ layers }: Inspection): string {
  const head = ["hidden layer", "units", "dead", "flat", "variance", "sparsity", "AVSS", "share of AVSS"];
  const rows = layers.map((layer, i) => [
    String(i + 1),
    String(layer.units),
    String(layer.deadUnits),
    percent(layer.saturatedShare),
    layer.variance.toFixed(3),
    percent(layer.sparsity),
    layer.score.toFixed(1),
    percent(layer.scoreShare),
  ]);
  return `Network: activation variance, sparsity and their ratio (arXiv 2411.02117)\n${textTable(head, rows)}`;
}

function observationTable({ observation }: Inspection): string {
  const head = ["observation", "unit", "range", "mean off, std", "spread / training's", "cut off", "constant"];
  const rows = observation.map((slice) => [
    slice.name,
    slice.unit,
    `${slice.min.toFixed(2)} to ${slice.max.toFixed(2)}`,
    slice.shift.toFixed(2),
    slice.spread.map((ratio) => ratio.toFixed(2)).join(" to "),
    percent(slice.clippedShare),
    String(slice.constant),
  ]);
  return `Observations against the normaliser's statistics\n${textTable(head, rows)}`;
}

function jointTable({ joints }: Inspection): string {
  const head = ["joint", "action: mean", "std", "cut off", "target at limit", "torque at limit"];
  const rows = joints.map((joint) => [
    joint.name,
    joint.mean.toFixed(2),
    joint.std.toFixed(2),
    percent(joint.clippedShare),
    percent(joint.jointLimitShare),
    percent(joint.torqueLimitShare),
  ]);
  return `Actions\n${textTable(head, rows)}`;
}

function rewardTable({ reward, fallsPerMinute }: Inspection): string {
  const rows = reward.map(({ name, mean, share }) => [name, mean.toFixed(3), percent(share)]);
  return `Reward, ${fallsPerMinute.toFixed(1)} falls a minute\n${textTable(["term", "mean per step", "share"], rows)}`;
}

function symmetryTable({ symmetry }: Inspection): string {
  if (!symmetry) return "Left and right: not compared, no gait of this policy is the same on both sides.";
  const rows = symmetry.map(({ pair, figure, left, right, asymmetry }) => [
    `${pair} ${figure}`,
    left.toFixed(3),
    right.toFixed(3),
    percent(asymmetry),
  ]);
  return `Left and right, straight ahead on flat ground\n${textTable(["legs", "left", "right", "asymmetry"], rows)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
