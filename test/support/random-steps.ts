import { GAITS } from "../../gaits/library.js";
import type { PolicyBundle } from "../../policy/bundle/bundle.js";
import { type GoldenRow, goldenColumns, goldenRow, SELECTED_GAIT } from "../../policy/export/golden-columns.js";
import { Controller } from "../../policy/runtime/controller.js";
import { isStandstill } from "../../sim/control/standstill.js";
import { Rng } from "../../sim/rng.js";
import { createRobotState } from "../../sim/robot/state.js";
import type { RobotModel } from "../../sim/robot/types.js";

/** Steps for which a command holds. */
const COMMAND_STEPS = 40;
/** Steps in a gait before the next. */
const SETTLED_STEPS = 3;

/** What a controller makes of random readings, and which transitions between gaits it ran through. */
export interface RandomSteps {
  readonly rows: readonly GoldenRow[];
  /** As "from>to", of indices in the gait table. */
  readonly transitions: ReadonlySet<string>;
}

/**
 * Steps with random readings that a robot could have, and commands that lead from every gait to every other. A gait selection
 * policy, where there is one, selects the gaits of every other command, from the first on.
 */
export function randomSteps(bundle: PolicyBundle, model: RobotModel, steps: number, seed = 1): RandomSteps {
  const rng = new Rng(seed);
  const readings = createRobotState(1);
  const controller = new Controller(model, bundle, readings);
  const { control } = controller;
  const { gaitIndex, transition } = control.gait.reference;
  const tour = everyPair(GAITS.length);
  const columns = goldenColumns(bundle);
  const rows: GoldenRow[] = [];
  const transitions = new Set<string>();
  let stop = 0;
  let settled = 0;
  for (let step = 0; step < steps; step++) {
    const last = gaitIndex[0];
    drawReadings(readings, model, rng);
    if (step % COMMAND_STEPS === 0) drawCommand(control.command, rng);
    const selects = bundle.selector !== null && step % (2 * COMMAND_STEPS) < COMMAND_STEPS;
    controller.step(selects ? "policy" : tour[stop], step === 0);
    const toldGait = Uint8Array.of(selects ? SELECTED_GAIT : tour[stop]);
    rows.push(goldenRow(columns, { readings, controller, toldGait }));
    if (step > 0 && gaitIndex[0] !== last) transitions.add(`${last}>${gaitIndex[0]}`);
    const isThere = gaitIndex[0] === tour[stop] && transition[0] === 0 && !isStandstill(control.command, 0);
    settled = isThere ? settled + 1 : 0;
    if (settled === SETTLED_STEPS) {
      stop = (stop + 1) % tour.length;
      settled = 0;
    }
  }
  return { rows, transitions };
}

/** 0, 1, 0, 2, 0, 3, ..., 1, 2, 1, 3, ...: every two of n numbers side by side, either way. */
function everyPair(n: number): number[] {
  const stops: number[] = [];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) stops.push(a, b, a);
  }
  return stops.filter((stop, i) => stop !== stops[i - 1]);
}

function drawCommand(command: Float32Array, rng: Rng): void {
  const isZero = rng.next() < 0.1;
  command.set(isZero ? [0, 0, 0] : [rng.uniform(-1, 2), rng.uniform(-0.3, 0.3), rng.uniform(-1, 1)]);
}

function drawReadings(readings: ReturnType<typeof createRobotState>, model: RobotModel, rng: Rng): void {
  const { projectedGravity, deltaVelocity, jointPosition, footContact } = readings;
  const [roll, pitch] = [rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.6)];
  projectedGravity.set([Math.sin(pitch), -Math.cos(pitch) * Math.sin(roll), -Math.cos(pitch) * Math.cos(roll)]);
  deltaVelocity.set([rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3), rng.uniform(-0.1, 0.5)]);
  draw(readings.baseAngularVelocity, 3, rng);
  draw(readings.jointVelocity, 10, rng);
  draw(readings.jointTorque, 30, rng);
  for (let j = 0; j < jointPosition.length; j++) jointPosition[j] = rng.uniform(model.qMinRad[j], model.qMaxRad[j]);
  for (let leg = 0; leg < footContact.length; leg++) footContact[leg] = rng.next() < 0.7 ? 1 : 0;
}

function draw(values: Float32Array, limit: number, rng: Rng): void {
  for (let i = 0; i < values.length; i++) values[i] = rng.uniform(-limit, limit);
}
