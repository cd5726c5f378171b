/** Velocity commands that change evenly instead of at once, for N robots. */
export class CommandRamps {
  /** Change a policy step: m/s, m/s, rad/s. [N, 3] */
  private readonly change: Float32Array;
  private readonly from = new Float32Array(3);

  constructor(numEnvs: number) {
    this.change = new Float32Array(3 * numEnvs);
  }

  /** The robot's command stays as it is. */
  stop(robot: number): void {
    this.change.fill(0, 3 * robot, 3 * robot + 3);
  }

  /**
   * Has a robot's command go from what it is now to what `draw` makes of it.
   *
   * @param command v_x m/s, v_y m/s, yaw rate rad/s of all robots [N, 3]
   * @param draw writes the robot's new command
   * @param steps that it takes; 0: at once
   */
  lead(command: Float32Array, robot: number, draw: () => void, steps: number): void {
    const { change, from } = this;
    const c = 3 * robot;
    for (let axis = 0; axis < 3; axis++) from[axis] = command[c + axis];
    draw();
    this.stop(robot);
    if (steps === 0) return;
    for (let axis = 0; axis < 3; axis++) {
      change[c + axis] = (command[c + axis] - from[axis]) / steps;
      command[c + axis] = from[axis];
    }
  }

  /** One policy step on. */
  advance(command: Float32Array, robot: number): void {
    for (let i = 3 * robot; i < 3 * robot + 3; i++) command[i] += this.change[i];
  }
}
