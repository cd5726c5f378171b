/** Rows of numbers put together of slices: what the networks see. */

import { InputError } from "../../../sim/errors.js";
import type { ObservationSlice } from "../../../sim/task/observation-layout.js";
import { double } from "./numbers.js";

export interface Slice {
  readonly offset: number;
  /** C expression of an array. */
  readonly values: string;
  /** uint8_t rather than float. */
  readonly isBytes: boolean;
  /** C expression of the array that is subtracted. */
  readonly origin: string | undefined;
  readonly size: number;
  readonly scale: number;
}

/** Where the C controller has a slice. */
export type SliceSource = Pick<Slice, "values"> & Partial<Slice>;

/** @throws InputError for a slice that has no source */
export function sliceSources(
  slices: readonly ObservationSlice[],
  sources: Readonly<Record<string, SliceSource>>,
): Slice[] {
  return slices.map(({ name, offset, size, scale }) => {
    const source = sources[name];
    if (!source) throw new InputError(`observation ${name}: the C controller does not know it`);
    return { isBytes: false, origin: undefined, offset, size, scale, ...source };
  });
}

/** The functions that `writeSlices` calls. */
export const SLICE_WRITERS = `
/* ---- Rows for the networks: scale (value - origin) ---- */

static void write_floats(float *out, const float *values, const float *origin, int size, double scale) {
  for (int k = 0; k < size; k++) out[k] = (float)(scale * ((double)values[k] - (origin ? origin[k] : 0.0)));
}

static void write_bytes(float *out, const uint8_t *values, int size, double scale) {
  for (int k = 0; k < size; k++) out[k] = (float)(scale * values[k]);
}
`;

/** Statements that write slices to a row. */
export function writeSlices(row: string, slices: readonly Slice[]): string {
  return slices.map((slice) => `  ${writeSlice(`&${row}[${slice.offset}]`, slice)}\n`).join("");
}

function writeSlice(out: string, { values, isBytes, origin, size, scale }: Slice): string {
  if (isBytes) return `write_bytes(${out}, ${values}, ${size}, ${double(scale)});`;
  return `write_floats(${out}, ${values}, ${origin ?? "NULL"}, ${size}, ${double(scale)});`;
}
