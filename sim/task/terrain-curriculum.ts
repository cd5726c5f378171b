import type { Rng } from "../rng.js";
import type { Tile } from "../terrain/height-field.js";

/**
 * Moves robots to harder tiles when they cope, to easier ones when they don't, as legged_gym does. Each robot keeps to its kind of
 * tile.
 *
 * Up when an episode ends outside of its tile, half a tile or more away. Down when it ends in a fall, or the robot walked less than
 * half of what was commanded. From the hardest row on to any, so that nothing is forgotten.
 */
export class TerrainCurriculum {
  /** Of tiles, the easiest first: where each robot is. [N] */
  readonly rows: Uint8Array;
  /** Of each robot's episode so far, m. [N] */
  private readonly commandedM: Float64Array;
  /** In the direction of the commands. [N] */
  private readonly walkedM: Float64Array;

  /** @param grid tiles row by row, as `planTiles` gives them, each row with every kind in any order */
  constructor(
    private readonly grid: readonly Tile[],
    private readonly rowCount: number,
    numRobots: number,
    private readonly stepS: number,
  ) {
    this.rows = new Uint8Array(numRobots);
    this.commandedM = new Float64Array(numRobots);
    this.walkedM = new Float64Array(numRobots);
  }

  /** The tile that a robot's next episode starts on. */
  start(robot: number): Tile {
    this.commandedM[robot] = 0;
    this.walkedM[robot] = 0;
    return this.tileOf(robot);
  }

  /** Takes in a step under a command (v_x, v_y in m/s and a yaw rate) at a velocity (base frame, m/s). [N, 3] */
  add(robot: number, command: Float32Array, velocity: Float32Array): void {
    const [x, y] = [command[3 * robot], command[3 * robot + 1]];
    const speed = Math.sqrt(x * x + y * y);
    if (speed === 0) return;
    const ahead = (x * velocity[3 * robot] + y * velocity[3 * robot + 1]) / speed;
    this.commandedM[robot] += speed * this.stepS;
    this.walkedM[robot] += ahead * this.stepS;
  }

  /** Ends a robot's episode at (x, y) m. */
  end(robot: number, fell: boolean, x: number, y: number, rng: Rng): void {
    const tile = this.tileOf(robot);
    const leftTile = Math.max(Math.abs(x - tile.x), Math.abs(y - tile.y)) > tile.sideM / 2;
    const row = this.rows[robot];
    if (fell || this.walkedM[robot] < this.commandedM[robot] / 2) this.rows[robot] = Math.max(row - 1, 0);
    else if (leftTile) this.rows[robot] = row + 1 < this.rowCount ? row + 1 : rng.integer(this.rowCount);
  }

  private tileOf(robot: number): Tile {
    const columns = this.grid.length / this.rowCount;
    const first = this.rows[robot] * columns;
    // The easiest row's order of the kinds is every robot's.
    const { kind } = this.grid[robot % columns];
    return this.grid.slice(first, first + columns).find((tile) => tile.kind === kind)!;
  }
}
