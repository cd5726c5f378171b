import { GAITS, GRAVITY_M_PER_S2 } from "./library.js";
import { NUM_JOINTS } from "./types.js";

/** Width of a bin of commanded forward speeds, m/s. */
const BIN_M_PER_S = 0.25;
const BINS = 12;
/** Columns of a bin's sums, then a step count of each gait. */
const STEPS = 0;
const POWER_W = 1;
const WAY_M_PER_S = 2;
const FIRST_GAIT = 3;

/** What robots did when told to go forward at speeds of one bin. */
export interface SpeedBin {
  /** From here on, m/s. */
  readonly fromMPerS: number;
  readonly steps: number;
  /** Share of the steps that each gait was run in; gaits that were not are left out. */
  readonly gaits: Readonly<Record<string, number>>;
  /** NaN where robots stood. */
  readonly costOfTransport: number;
}

/** Which gaits robots walked in at which commanded speeds, and at what cost of transport. */
export class GaitUsage {
  private readonly columns = FIRST_GAIT + GAITS.length;
  private readonly sums = new Float64Array(BINS * this.columns);
  private readonly weightN: number;

  constructor(massKg: number) {
    this.weightN = massKg * GRAVITY_M_PER_S2;
  }

  /**
   * Adds one step of one robot in a gait (index in `GAITS`).
   * @param commandMPerS forward; commands to go backward count as none
   * @param speedMPerS over ground, as it is
   * @param torqueNm [N, 12]
   * @param jointVelocityRadPerS [N, 12]
   */
  add(
    robot: number,
    gait: number,
    commandMPerS: number,
    speedMPerS: number,
    torqueNm: Float32Array,
    jointVelocityRadPerS: Float32Array,
  ): void {
    const { sums } = this;
    const row = this.columns * Math.min(BINS - 1, Math.floor(Math.max(0, commandMPerS) / BIN_M_PER_S));
    sums[row + STEPS] += 1;
    sums[row + WAY_M_PER_S] += speedMPerS;
    sums[row + FIRST_GAIT + gait] += 1;
    for (let i = NUM_JOINTS * robot; i < NUM_JOINTS * (robot + 1); i++) {
      sums[row + POWER_W] += Math.abs(torqueNm[i] * jointVelocityRadPerS[i]);
    }
  }

  /** Bins with any steps, the slowest first. */
  summary(): SpeedBin[] {
    return Array.from({ length: BINS }, (_, bin) => this.summaryOf(bin)).filter(({ steps }) => steps > 0);
  }

  private summaryOf(bin: number): SpeedBin {
    const row = this.sums.subarray(this.columns * bin, this.columns * (bin + 1));
    const steps = row[STEPS];
    const shares = GAITS.map(({ id }, gait) => [id, row[FIRST_GAIT + gait] / steps] as const);
    return {
      fromMPerS: bin * BIN_M_PER_S,
      steps,
      gaits: Object.fromEntries(shares.filter(([, share]) => share > 0)),
      costOfTransport: row[POWER_W] / (this.weightN * row[WAY_M_PER_S]),
    };
  }
}
