/**
 * Keeps a trotting trunk upright, at its height and from bouncing through its stance feet, as their heights: legs push out where
 * the trunk is low or sinks, and give way where it is high or rises.
 */

import type { SensorReadings } from "./sensors.js";

/** Time for which a stance foot goes on with the trunk's turning and rising, s. With 0.07 the soft, late motors overcorrect. */
export const DAMPING_S = 0.04;
/** Share of the trunk's tilt and height that stance feet take back. With 0.6 of the tilt it falls half as often again. */
export const LEVELLING = 0.3;

/** What to add to the heights of one robot's stance feet: a plane over the base frame's x and y. */
export class Balance {
  private offsetM = 0;
  private slopeX = 0;
  private slopeY = 0;

  /**
   * Takes a share of the height that the trunk has too much at every point, by its tilt and as a whole, and a time's worth of the
   * velocity at which it rises there.
   *
   * @param heightM of the trunk above what it is to be, as estimated, m
   * @param riseMPerS the trunk's upward velocity in the base frame, as estimated
   */
  set(
    { projectedGravity: gravity, baseAngularVelocity: rate }: SensorReadings,
    robot: number,
    heightM: number,
    riseMPerS: number,
  ) {
    const i = 3 * robot;
    this.offsetM = LEVELLING * heightM + DAMPING_S * riseMPerS;
    this.slopeX = -LEVELLING * gravity[i] - DAMPING_S * rate[i + 1];
    this.slopeY = -LEVELLING * gravity[i + 1] + DAMPING_S * rate[i];
  }

  /** Of a stance foot at (x, y) m in the base frame, m. */
  height(x: number, y: number): number {
    return this.offsetM + this.slopeX * x + this.slopeY * y;
  }
}
