/** The ground around a robot that goes wherever it likes: square tiles, made as it comes near and used again behind it. */

import { BufferAttribute, BufferGeometry, Group, Mesh, PlaneGeometry } from "three";
import { frictionShareAt, type Terrain } from "../../sim/terrain.js";
import { HEIGHT_STD_PER_LEVEL_M } from "../../sim/terrain-noise.js";
import { GroundMaterial } from "../ground-material.js";
import type { Theme } from "../theme.js";

/** Full ground up to this distance from the robot, fading to nothing at the edge, m. */
const FADE_M = [3.5, 6] as const;
const TILE_M = 2;
/** Tiles made at once, once the ground is there: more would be felt. */
const TILES_A_CALL = 1;

type TileMesh = Mesh<BufferGeometry, GroundMaterial>;

export class GroundTiles {
  readonly root = new Group();
  private readonly material = new GroundMaterial(FADE_M);
  private readonly tiles = new Map<string, TileMesh>();
  private readonly spare: TileMesh[] = [];
  private terrain: Terrain | null = null;
  private cellsPerTile = 0;

  setTheme(theme: Theme): void {
    this.material.setTheme(theme);
  }

  /** Shows another ground around (x, y) m. */
  show(terrain: Terrain, x: number, y: number): void {
    for (const { geometry } of [...this.tiles.values(), ...this.spare]) geometry.dispose();
    this.root.clear();
    this.tiles.clear();
    this.spare.length = 0;
    const flat = terrain.heightsM.length === 0 && terrain.frictionShare.length === 0;
    this.terrain = flat ? null : terrain;
    this.cellsPerTile = Math.round(TILE_M / terrain.cellM);
    this.material.setRelief(reliefM(terrain));
    if (flat) this.root.add(this.mesh(levelGeometry()));
    this.moveTo(x, y, Number.POSITIVE_INFINITY);
  }

  /** Keeps ground around (x, y) m. */
  moveTo(x: number, y: number, atOnce = TILES_A_CALL): void {
    this.material.setFocus(x, y);
    if (!this.terrain) {
      this.root.position.set(x, y, 0);
      return;
    }
    this.root.position.set(0, 0, 0);
    const wanted = this.keysAround(this.terrain, x, y);
    for (const [key, tile] of this.tiles) {
      if (wanted.has(key)) continue;
      this.tiles.delete(key);
      this.root.remove(tile);
      this.spare.push(tile);
    }
    let made = 0;
    for (const [key, [column, row]] of wanted) {
      if (this.tiles.has(key)) continue;
      if (made++ === atOnce) return;
      this.addTile(this.terrain, key, column, row);
    }
  }

  /** Tiles of the field that come closer to (x, y) than the edge, by name. */
  private keysAround({ sizeM }: Terrain, x: number, y: number): Map<string, readonly [number, number]> {
    const found = new Map<string, readonly [number, number]>();
    const first = (at: number) => Math.max(0, Math.floor((at - FADE_M[1] + sizeM / 2) / TILE_M));
    const last = (at: number) => Math.min(sizeM / TILE_M - 1, Math.floor((at + FADE_M[1] + sizeM / 2) / TILE_M));
    const gap = (index: number, at: number) =>
      Math.max(0, Math.abs((index + 0.5) * TILE_M - sizeM / 2 - at) - TILE_M / 2);
    for (let column = first(x); column <= last(x); column++) {
      for (let row = first(y); row <= last(y); row++) {
        if (Math.hypot(gap(column, x), gap(row, y)) < FADE_M[1]) found.set(`${column} ${row}`, [column, row]);
      }
    }
    return found;
  }

  private addTile(terrain: Terrain, key: string, column: number, row: number): void {
    const tile = this.spare.pop() ?? this.mesh(tileGeometry(this.cellsPerTile));
    raise(tile.geometry, terrain, column * this.cellsPerTile, row * this.cellsPerTile, this.cellsPerTile);
    this.tiles.set(key, tile);
    this.root.add(tile);
  }

