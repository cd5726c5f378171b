import type { TrialResult } from "./trial.js";

/** What came of a course's trials. Errors are means over scored steps; NaN where none was. */
export interface Sim2simScore {
  readonly trials: number;
  readonly falls: number;
  /** m/s, rad/s, share of feet and steps. */
  readonly velocityErrorX: number;
  readonly yawRateError: number;
  readonly contactErrorPercent: number;
}

export function summarise(results: readonly TrialResult[]): Sim2simScore {
  const samples = results.reduce((sum, result) => sum + result.samples, 0);
  const mean = (value: (result: TrialResult) => number) =>
    results.reduce((sum, result) => (result.samples > 0 ? sum + result.samples * value(result) : sum), 0) / samples;
  return {
    trials: results.length,
    falls: results.filter(({ fell }) => fell).length,
    velocityErrorX: mean((result) => result.vxErrorMPerS),
    yawRateError: mean((result) => result.yawRateErrorRadPerS),
    contactErrorPercent: mean((result) => result.contactErrorPercent),
  };
}
