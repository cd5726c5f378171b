/**
 * Share of the trunk's tilt that swing feet are freed from. With all of it the soft, late motors overcorrect; with none, a
 * tilted trunk puts its low-side feet down early and its high-side feet late, and the gait memory alone falls four times as
 * often on rough ground.
 */
export const LEVELLING = 0.5;

/**
 * Turns points of the yaw-aligned base frame (x and y level, x towards the robot's front) into the base frame, which rolls and
 * pitches with the trunk. For swing feet, which are to land on ground that is level on average. Stance feet stay as they are in
 * the base frame: legs of set lengths pull the trunk parallel to the ground that they stand on.
 */
export class Leveller {
  /** Axes of the yaw-aligned frame in the base frame, row by row. */
  private readonly axes = new Float64Array(9);

  /** @param projectedGravity unit vector of gravity in the base frame, at `offset` */
  set(projectedGravity: Float32Array, offset: number): void {
    const { axes } = this;
    const tiltX = -LEVELLING * projectedGravity[offset];
    const tiltY = -LEVELLING * projectedGravity[offset + 1];
    const upright = Math.max(0.1, -projectedGravity[offset + 2]);
    const length = Math.sqrt(tiltX * tiltX + tiltY * tiltY + upright * upright);
    const ux = tiltX / length;
    const uy = tiltY / length;
    const uz = upright / length;
    // x: the trunk's forward axis less its vertical part. z: up. y = z × x.
    const level = Math.sqrt(1 - ux * ux);
    axes[0] = level;
    axes[1] = (-ux * uy) / level;
    axes[2] = (-ux * uz) / level;
    axes[6] = ux;
    axes[7] = uy;
    axes[8] = uz;
    axes[3] = uy * axes[2] - uz * axes[1];
    axes[4] = uz * axes[0] - ux * axes[2];
    axes[5] = ux * axes[1] - uy * axes[0];
  }

  /** `point[offset ...]`, yaw-aligned, to `out[0 ...]` in the base frame. */
  toBase(out: Float32Array, point: Float32Array, offset: number): void {
    const { axes } = this;
    const x = point[offset];
    const y = point[offset + 1];
    const z = point[offset + 2];
    for (let k = 0; k < 3; k++) out[k] = x * axes[k] + y * axes[3 + k] + z * axes[6 + k];
  }
}