  private mesh(geometry: BufferGeometry): TileMesh {
    const mesh = new Mesh(geometry, this.material);
    mesh.receiveShadow = true;
    return mesh;
  }
}

/** A grid of `cells` by `cells`, its cells split like those that physics knows: from (x + 1, y) to (x, y + 1). */
function tileGeometry(cells: number): BufferGeometry {
  const vertices = (cells + 1) ** 2;
  const triangles: number[] = [];
  for (let ix = 0; ix < cells; ix++) {
    for (let iy = 0; iy < cells; iy++) {
      const at = ix * (cells + 1) + iy;
      const next = at + cells + 1;
      triangles.push(at, next, at + 1, next, next + 1, at + 1);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(new Float32Array(3 * vertices), 3));
  geometry.setAttribute("normal", new BufferAttribute(new Float32Array(3 * vertices), 3));
  geometry.setAttribute("slippery", new BufferAttribute(new Float32Array(vertices), 1));
  geometry.setIndex(triangles);
  return geometry;
}

/** Height that gets the full colour, m: of tiles the highest or deepest, which may be a pit or a flight of stairs. */
function reliefM({ heightsM, tiles, spec }: Terrain): number {
  if (heightsM.length === 0) return 0;
  if (tiles.length === 0) return 2 * HEIGHT_STD_PER_LEVEL_M * spec.level;
  return heightsM.reduce((highest, height) => Math.max(highest, Math.abs(height)), 0);
}

/** A square as wide as ground is seen, all of it as rough as ground is. */
function levelGeometry(): BufferGeometry {
  const geometry = new PlaneGeometry(2 * FADE_M[1], 2 * FADE_M[1]);
  const { count } = geometry.getAttribute("position");
  return geometry.setAttribute("slippery", new BufferAttribute(new Float32Array(count), 1));
}

/** Lays a tile on the ground, its first vertex on the ground's vertex (startX, startY). */
function raise(geometry: BufferGeometry, terrain: Terrain, startX: number, startY: number, cells: number): void {
  const { cellM, sizeM } = terrain;
  const position = geometry.getAttribute("position") as BufferAttribute;
  const normal = geometry.getAttribute("normal") as BufferAttribute;
  const slippery = geometry.getAttribute("slippery") as BufferAttribute;
  for (let row = 0; row <= cells; row++) {
    const ix = startX + row;
    const x = ix * cellM - sizeM / 2;
    for (let column = 0; column <= cells; column++) {
      const iy = startY + column;
      const y = iy * cellM - sizeM / 2;
      const vertex = row * (cells + 1) + column;
      const slopeX = (vertexHeight(terrain, ix + 1, iy) - vertexHeight(terrain, ix - 1, iy)) / (2 * cellM);
      const slopeY = (vertexHeight(terrain, ix, iy + 1) - vertexHeight(terrain, ix, iy - 1)) / (2 * cellM);
      const length = Math.sqrt(slopeX * slopeX + slopeY * slopeY + 1);
      position.setXYZ(vertex, x, y, vertexHeight(terrain, ix, iy));
      normal.setXYZ(vertex, -slopeX / length, -slopeY / length, 1 / length);
      slippery.setX(vertex, 1 - frictionShareAt(terrain, x, y));
    }
  }
  for (const attribute of [position, normal, slippery]) attribute.needsUpdate = true;
  geometry.computeBoundingSphere();
}

/** As `heightAt` has it there, without the search for the triangle: tiles are made between two frames, so in no time. */
function vertexHeight({ heightsM, verticesPerSide: n }: Terrain, ix: number, iy: number): number {
  if (heightsM.length === 0) return 0;
  return heightsM[Math.min(Math.max(ix, 0), n - 1) * n + Math.min(Math.max(iy, 0), n - 1)];
}
