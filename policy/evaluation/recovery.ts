/** How long a pushed robot has to be back to its command, s, and over how much of that it is averaged. */
const RECOVERY_S = 2;
const AVERAGED_S = 0.5;
/** Mean planar velocity, off the command's by less than this, m/s. */
const NEAR_M_PER_S = 0.2;

/** Counts the pushes after which robots were back at their command within 2 s: on the mean over the last half second of those. */
export class Recovery {
  pushed = 0;
  recovered = 0;
  /** Steps since each robot's last push, -1 when none is being watched. [N] */
  private readonly since: Int32Array;
  /** Sums of v_x and v_y errors. [N, 2] */
  private readonly errors: Float64Array;
  private readonly steps: number;
  private readonly averagedSteps: number;

  constructor(numRobots: number, dtS: number) {
    this.since = new Int32Array(numRobots).fill(-1);
    this.errors = new Float64Array(2 * numRobots);
    this.steps = Math.round(RECOVERY_S / dtS);
    this.averagedSteps = Math.round(AVERAGED_S / dtS);
  }

  /** A robot has just been pushed. */
  push(robot: number): void {
    this.pushed++;
    this.since[robot] = 0;
    this.errors.fill(0, 2 * robot, 2 * robot + 2);
  }

  /** Adds a step of a robot that has not fallen. `command` and `velocity`: v_x, v_y, ..., m/s. [N, 3] */
  add(robot: number, command: Float32Array, velocity: Float32Array): void {
    const { since, errors, steps, averagedSteps } = this;
    if (since[robot] < 0) return;
    since[robot]++;
    if (since[robot] <= steps - averagedSteps) return;
    errors[2 * robot] += velocity[3 * robot] - command[3 * robot];
    errors[2 * robot + 1] += velocity[3 * robot + 1] - command[3 * robot + 1];
    if (since[robot] < steps) return;
    const error = Math.hypot(errors[2 * robot], errors[2 * robot + 1]) / averagedSteps;
    if (error < NEAR_M_PER_S) this.recovered++;
    since[robot] = -1;
  }
}
