/** What stands in an exported log's 3D scene: the robot's collision shapes, and the ground around its path. */

import type { Color, Pose, SceneEntity, SceneUpdate, Time } from "@foxglove/schemas";
import type { EpisodeLog } from "../../../sim/episode-log.js";
import type { CollisionShape } from "../../../sim/robot/types.js";
import type { UrdfDocument } from "../../../sim/robot/urdf.js";
import { createTerrain } from "../../../sim/terrain/create.js";
import { heightAt, type Terrain } from "../../../sim/terrain/height-field.js";
import { HEIGHT_STD_PER_LEVEL_M } from "../../../sim/terrain/noise.js";
import { poseOf, vectorOf } from "./values.js";

/** The world's frame, as ROS names it (REP 105). */
export const WORLD_FRAME = "map";

const ROBOT_COLOR: Color = { r: 0.75, g: 0.77, b: 0.8, a: 1 };
const LOW: Color = { r: 0.27, g: 0.33, b: 0.36, a: 1 };
const HIGH: Color = { r: 0.72, g: 0.7, b: 0.62, a: 1 };
/** Around the path, m. */
const GROUND_MARGIN_M = 1.5;
/** Half as fine as the ground of evaluations: a log of some 10 m of path has 8,000 vertices. */
const GROUND_CELL_M = 0.08;

/** An entity a link, which goes along with the link's frame. */
export function robotScene(urdf: UrdfDocument, timestamp: Time): SceneUpdate {
  const drawn = urdf.links.filter(({ collisions }) => collisions.length > 0);
  const entities = drawn.map(({ name, collisions }) => ({
    ...emptyEntity(name, name, timestamp),
    cubes: shapesOf(collisions, "box").map((box) => ({
      ...placeOf(box),
      size: vectorOf(box.halfExtentsM.map((half) => 2 * half)),
    })),
    spheres: shapesOf(collisions, "sphere").map((sphere) => ({
      ...placeOf(sphere),
      size: vectorOf(Array(3).fill(2 * sphere.radiusM)),
    })),
    cylinders: shapesOf(collisions, "cylinder").map((cylinder) => ({
      ...placeOf(cylinder),
      size: vectorOf([2 * cylinder.radiusM, 2 * cylinder.radiusM, 2 * cylinder.halfLengthM]),
      bottom_scale: 1,
      top_scale: 1,
    })),
  }));
  return { deletions: [], entities };
}

/** The ground around an episode's path as a mesh, the higher the lighter. */
export function groundScene(log: EpisodeLog, timestamp: Time): SceneUpdate {
  const terrain = createTerrain(log.header.terrain);
  const { vertices, indices } = groundMesh(terrain, log);
  const deviationM = HEIGHT_STD_PER_LEVEL_M * Math.max(terrain.spec.level, 1);
  const mesh = {
    pose: poseOf([0, 0, 0], [0, 0, 0, 1]),
    points: vertices.map((vertex) => vectorOf(vertex)),
    color: LOW,
    colors: vertices.map(([, , z]) => colorAt(0.5 + z / (4 * deviationM))), // from -2 to 2 standard deviations
    indices,
  };
  return { deletions: [], entities: [{ ...emptyEntity("ground", WORLD_FRAME, timestamp), triangles: [mesh] }] };
}

function groundMesh(terrain: Terrain, log: EpisodeLog): { vertices: number[][]; indices: number[] } {
  const { offset } = log.column("basePosition");
  const along = (axis: number) => Array.from({ length: log.numFrames }, (_, i) => log.frame(i)[offset + axis]);
  const cellsOf = (values: readonly number[]) => {
    const first = Math.floor((Math.min(...values) - GROUND_MARGIN_M) / GROUND_CELL_M);
    return { first, count: Math.ceil((Math.max(...values) + GROUND_MARGIN_M) / GROUND_CELL_M) - first + 1 };
  };
  const xs = cellsOf(along(0));
  const ys = cellsOf(along(1));
  const vertices: number[][] = [];
  const indices: number[] = [];
  for (let ix = 0; ix < xs.count; ix++) {
    for (let iy = 0; iy < ys.count; iy++) {
      const x = (xs.first + ix) * GROUND_CELL_M;
      const y = (ys.first + iy) * GROUND_CELL_M;
      vertices.push([x, y, heightAt(terrain, x, y)]);
      if (ix === 0 || iy === 0) continue;
      const v11 = vertices.length - 1;
      const [v00, v01, v10] = [v11 - ys.count - 1, v11 - ys.count, v11 - 1];
      indices.push(v00, v10, v01, v10, v11, v01); // counter-clockwise from above
    }
  }
  return { vertices, indices };
}

function emptyEntity(id: string, frame: string, timestamp: Time): SceneEntity {
  return {
    timestamp,
    frame_id: frame,
    id,
    lifetime: { sec: 0, nsec: 0 }, // for good
    frame_locked: true,
    metadata: [],
    arrows: [],
    cubes: [],
    spheres: [],
    cylinders: [],
    lines: [],
    triangles: [],
    texts: [],
    models: [],
  };
}

function shapesOf<K extends CollisionShape["kind"]>(shapes: readonly CollisionShape[], kind: K) {
  return shapes.filter((shape): shape is Extract<CollisionShape, { kind: K }> => shape.kind === kind);
}

function placeOf({ originM, rotation }: CollisionShape): { pose: Pose; color: Color } {
  return { pose: poseOf(originM, rotation), color: ROBOT_COLOR };
}

function colorAt(share: number): Color {
  const s = Math.min(Math.max(share, 0), 1);
  const blend = (low: number, high: number) => Number((low + s * (high - low)).toFixed(2));
  return { r: blend(LOW.r, HIGH.r), g: blend(LOW.g, HIGH.g), b: blend(LOW.b, HIGH.b), a: 1 };
}
