/** Commands below these are zero: the robot is to stand. */
export const STANDSTILL_M_PER_S = 0.02;

export const STANDSTILL_RAD_PER_S = 0.02;

/** True where a velocity command is to stand still. @param command [.., 3] at `offset` */
export function isStandstill(command: Float32Array, offset: number): boolean {
  const speed = Math.max(Math.abs(command[offset]), Math.abs(command[offset + 1]));
  return speed < STANDSTILL_M_PER_S && Math.abs(command[offset + 2]) < STANDSTILL_RAD_PER_S;
}
