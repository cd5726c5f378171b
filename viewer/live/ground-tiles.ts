/**
 * The ground around a robot that goes wherever it likes: square tiles, made as it comes near. All are one mesh, as calls that draw
 * cost the page more than triangles do; a new tile takes the place of one that is out of sight.
 */

import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Group, Mesh, PlaneGeometry } from "three";
import { frictionShareAt, type Terrain } from "../../sim/terrain/height-field.js";
import { HEIGHT_STD_PER_LEVEL_M } from "../../sim/terrain/noise.js";
import type { Theme } from "../page/theme.js";
import { GroundMaterial, UNDER_ALL } from "../scene/ground-material.js";

/** Full ground up to this distance from the robot, fading to nothing at the edge, m. */
const FADE_M = [3.5, 6] as const;
const TILE_M = 2;
/** At most: a square of them that holds the circle in sight, wherever in a tile its middle is. */
const MAX_TILES = (Math.ceil((2 * FADE_M[1]) / TILE_M) + 1) ** 2;
/** Tiles made at once, once the ground is there: more would be felt. */
const TILES_A_CALL = 1;

export class GroundTiles {
  readonly root = new Group();
  private readonly material = new GroundMaterial(FADE_M);
  private readonly mesh = new Mesh(new BufferGeometry(), this.material);
  /** Places in the mesh by the tile's name, and those that are free. */
  private readonly places = new Map<string, number>();
  private readonly free: number[] = [];
  private terrain: Terrain | null = null;
  private cellsPerTile = 0;

  constructor() {
    this.mesh.receiveShadow = true;
    this.mesh.frustumCulled = false; // there is always ground in sight
    this.mesh.renderOrder = UNDER_ALL;
    this.root.add(this.mesh);
  }

  setTheme(theme: Theme): void {
    this.material.setTheme(theme);
  }

  /** Shows another ground around (x, y) m. */
  show(terrain: Terrain, x: number, y: number): void {
    const flat = terrain.heightsM.length === 0 && terrain.frictionShare.length === 0;
    this.terrain = flat ? null : terrain;
    this.cellsPerTile = Math.round(TILE_M / terrain.cellM);
    this.material.setRelief(reliefM(terrain));
    this.mesh.geometry.dispose();
    this.mesh.geometry = flat ? levelGeometry() : tilesGeometry(this.cellsPerTile);
    this.places.clear();
    this.free.length = 0;
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
    for (const [key, place] of this.places) {
      if (wanted.has(key)) continue;
      this.places.delete(key); // it has faded to nothing where it is, and stays there until its place is needed
      this.free.push(place);
    }
    let made = 0;
    for (const [key, [column, row]] of wanted) {
      if (this.places.has(key)) continue;
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
    const { geometry } = this.mesh;
    const cells = this.cellsPerTile;
    const place = this.free.pop() ?? this.places.size;
    raise(geometry, place, terrain, column * cells, row * cells, cells);
    this.places.set(key, place);
    const triangles = 2 * cells ** 2;
    geometry.setDrawRange(0, Math.max(geometry.drawRange.count, 3 * triangles * (place + 1)));
  }
}

/** Room for all tiles, none of which is drawn yet. Cells are split like those that physics knows: from (x + 1, y) to (x, y + 1). */
function tilesGeometry(cells: number): BufferGeometry {
  const vertices = (cells + 1) ** 2;
  const triangles = new Uint32Array(6 * cells ** 2 * MAX_TILES);
  let end = 0;
  for (let tile = 0; tile < MAX_TILES; tile++) {
    for (let ix = 0; ix < cells; ix++) {
      for (let iy = 0; iy < cells; iy++) {
        const at = tile * vertices + ix * (cells + 1) + iy;
        const next = at + cells + 1;
        triangles[end++] = at;
        triangles[end++] = next;
        triangles[end++] = at + 1;
        triangles[end++] = next;
        triangles[end++] = next + 1;
        triangles[end++] = at + 1;
      }
    }
  }
  const geometry = new BufferGeometry();
  for (const [name, size] of [
    ["position", 3],
    ["normal", 3],
    ["slippery", 1],
  ] as const) {
    const values = new BufferAttribute(new Float32Array(size * vertices * MAX_TILES), size);
    geometry.setAttribute(name, values.setUsage(DynamicDrawUsage));
  }
  geometry.setIndex(new BufferAttribute(triangles, 1));
  geometry.setDrawRange(0, 0);
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

/** Lays the tile at a place of the mesh on the ground, its first vertex on the ground's vertex (startX, startY). */
function raise(
  geometry: BufferGeometry,
  place: number,
  terrain: Terrain,
  startX: number,
  startY: number,
  cells: number,
): void {
  const { cellM, sizeM } = terrain;
  const [position, normal, slippery] = ["position", "normal", "slippery"].map(
    (name) => geometry.getAttribute(name) as BufferAttribute,
  );
  const first = place * (cells + 1) ** 2;
  let vertex = first;
  for (let ix = startX; ix <= startX + cells; ix++) {
    const x = ix * cellM - sizeM / 2;
    for (let iy = startY; iy <= startY + cells; iy++, vertex++) {
      const y = iy * cellM - sizeM / 2;
      const slopeX = (vertexHeight(terrain, ix + 1, iy) - vertexHeight(terrain, ix - 1, iy)) / (2 * cellM);
      const slopeY = (vertexHeight(terrain, ix, iy + 1) - vertexHeight(terrain, ix, iy - 1)) / (2 * cellM);
      const length = Math.sqrt(slopeX * slopeX + slopeY * slopeY + 1);
      position.setXYZ(vertex, x, y, vertexHeight(terrain, ix, iy));
      normal.setXYZ(vertex, -slopeX / length, -slopeY / length, 1 / length);
      slippery.setX(vertex, 1 - frictionShareAt(terrain, x, y));
    }
  }
  for (const attribute of [position, normal, slippery]) {
    attribute.addUpdateRange(attribute.itemSize * first, attribute.itemSize * (vertex - first));
    attribute.needsUpdate = true;
  }
}

/** As `heightAt` has it there, without the search for the triangle: tiles are made between two frames, so in no time. */
function vertexHeight({ heightsM, verticesPerSide: n }: Terrain, ix: number, iy: number): number {
  if (heightsM.length === 0) return 0;
  return heightsM[Math.min(Math.max(ix, 0), n - 1) * n + Math.min(Math.max(iy, 0), n - 1)];
}
