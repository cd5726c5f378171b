import { ReferenceFeet } from "./feet.js";
import { froudeNumber } from "./library.js";
import { GaitScheduler } from "./scheduler.js";
import { type GaitReference, type LegGeometry, type Motion, NUM_LEGS } from "./types.js";

export interface GaitMemoryOptions {
  readonly numRobots: number;
  /** Step of `GaitMemory.step`, s. */
  readonly dtS: number;
  readonly geometry: LegGeometry;
  /** Height of the base above flat ground at rest, m. */
  readonly nominalHeightM: number;
}

/**
 * The pseudo gait memory of N robots: what each leg should do now in a given gait at a given velocity command, and how to
 * get from any gait to any other. Nothing in it is learned. Humphreys & Zhou, Nature Machine Intelligence 7 (2025),
 * doi 10.1038/s42256-025-01065-z.
 *
 * Every robot stands, at stride cycle 0, until its first `reset`.
 */
export class GaitMemory {
  /** Written in place by `reset`, `select` and `step`. */
  readonly reference: GaitReference;
  private readonly scheduler: GaitScheduler;
  private readonly feet: ReferenceFeet;
  private readonly hipRadiusM: number;
  private readonly legLengthM: number;

  /** @throws RangeError for a number of robots that is no positive integer, and for a dt or height that is not positive */
  constructor({ numRobots, dtS, geometry, nominalHeightM }: GaitMemoryOptions) {
    if (!Number.isInteger(numRobots) || numRobots < 1) throw new RangeError(`numRobots must be >= 1, not ${numRobots}`);
    if (!(dtS > 0)) throw new RangeError(`dtS must be > 0, not ${dtS}`);
    if (!(nominalHeightM > 0)) throw new RangeError(`nominalHeightM must be > 0, not ${nominalHeightM}`);
    this.reference = createReference(numRobots);
    this.scheduler = new GaitScheduler(this.reference, numRobots, dtS);
    this.feet = new ReferenceFeet(this.reference, this.scheduler, geometry, nominalHeightM, dtS);
    this.hipRadiusM = Math.hypot(geometry.hipOffsetM[0], geometry.hipOffsetM[1] + geometry.abductionOffsetM[0]);
    this.legLengthM = geometry.thighLengthM + geometry.calfLengthM;
    for (let robot = 0; robot < numRobots; robot++) this.reset(robot, 0, 0);
  }

  /**
   * Starts one robot in a gait, its reference feet as they are at zero velocity.
   *
   * @param gaitIndex index in `GAITS`
   * @param strideCycle phase of the stride to start at, cycles; any number
   * @throws RangeError for an index outside the library
   */
  reset(robot: number, gaitIndex: number, strideCycle: number): void {
    this.scheduler.reset(robot, gaitIndex, strideCycle);
    this.feet.reset(robot);
  }

  /**
   * Starts a bio-synchronised transition to a gait. Ignored while one runs, as in the source, and when the gait is the
   * one that runs already.
   *
   * @param gaitIndex index in `GAITS`
   * @throws RangeError for an index outside the library
   */
  select(robot: number, gaitIndex: number): void {
    this.scheduler.select(robot, gaitIndex);
  }

  /** Advances one robot by dt. `motion` is only read. */
  step(robot: number, motion: Readonly<Motion>): void {
    if (this.scheduler.beginsTransition(robot)) this.scheduler.timeTransition(robot, this.froudeOf(motion));
    this.scheduler.advance(robot);
    this.feet.advance(robot, motion);
  }

  private froudeOf({ vx, yawRate }: Readonly<Motion>): number {
    return froudeNumber(vx, yawRate, this.hipRadiusM, this.legLengthM);
  }
}

function createReference(numRobots: number): GaitReference {
  const legs = NUM_LEGS * numRobots;
  return {
    phase: new Float32Array(legs),
    contact: new Uint8Array(legs),
    swingPhase: new Float32Array(legs),
    footTargetM: new Float32Array(3 * legs),
    gaitIndex: new Uint8Array(numRobots),
    transition: new Uint8Array(numRobots),
  };
}
