import { GRAVITY_M_PER_S2 } from "./library.js";

/**
 * External work of N robots: the positive increments of the trunk's kinetic and potential energy, per kg of it and per metre
 * of way over ground, J/(kg m). What a gait spends on speeding its body up and lifting it, only to lose both again in the same
 * stride (Cavagna et al. 1977; Humphreys & Zhou 2025, doi 10.1038/s42256-025-01065-z).
 */
export class ExternalWork {
  /** J/kg, at the last step. NaN before a robot's first. [N] */
  private readonly energy: Float64Array;
  /** J/kg */
  private readonly work: Float64Array;
  private readonly wayM: Float64Array;

  constructor(
    numRobots: number,
    private readonly dtS: number,
  ) {
    this.energy = new Float64Array(numRobots).fill(Number.NaN);
    this.work = new Float64Array(numRobots);
    this.wayM = new Float64Array(numRobots);
  }

  /**
   * Adds one step of one robot.
   * @param position of the trunk in the world, m. [N, 3]
   * @param velocity of the trunk in any frame, z up or nearly, m/s. [N, 3]
   * @returns the work of this step, J/kg; 0 at the first
   */
  add(robot: number, position: Float32Array, velocity: Float32Array): number {
    const c = 3 * robot;
    const vx = velocity[c];
    const vy = velocity[c + 1];
    const vz = velocity[c + 2];
    const energy = (vx * vx + vy * vy + vz * vz) / 2 + GRAVITY_M_PER_S2 * position[c + 2];
    const last = Number.isNaN(this.energy[robot]) ? energy : this.energy[robot];
    const work = Math.max(0, energy - last);
    this.energy[robot] = energy;
    this.wayM[robot] += Math.sqrt(vx * vx + vy * vy) * this.dtS;
    this.work[robot] += work;
    return work;
  }

  /** Forgets one robot's past, as when it is placed elsewhere. */
  reset(robot: number): void {
    this.energy[robot] = Number.NaN;
    this.work[robot] = 0;
    this.wayM[robot] = 0;
  }

  /** Of all robots together, J/(kg m); NaN where none has moved. */
  pooled(): number {
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    return sum(this.work) / sum(this.wayM);
  }
}
