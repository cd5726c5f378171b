import { isStanding } from "./library.js";
import { type GaitParameters, LEG_NAMES } from "./types.js";

export interface GaitDiagramOptions {
  /** Width of a row, characters, at least 25. */
  readonly columns: number;
  /** Colour each leg's stances with ANSI codes. */
  readonly color?: boolean;
}

const MIN_COLUMNS = 25;
const STRIDES = 2;
const STANCE = "█";
const SWING = " ";
/** ANSI foreground colours, leg order FL FR RL RR: cyan, yellow, magenta, green. */
const LEG_COLORS = [36, 33, 35, 32];

/**
 * Hildebrand diagram of a gait over two strides as lines of text: a title, one row per leg with stance filled and swing
 * empty, and a time axis in s. A cell shows what the leg does at the middle of the time that the cell covers.
 *
 * @throws RangeError for fewer than 25 columns
 */
export function renderGaitDiagram(gait: GaitParameters, { columns, color = false }: GaitDiagramOptions): string[] {
  if (!(columns >= MIN_COLUMNS)) throw new RangeError(`columns must be >= ${MIN_COLUMNS}, not ${columns}`);
  const frame = "FL ││".length;
  const cellsPerStride = Math.floor((columns - frame) / STRIDES);
  const rows = LEG_NAMES.map((name, leg) => {
    const bar = stanceBar(gait, leg, cellsPerStride).repeat(STRIDES);
    return `${name} │${color ? `\u001b[${LEG_COLORS[leg]}m${bar}\u001b[0m` : bar}│`;
  });
  return [title(gait), ...rows, timeAxis(gait.periodS, cellsPerStride)];
}

function title(gait: GaitParameters): string {
  const frozen = isStanding(gait) ? " (frozen)" : "";
  return `${gait.id}  period ${gait.periodS} s${frozen}, duty factor ${gait.dutyFactor}`;
}

function stanceBar(gait: GaitParameters, leg: number, cells: number): string {
  let bar = "";
  for (let cell = 0; cell < cells; cell++) {
    const phase = ((cell + 0.5) / cells + gait.phaseOffset[leg]) % 1;
    bar += phase < gait.dutyFactor ? STANCE : SWING;
  }
  return bar;
}

/** Labels under the start of the first stride, the start of the second and the end, each beginning at its time. */
function timeAxis(periodS: number, cellsPerStride: number): string {
  const indent = " ".repeat("FL │".length);
  const end = `${Number((STRIDES * periodS).toFixed(3))} s`;
  const ticks = `${"0".padEnd(cellsPerStride)}${periodS}`;
  return indent + ticks.padEnd(STRIDES * cellsPerStride - end.length + 1) + end;
}
