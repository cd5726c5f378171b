/** What a learner on a device tells of its updates: a row of numbers for each, all that is read back while it learns. */

import type { PpoConfig } from "../config/schema.js";
import { MAX_GRADIENT_NORM } from "./update-guard.js";

/** Slices of the parameter vector that are optimised by themselves: actor, critic, estimator and standard deviations. */
export const NUM_SEGMENTS = 4;

/** Columns of a row: squared norms of the segments' gradients, then these; and 1 where the update was made, else 0. */
export const KL = NUM_SEGMENTS;
export const VALUE_LOSS = KL + 1;
export const ESTIMATOR_LOSS = KL + 2;
export const ACCEPTED = KL + 3;
export const LOG_COLUMNS = KL + 4;

/** Means over an iteration's updates. */
export interface EpochLosses {
  /** Of the last epoch. */
  readonly kl: number;
  readonly valueLoss: number;
  readonly estimatorLoss: number;
}

export interface UpdateSummary extends EpochLosses {
  readonly skipped: number;
  /** Why the first of the skipped ones was; empty where there is none. */
  readonly fault: string;
}

/** @param log of all epochs, in their order. [epochs · minibatches, LOG_COLUMNS] */
export function summarizeUpdates(log: Float32Array, { epochs, minibatches }: PpoConfig): UpdateSummary {
  const rows = Array.from({ length: epochs * minibatches }, (_, i) =>
    log.subarray(i * LOG_COLUMNS, (i + 1) * LOG_COLUMNS),
  );
  const accepted = rows.filter((row) => row[ACCEPTED] === 1);
  const lastEpoch = rows.slice(-minibatches).filter((row) => row[ACCEPTED] === 1);
  const sum = (of: readonly Float32Array[], column: number) => of.reduce((total, row) => total + row[column], 0);
  const refused = rows.find((row) => row[ACCEPTED] !== 1);
  return {
    kl: sum(lastEpoch, KL) / minibatches,
    valueLoss: sum(accepted, VALUE_LOSS) / Math.max(1, accepted.length),
    estimatorLoss: sum(accepted, ESTIMATOR_LOSS) / minibatches,
    skipped: rows.length - accepted.length,
    fault: refused ? describe(refused) : "",
  };
}

function describe(row: Float32Array): string {
  const norm = Math.sqrt(Math.max(...row.subarray(0, NUM_SEGMENTS)));
  if (!(norm <= MAX_GRADIENT_NORM)) return `gradient's norm is ${norm.toPrecision(3)}`;
  return `KL divergence is ${row[KL].toPrecision(3)}, value loss ${row[VALUE_LOSS].toPrecision(3)}`;
}
