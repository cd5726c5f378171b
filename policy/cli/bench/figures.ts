/** What a benchmark tells, and how it looks in the terminal. */

import Table from "cli-table3";
import type { Fidelity } from "./fidelity.js";
import { MUJOCO_MISSING } from "./mujoco.js";
import type { Spread } from "./spread.js";

/** All that is measured once a repeat, with what the table says of it. */
const FIGURES = {
  envStepsPerSecond: "training, environment steps/s",
  physicsMicrosPerStep: "  physics, thread µs a step",
  observationMicrosPerStep: "  rest of the environment, thread µs a step",
  inferenceMicrosPerStep: "  inference, thread µs a step",
  learningMicrosPerStep: "  learning, thread µs a step",
  learningAloneMicrosPerStep: "learning in one thread, µs a step",
  plainLearningMicrosPerStep: "  by TensorFlow.js's own gradient, µs a step",
  learningSpeedup: "  which takes as many times as long",
  physicsAloneMicrosPerStep: "physics in one thread, µs a step",
  mujocoPhysicsMicrosPerStep: "  in MuJoCo, µs a step",
  physicsSpeedup: "  which takes as many times as long",
  bytesPerStep: "heap that the environment allocates, bytes a step",
  rapierBytesPerStep: "  of which Rapier's step and its bindings",
  startBytesPerStep: "  of which starting episodes anew",
} as const;
export type FigureName = keyof typeof FIGURES;

export interface Benchmark {
  readonly cpu: string;
  readonly backend: string;
  readonly workers: number;
  readonly numEnvs: number;
  readonly repeats: number;
  readonly iterationsPerRepeat: number;
  /** null where mujoco-js is missing. */
  readonly figures: Readonly<Record<FigureName, Spread | null>>;
  readonly fidelity: Fidelity | null;
  readonly heapGrowthMB: number | null;
  readonly heapGrowthIterations: number;
  readonly peakRssMB: number;
}

/** What `bench --json` prints: medians, and under `range` each one's [min, max]. */
export function benchmarkToJson({ figures, fidelity, ...rest }: Benchmark): object {
  const each = <T>(value: (spread: Spread) => T) =>
    Object.fromEntries(Object.entries(figures).map(([name, spread]) => [name, spread && value(spread)]));
  const { mujocoTimestepS = null, rapierRms = null, mujocoRms = null } = fidelity ?? {};
  return {
    ...rest,
    ...each(({ median }) => median),
    mujocoTimestepS,
    rmsToReference: rapierRms,
    mujocoRmsToReference: mujocoRms,
    range: each(({ min, max }) => [min, max]),
  };
}

/** The same for people. */
export function benchmarkText(benchmark: Benchmark): string {
  const { cpu, backend, workers, numEnvs, repeats, iterationsPerRepeat, peakRssMB } = benchmark;
  const setting = `${cpu}, ${workers} threads, ${numEnvs} robots, backend ${backend}`;
  const runs = `Medians of ${repeats}; a step is one robot's policy step. Training: ${iterationsPerRepeat} iterations each.`;
  const memory = `Peak memory while training: ${peakRssMB.toFixed(0)} MB. ${heapText(benchmark)}`;
  return [setting, runs, figureTable(benchmark), fidelityText(benchmark.fidelity), memory].join("\n");
}

function figureTable({ figures }: Benchmark): string {
  const table = new Table({
    head: ["", "median", "min", "max"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const [name, label] of Object.entries(FIGURES)) {
    const spread = figures[name as FigureName];
    table.push([label, ...(spread ? [spread.median, spread.min, spread.max].map(number) : ["-", "-", "-"])]);
  }
  return table.toString();
}

function fidelityText(fidelity: Fidelity | null): string {
  if (!fidelity) return MUJOCO_MISSING;
  const { rapierRms, mujocoRms, mujocoTimestepS } = fidelity;
  const table = new Table({
    head: ["joint angles to MuJoCo at 1 ms, rms rad", ...Object.keys(rapierRms)],
    style: { head: [], border: [] },
  });
  const cells = (values: object) => Object.values(values).map((rad: number) => rad.toFixed(4));
  table.push(["as trained", ...cells(rapierRms)], [`MuJoCo at ${1000 * mujocoTimestepS} ms`, ...cells(mujocoRms)]);
  return table.toString();
}

function heapText({ heapGrowthMB, heapGrowthIterations }: Benchmark): string {
  if (heapGrowthMB === null) return "Too few iterations to see the heap grow.";
  return `A thread's heap grew by ${heapGrowthMB.toFixed(2)} MB over ${heapGrowthIterations} iterations.`;
}

/** Three digits or so. */
function number(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
