/** Where a robot's episode starts, and how: standing, level, each foot just above the ground under it. */

import { legJointAngles } from "../../gaits/kinematics.js";
import { JOINTS_PER_LEG, NUM_JOINTS, NUM_LEGS } from "../../gaits/types.js";
import { nominalFeet } from "../control/locomotion-control.js";
import type { Vec3 } from "../math.js";
import type { Pose } from "../physics/engine.js";
import type { Rng } from "../rng.js";
import type { RobotModel } from "../robot/types.js";
import type { Tile } from "../terrain/height-field.js";
import { heightAt, type Terrain } from "../terrain/height-field.js";

/** Air under each foot, m: no foot starts within a bump beside the point under its centre. */
const CLEARANCE_M = 0.01;

/** Robots start within this square around the origin, ± m: far enough from the terrain's edge for any 10 s walk. */
const START_SQUARE_M = 4;
/** On tiles, within this square on the platform, ± m, of tiles whose centres are at most so far from the origin. */
const PLATFORM_START_M = 0.4;
const START_TILES_M = 16;

/** A place on the ground, m, and a heading, rad. */
export interface Start {
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
}

/**
 * Draws where an episode starts: anywhere in the middle of ground that is alike everywhere; on tiles, on a platform, along one
 * of the axes, which lead over the slopes, stairs, gaps and beams. Before a beam, in line with it.
 * @param tile to start on; without one, any
 */
export function drawStart({ tiles }: Terrain, rng: Rng, tile = drawTile(tiles, rng)): Start {
  const halfM = tile ? PLATFORM_START_M : START_SQUARE_M;
  const x = rng.uniform(-halfM, halfM);
  const y = rng.uniform(-halfM, halfM);
  const yaw = rng.uniform(-Math.PI, Math.PI);
  if (!tile) return { x, y, yaw };
  const quarterTurns = Math.round(yaw / (Math.PI / 2));
  const headsAlongX = quarterTurns % 2 === 0;
  return {
    x: tile.x + (tile.kind === "beam" && !headsAlongX ? 0 : x),
    y: tile.y + (tile.kind === "beam" && headsAlongX ? 0 : y),
    yaw: quarterTurns * (Math.PI / 2),
  };
}

function drawTile(tiles: readonly Tile[], rng: Rng): Tile | undefined {
  if (tiles.length <= 1) return tiles[0];
  const near = tiles.filter(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) <= START_TILES_M);
  return near[rng.integer(near.length)];
}

export class StartPose {
  /** Foot centres in the base frame on level ground, and on the ground as it is, m. [4, 3] */
  private readonly levelFeet: Float32Array;
  private readonly feet: Float32Array;
  private readonly groundM = new Float64Array(NUM_LEGS);
  private readonly joints = new Float32Array(NUM_JOINTS);

  constructor(
    private readonly model: RobotModel,
    private readonly terrain: Terrain,
  ) {
    this.levelFeet = nominalFeet(model);
    this.feet = this.levelFeet.slice();
  }

  /**
   * A robot that stands there, its feet under its hips, its base at the nominal height above the mean of the ground under its
   * feet, and the clearance. Its joint angles are overwritten by the next call.
   */
  at({ x, y, yaw }: Start): Pose & { readonly joints: Float32Array } {
    const { levelFeet, feet, groundM, joints, model, terrain } = this;
    const cos = Math.cos(yaw);
    const sin = Math.sin(yaw);
    let meanM = 0;
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      const footX = levelFeet[3 * leg];
      const footY = levelFeet[3 * leg + 1];
      groundM[leg] = heightAt(terrain, x + cos * footX - sin * footY, y + sin * footX + cos * footY);
      meanM += groundM[leg] / NUM_LEGS;
    }
    for (let leg = 0; leg < NUM_LEGS; leg++) {
      feet[3 * leg + 2] = levelFeet[3 * leg + 2] + groundM[leg] - meanM;
      legJointAngles(joints, JOINTS_PER_LEG * leg, model.legs, leg, feet, 3 * leg);
    }
    const position: Vec3 = [x, y, meanM + model.nominalHeightM + CLEARANCE_M];
    return { position, rotation: [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)], joints };
  }
}
