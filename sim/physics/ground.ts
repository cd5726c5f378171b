import RAPIER from "@dimforge/rapier3d";
import type { Terrain } from "../terrain/height-field.js";
import { GROUND_GROUPS } from "./bodies.js";

/** Adds the ground: a plane where it is flat, a heightfield where it is not. Friction is the robots' own (see `addRobot`). */
export function createGround(world: RAPIER.World, terrain: Terrain): RAPIER.Collider {
  const desc = terrain.heightsM.length === 0 ? plane() : heightfield(terrain);
  return world.createCollider(desc.setFriction(1).setCollisionGroups(GROUND_GROUPS));
}

function plane(): RAPIER.ColliderDesc {
  return RAPIER.ColliderDesc.cuboid(1000, 1000, 0.5).setTranslation(0, 0, -0.5);
}

/**
 * Rapier's heightfields rise along their y axis, with columns along x and rows along z, column-major. Rotated so that these
 * axes (z, x, y) are the world's (x, y, z), its matrix is ours transposed and its triangles are those of `heightAt`.
 * Internal edges are smoothed: feet would catch on them.
 */
function heightfield(terrain: Terrain): RAPIER.ColliderDesc {
  const n = terrain.verticesPerSide;
  const heights = new Float32Array(n * n);
  for (let ix = 0; ix < n; ix++) {
    for (let iy = 0; iy < n; iy++) heights[iy * n + ix] = terrain.heightsM[ix * n + iy];
  }
  const scale = new RAPIER.Vector3(terrain.sizeM, 1, terrain.sizeM);
  const { FIX_INTERNAL_EDGES } = RAPIER.HeightFieldFlags;
  return RAPIER.ColliderDesc.heightfield(n - 1, n - 1, heights, scale, FIX_INTERNAL_EDGES).setRotation(
    new RAPIER.Quaternion(0.5, 0.5, 0.5, 0.5),
  );
}
