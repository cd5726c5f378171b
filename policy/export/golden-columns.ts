/** What golden vectors hold of every step: the inputs of a controller, all it computes on the way, and its joint targets. */

import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import type { SensorReadings } from "../../sim/control/sensors.js";
import { ESTIMATOR_INPUTS, ESTIMATOR_OUTPUTS } from "../../sim/control/state-estimate.js";
import type { GaitSelectorBundle, PolicyBundle } from "../bundle/bundle.js";
import type { Controller } from "../runtime/controller.js";

/** In place of a gait that is told: the gait selection policy chooses. */
export const SELECTED_GAIT = 255;

export interface GoldenSources {
  readonly readings: SensorReadings;
  readonly controller: Controller;
  /** Index in `GAITS`, or `SELECTED_GAIT`. [1] */
  readonly toldGait: Uint8Array;
}

/** A named group of numbers. */
export interface GoldenColumn {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  /** Given to the controller, or expected of it. */
  readonly role: "input" | "expected";
  readonly values: (sources: GoldenSources) => Float32Array | Uint8Array;
}

type Values = GoldenColumn["values"];

const FEET = JOINTS_PER_LEG * NUM_LEGS;

const INPUTS: readonly GoldenColumn[] = [
  input("baseAngularVelocity", 3, "rad/s", (s) => s.readings.baseAngularVelocity),
  input("deltaVelocity", 3, "m/s", (s) => s.readings.deltaVelocity),
  input("projectedGravity", 3, "1", (s) => s.readings.projectedGravity),
  input("jointPosition", NUM_JOINTS, "rad", (s) => s.readings.jointPosition),
  input("jointVelocity", NUM_JOINTS, "rad/s", (s) => s.readings.jointVelocity),
  input("jointTorque", NUM_JOINTS, "N m", (s) => s.readings.jointTorque),
  input("footContact", NUM_LEGS, "0 or 1", (s) => s.readings.footContact),
  input("command", 3, "m/s, m/s, rad/s", (s) => s.controller.control.command),
  input("gaitCommand", 1, `index in the gait table; ${SELECTED_GAIT}: selected`, (s) => s.toldGait),
];

const ODOMETRY: readonly GoldenColumn[] = [
  expected("odometryVelocity", 3, "m/s", (s) => s.controller.control.estimate.odometry.velocity),
  expected("odometryHeight", 1, "m", (s) => s.controller.control.estimate.odometry.height),
];

/** Of the learned estimator. The first step does not ask it. */
const ESTIMATOR: readonly GoldenColumn[] = [
  expected("estimatorInput", ESTIMATOR_INPUTS, "scaled", (s) => s.controller.control.estimate.inputs),
  expected("estimatorOutput", ESTIMATOR_OUTPUTS, "scaled", (s) => s.controller.control.estimate.outputs),
];

const MEMORY: readonly GoldenColumn[] = [
  expected("estimatedVelocity", 3, "m/s", (s) => s.controller.control.estimate.velocity),
  expected("estimatedHeight", 1, "m", (s) => s.controller.control.estimate.height),
  expected("contactProbability", NUM_LEGS, "1", (s) => s.controller.control.estimate.contactProbability),
  expected("gait", 1, "index in the gait table", (s) => s.controller.control.gait.reference.gaitIndex),
  expected("transition", 1, "0 or 1", (s) => s.controller.control.gait.reference.transition),
  expected("phase", NUM_LEGS, "cycles", (s) => s.controller.control.gait.reference.phase),
  expected("scheduledContact", NUM_LEGS, "0 or 1", (s) => s.controller.control.gait.reference.contact),
  expected("swingPhase", NUM_LEGS, "1", (s) => s.controller.control.gait.reference.swingPhase),
  expected("footTarget", FEET, "m", (s) => s.controller.control.gait.reference.footTargetM),
  expected("jointReference", NUM_JOINTS, "rad", (s) => s.controller.control.jointReference),
];

/** Of the last choice. */
function selectionColumns({ observation, gaits }: GaitSelectorBundle): readonly GoldenColumn[] {
  return [
    expected("selectionObservation", observation.actorSize, "scaled", (s) => s.controller.selector!.observation),
    expected("gaitLogits", gaits.length, "1", (s) => s.controller.selector!.logits),
    expected("chosenGait", 1, "index in the gait table", (s) => s.controller.control.gaitCommand),
  ];
}

const POLICY: readonly GoldenColumn[] = [
  expected("policyAction", NUM_JOINTS, "1", (s) => s.controller.action),
  expected("action", NUM_JOINTS, "1, clipped and smoothed", (s) => s.controller.control.action),
  expected("jointTarget", NUM_JOINTS, "rad", (s) => s.controller.control.jointTarget),
];

/** Of one robot, in the order of the computation. */
export function goldenColumns({
  env,
  selector,
  observation,
}: Pick<PolicyBundle, "env" | "selector" | "observation">): readonly GoldenColumn[] {
  const { estimator } = env.control;
  return [
    ...INPUTS,
    ...(estimator === "none" ? [] : ODOMETRY),
    ...(estimator === "learned" ? ESTIMATOR : []),
    ...MEMORY,
    ...(selector ? selectionColumns(selector) : []),
    expected("observation", observation.actorSize, "scaled", (s) => s.controller.observation),
    ...POLICY,
  ];
}

function input(name: string, size: number, unit: string, values: Values): GoldenColumn {
  return { name, size, unit, role: "input", values };
}

function expected(name: string, size: number, unit: string, values: Values): GoldenColumn {
  return { name, size, unit, role: "expected", values };
}

/** The numbers of one step, column by column. */
export type GoldenRow = readonly number[];

export function goldenRow(columns: readonly GoldenColumn[], sources: GoldenSources): GoldenRow {
  return columns.flatMap(({ values }) => Array.from(values(sources), shortest));
}

/** The shortest decimal that is read as the same float: of at most nine digits. */
function shortest(value: number): number {
  return Number(value.toPrecision(9));
}

/** A line of names, then one for each step. */
export function goldenCsv(columns: readonly GoldenColumn[], rows: readonly GoldenRow[]): string {
  const names = columns.flatMap(({ name, size }) => Array.from({ length: size }, (_, k) => `${name}[${k}]`));
  return `${[names, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

/** The columns with their units, and each step's numbers by column. */
export function goldenJson(columns: readonly GoldenColumn[], rows: readonly GoldenRow[], stepS: number): string {
  const described = columns.map(({ name, size, unit, role }) => ({ name, size, unit, role }));
  const steps = rows.map((row) => {
    let offset = 0;
    return Object.fromEntries(
      columns.map(({ name, size }) => {
        offset += size;
        return [name, row.slice(offset - size, offset)];
      }),
    );
  });
  const lines = steps.map((each) => `  ${JSON.stringify(each)}`).join(",\n");
  return `{\n "stepS": ${stepS},\n "columns": ${JSON.stringify(described)},\n "steps": [\n${lines}\n ]\n}\n`;
}
