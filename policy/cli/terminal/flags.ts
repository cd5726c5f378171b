/** Checks of flags with numbers. yargs makes NaN of a text, and a list of a flag that is given twice. */

import { InputError } from "../../../sim/errors.js";

const MAX_SEED = 0xffffffff;

/** @throws InputError unless the value is a number above `limit`; undefined, a flag that was not given, passes */
export function checkAbove(flag: string, value: number | undefined, limit: number): void {
  if (value === undefined || (typeof value === "number" && value > limit)) return;
  throw new InputError(`--${flag}: got ${value}, expected a number above ${limit}`);
}

/** @throws InputError unless the value is a number in [low, high]; undefined passes */
export function checkRange(flag: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (typeof value === "number" && value >= low && value <= high)) return;
  throw new InputError(`--${flag}: got ${value}, expected a number ${low}..${high}`);
}

/** @throws InputError unless the value is a whole number, at least `low`; undefined passes */
export function checkCount(flag: string, value: number | undefined, low = 1, high = Number.MAX_SAFE_INTEGER): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return;
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `${low}..${high}`;
  throw new InputError(`--${flag}: got ${value}, expected a whole number ${range}`);
}

export function checkSeed(seed: number): void {
  checkCount("seed", seed, 0, MAX_SEED);
}
