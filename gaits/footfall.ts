import { GAITS } from "./library.js";
import { NUM_LEGS } from "./types.js";

/** Columns of the running sums of a leg in a gait. */
const SAMPLES = 0;
const CONTACTS = 1;
const SIN = 2;
const COS = 3;
const COLUMNS = 4;

/** How the feet of a gait fell. */
export interface FootfallSummary {
  readonly gait: string;
  readonly samples: number;
  /** Share of time on the ground. [4] */
  readonly dutyFactor: readonly number[];
  /** As in the gait table, cycles in [0, 1), the first leg's as the table has it. [4] */
  readonly phaseOffset: readonly number[];
  /** Largest difference of any leg from the table. */
  readonly dutyFactorError: number;
  readonly phaseOffsetError: number;
}

/**
 * Measures duty factors and phase offsets of gaits from contacts. A leg's stance lies around the circular mean of the scheduled
 * phases at which its foot touches the ground; how much later that is than the table has it, half the duty factor, compared
 * with the first leg, is how much its offset is less than the table's.
 */
export class FootfallStatistics {
  /** [gaits, 4, COLUMNS] */
  private readonly sums = new Float64Array(GAITS.length * NUM_LEGS * COLUMNS);

  /**
   * Adds one robot's step in a gait (index in `GAITS`) that it is settled in.
   * @param phase scheduled, cycles. [N, 4]
   * @param contact measured, 0 or 1. [N, 4]
   */
  add(robot: number, gait: number, phase: Float32Array, contact: Uint8Array): void {
    const { sums } = this;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      const row = COLUMNS * (NUM_LEGS * gait + leg);
      sums[row + SAMPLES] += 1;
      if (contact[i] === 0) continue;
      const angle = 2 * Math.PI * phase[i];
      sums[row + CONTACTS] += 1;
      sums[row + SIN] += Math.sin(angle);
      sums[row + COS] += Math.cos(angle);
    }
  }

  /** Of every gait that was added to. */
  summary(): FootfallSummary[] {
    return GAITS.flatMap((_, gait) => (this.sums[COLUMNS * NUM_LEGS * gait] > 0 ? [this.summaryOf(gait)] : []));
  }

  private summaryOf(gait: number): FootfallSummary {
    const { id, dutyFactor: duty, phaseOffset: table } = GAITS[gait];
    const legs = Array.from({ length: NUM_LEGS }, (_, leg) => {
      const row = COLUMNS * (NUM_LEGS * gait + leg);
      return this.sums.subarray(row, row + COLUMNS);
    });
    const dutyFactor = legs.map((leg) => leg[CONTACTS] / leg[SAMPLES]);
    const middle = legs.map((leg) => Math.atan2(leg[SIN], leg[COS]) / (2 * Math.PI));
    const late = middle.map((phase) => nearestCycle(phase - middle[0]));
    return {
      gait: id,
      samples: legs[0][SAMPLES],
      dutyFactor,
      phaseOffset: table.map((offset, leg) => wrap(offset - late[leg])),
      dutyFactorError: Math.max(...dutyFactor.map((measured) => Math.abs(measured - duty))),
      phaseOffsetError: duty < 1 ? Math.max(...late.map(Math.abs)) : 0,
    };
  }
}

/** In (-0.5, 0.5]. */
function nearestCycle(cycles: number): number {
  return cycles - Math.ceil(cycles - 0.5);
}

function wrap(cycles: number): number {
  return cycles - Math.floor(cycles);
}
