import { GAITS, strideRateHz } from "./library.js";
import { shortestShift, transitionDurationS } from "./transition.js";
import { type GaitParameters, type GaitReference, NUM_LEGS } from "./types.js";

/** Progress at which a transition counts as over, so that a sum of rounded shares needs no extra step. */
export const COMPLETE = 1 - 1e-9;

/**
 * Phases and scheduled contacts of N robots. Each robot has one stride clock; a leg's phase is the clock plus the leg's
 * offset, which a transition blends from one gait's to the other's, so that phases cannot drift apart over time.
 */
export class GaitScheduler {
  /** Stride duration as blended by a running transition, s. [N] */
  readonly periodS: Float64Array;
  /** Duty factor as blended by a running transition. [N] */
  readonly dutyFactor: Float64Array;
  private readonly cycle: Float64Array;
  private readonly fromGait: Uint8Array;
  private readonly progress: Float64Array;
  private readonly durationS: Float64Array;

  /** @param reference phase, contact, swingPhase, gaitIndex and transition of it are written here */
  constructor(
    private readonly reference: GaitReference,
    numRobots: number,
    private readonly dtS: number,
  ) {
    this.periodS = new Float64Array(numRobots);
    this.dutyFactor = new Float64Array(numRobots);
    this.cycle = new Float64Array(numRobots);
    this.fromGait = new Uint8Array(numRobots);
    this.progress = new Float64Array(numRobots);
    this.durationS = new Float64Array(numRobots);
  }

  /** Starts one robot in a gait with its stride clock at `strideCycle` cycles. */
  reset(robot: number, gait: number, strideCycle: number): void {
    const parameters = requireGait(gait);
    this.reference.gaitIndex[robot] = gait;
    this.reference.transition[robot] = 0;
    this.fromGait[robot] = gait;
    this.cycle[robot] = strideCycle - Math.floor(strideCycle);
    this.periodS[robot] = parameters.periodS;
    this.dutyFactor[robot] = parameters.dutyFactor;
    this.writeLegs(robot, 1);
  }

  /** Starts a transition to a gait; does nothing while one runs or when the gait runs already. */
  select(robot: number, gait: number): void {
    requireGait(gait);
    const { gaitIndex, transition } = this.reference;
    if (transition[robot] === 1 || gaitIndex[robot] === gait) return;
    this.fromGait[robot] = gaitIndex[robot];
    this.progress[robot] = 0;
    gaitIndex[robot] = gait;
    transition[robot] = 1;
  }

  /** Whether the next step is the first of a transition, for which `timeTransition` is to be called before it. */
  beginsTransition(robot: number): boolean {
    return this.reference.transition[robot] === 1 && this.progress[robot] === 0;
  }

  /** Sets how long the transition that begins will last. @param froude Froude number of the commanded motion */
  timeTransition(robot: number, froude: number): void {
    const to = GAITS[this.reference.gaitIndex[robot]];
    this.durationS[robot] = transitionDurationS(GAITS[this.fromGait[robot]], to, froude);
  }

  /** Advances one robot by dt. */
  advance(robot: number): void {
    const share = this.advanceTransition(robot);
    const from = GAITS[this.fromGait[robot]];
    const to = GAITS[this.reference.gaitIndex[robot]];
    this.periodS[robot] = blend(from.periodS, to.periodS, share);
    this.dutyFactor[robot] = blend(from.dutyFactor, to.dutyFactor, share);
    const cycle = this.cycle[robot] + this.dtS * blend(strideRateHz(from), strideRateHz(to), share);
    this.cycle[robot] = cycle - Math.floor(cycle);
    this.writeLegs(robot, share);
  }

  /** Share of the target gait in the blend, 0..1; 1 when no transition runs (any more). */
  private advanceTransition(robot: number): number {
    const { gaitIndex, transition } = this.reference;
    if (transition[robot] === 0) return 1;
    this.progress[robot] += this.dtS / this.durationS[robot];
    if (this.progress[robot] < COMPLETE) return this.progress[robot];
    this.fromGait[robot] = gaitIndex[robot];
    transition[robot] = 0;
    return 1;
  }

  private writeLegs(robot: number, share: number): void {
    const { phase, contact, swingPhase, gaitIndex } = this.reference;
    const from = GAITS[this.fromGait[robot]].phaseOffset;
    const to = GAITS[gaitIndex[robot]].phaseOffset;
    const duty = this.dutyFactor[robot];
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const i = NUM_LEGS * robot + leg;
      const offset = share < 1 ? from[leg] + share * shortestShift(from[leg], to[leg]) : to[leg];
      phase[i] = wrapPhase(this.cycle[robot] + offset);
      // Both sides in single precision: rounding then absorbs the stride clock's error, and a leg that is due to lift
      // off at a sample does so at that sample in every stride.
      const inStance = phase[i] < Math.fround(duty);
      contact[i] = inStance ? 1 : 0;
      swingPhase[i] = inStance ? 0 : Math.max(0, (phase[i] - duty) / (1 - duty));
    }
  }
}

/** A phase in single precision, in [0, 1): the rounding of 0.99999999 to 1 wraps to 0. */
function wrapPhase(cycles: number): number {
  const phase = Math.fround(cycles - Math.floor(cycles));
  return phase < 1 ? phase : 0;
}

function blend(from: number, to: number, share: number): number {
  return from + share * (to - from);
}

function requireGait(index: number): GaitParameters {
  const gait = GAITS[index] as GaitParameters | undefined;
  if (gait === undefined) throw new RangeError(`gait index ${index} is not in 0..${GAITS.length - 1}`);
  return gait;
}
