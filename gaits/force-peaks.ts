import { footForce } from "./foot-forces.js";
import { GRAVITY_M_PER_S2 } from "./library.js";
import { type LegGeometry, NUM_JOINTS, NUM_LEGS } from "./types.js";

/**
 * Peaks of the ground's reaction force along the trunk's vertical, one for each stance of each foot, as shares of the body's
 * weight. (Farley & Taylor 1991 found horses to change from trot to gallop at a critical one.) Forces are those that the legs'
 * torques tell of.
 */
export class ForcePeaks {
  /** Largest force of the stance that a foot is in, N; 0 in the air. [N, 4] */
  private readonly peakN: Float64Array;
  private readonly force = new Float32Array(3);
  private readonly weightN: number;
  private sumN = 0;
  private stances = 0;

  constructor(
    numRobots: number,
    massKg: number,
    private readonly geometry: LegGeometry,
  ) {
    this.peakN = new Float64Array(numRobots * NUM_LEGS);
    this.weightN = massKg * GRAVITY_M_PER_S2;
  }

  /**
   * Adds one step of one robot.
   * @param contact measured, 0 or 1. [N, 4]
   * @param jointPosition rad. [N, 12]
   * @param torqueNm [N, 12]
   */
  add(robot: number, contact: Uint8Array, jointPosition: Float32Array, torqueNm: Float32Array): void {
    const { peakN, force, geometry } = this;
    const joints = NUM_JOINTS * robot;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const foot = NUM_LEGS * robot + leg;
      if (contact[foot] === 1) {
        footForce(force, geometry, leg, jointPosition, joints, torqueNm, joints);
        peakN[foot] = Math.max(peakN[foot], force[2]);
      } else if (peakN[foot] > 0) {
        this.sumN += peakN[foot];
        this.stances++;
        peakN[foot] = 0;
      }
    }
  }

  /** Mean over the stances that are over, of all robots and feet, in body weights; NaN without any. */
  mean(): number {
    return this.sumN / this.stances / this.weightN;
  }
}
