/** Draws the part of the ground that an episode's path crosses. */

import { type Box3, BufferAttribute, BufferGeometry, Mesh } from "three";
import { frictionShareAt, heightAt, type Terrain } from "../../sim/terrain/height-field.js";
import { HEIGHT_STD_PER_LEVEL_M } from "../../sim/terrain/noise.js";
import type { Theme } from "../page/theme.js";
import { GroundMaterial, UNDER_ALL } from "./ground-material.js";

/** Full ground up to this distance from the path, fading to nothing at the edge, m. */
const FADE_FROM_M = 3;
const EDGE_M = 5;
/** Flat ground needs vertices for its fading edge only. */
const FLAT_CELL_M = 0.2;
/** Path points closer than this to the last one change nothing one could see, m. */
const PATH_STEP_M = 0.2;

/** A rectangle of the ground's grid, with each vertex's squared distance from the path, m². */
interface Patch {
  readonly cellM: number;
  readonly startX: number;
  readonly startY: number;
  readonly countX: number;
  readonly countY: number;
  readonly distance2: Float32Array;
}

/** Points of a path: x, y pairs in m. */
export type Path = readonly (readonly [number, number])[];

export class TerrainView {
  private readonly material = new GroundMaterial();
  readonly mesh = new Mesh(new BufferGeometry(), this.material);

  constructor() {
    this.mesh.receiveShadow = true;
    this.mesh.renderOrder = UNDER_ALL;
  }

  setTheme(theme: Theme): void {
    this.material.setTheme(theme);
  }

  /** Shows the ground around `path`, at the full resolution that physics saw. */
  show(terrain: Terrain, path: Path): void {
    const flat = terrain.heightsM.length === 0;
    this.mesh.geometry.dispose();
    this.mesh.geometry = patchGeometry(terrain, measurePatch(thinOut(path), flat ? FLAT_CELL_M : terrain.cellM));
    this.material.setRelief(flat ? 0 : this.reliefM(terrain));
  }

  /** Height that gets the full colour, m: of tiles the highest or deepest in sight, which may be a pit or a flight of stairs. */
  private reliefM(terrain: Terrain): number {
    if (terrain.tiles.length === 0) return 2 * HEIGHT_STD_PER_LEVEL_M * terrain.spec.level;
    const { min, max } = boxOf(this.mesh.geometry);
    return Math.max(-min.z, max.z);
  }
}

function boxOf(geometry: BufferGeometry): Box3 {
  geometry.computeBoundingBox();
  return geometry.boundingBox!;
}

function thinOut(path: Path): Path {
  const kept: (readonly [number, number])[] = [];
  for (const point of path) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) > PATH_STEP_M) kept.push(point);
  }
  return kept;
}

function measurePatch(path: Path, cellM: number): Patch {
  const xs = path.map((point) => point[0]);
  const ys = path.map((point) => point[1]);
  const reach = Math.ceil(EDGE_M / cellM);
  const startX = Math.floor(Math.min(...xs) / cellM) - reach;
  const startY = Math.floor(Math.min(...ys) / cellM) - reach;
  const countX = Math.ceil(Math.max(...xs) / cellM) + reach - startX + 1;
  const countY = Math.ceil(Math.max(...ys) / cellM) + reach - startY + 1;
  const distance2 = new Float32Array(countX * countY).fill(Number.POSITIVE_INFINITY);
  for (const [x, y] of path) {
    const centreX = Math.round(x / cellM) - startX;
    const centreY = Math.round(y / cellM) - startY;
    for (let ix = Math.max(0, centreX - reach); ix <= Math.min(countX - 1, centreX + reach); ix++) {
      for (let iy = Math.max(0, centreY - reach); iy <= Math.min(countY - 1, centreY + reach); iy++) {
        const d2 = ((startX + ix) * cellM - x) ** 2 + ((startY + iy) * cellM - y) ** 2;
        const at = ix * countY + iy;
        if (d2 < distance2[at]) distance2[at] = d2;
      }
    }
  }
  return { cellM, startX, startY, countX, countY, distance2 };
}

function patchGeometry(terrain: Terrain, patch: Patch): BufferGeometry {
  const { cellM, startX, startY, countX, countY, distance2 } = patch;
  const position: number[] = [];
  const fade: number[] = [];
  const slippery: number[] = [];
  const vertexAt = new Int32Array(distance2.length).fill(-1);
  for (let ix = 0; ix < countX; ix++) {
    for (let iy = 0; iy < countY; iy++) {
      const distance = Math.sqrt(distance2[ix * countY + iy]);
      if (distance > EDGE_M) continue;
      const x = (startX + ix) * cellM;
      const y = (startY + iy) * cellM;
      vertexAt[ix * countY + iy] = fade.length;
      position.push(x, y, heightAt(terrain, x, y));
      slippery.push(1 - frictionShareAt(terrain, x, y));
      fade.push(1 - smoothstep((distance - FADE_FROM_M) / (EDGE_M - FADE_FROM_M)));
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(position), 3));
  geometry.setAttribute("fade", new BufferAttribute(new Float32Array(fade), 1));
  geometry.setAttribute("slippery", new BufferAttribute(new Float32Array(slippery), 1));
  geometry.setIndex(patchTriangles(vertexAt, countX, countY));
  geometry.computeVertexNormals();
  return geometry;
}

// Each cell is split along the edge from (ix + 1, iy) to (ix, iy + 1), like the ground that physics knows.
function patchTriangles(vertexAt: Int32Array, countX: number, countY: number): number[] {
  const triangles: number[] = [];
  for (let ix = 0; ix + 1 < countX; ix++) {
    for (let iy = 0; iy + 1 < countY; iy++) {
      const at = ix * countY + iy;
      const v00 = vertexAt[at];
      const v01 = vertexAt[at + 1];
      const v10 = vertexAt[at + countY];
      const v11 = vertexAt[at + countY + 1];
      if (v00 < 0 || v01 < 0 || v10 < 0 || v11 < 0) continue;
      triangles.push(v00, v10, v01, v10, v11, v01);
    }
  }
  return triangles;
}

function smoothstep(share: number): number {
  const s = Math.min(Math.max(share, 0), 1);
  return s * s * (3 - 2 * s);
}
