/** A robot's shapes put together, to be drawn by one call instead of one for each: calls cost the page more than triangles do. */

import {
  Bone,
  BufferAttribute,
  BufferGeometry,
  type Color,
  Matrix4,
  type Mesh,
  MeshStandardMaterial,
  type Object3D,
  Skeleton,
  SkinnedMesh,
} from "three";
import { mergeGeometries } from "three/examples/jsm/utils/BufferGeometryUtils.js";

/** A link and the meshes that move with it, which are out of the scene: the topmost object above each stands in the link's frame. */
export interface LinkShapes {
  readonly link: Object3D;
  readonly meshes: readonly Mesh<BufferGeometry, MeshStandardMaterial | MeshStandardMaterial[]>[];
}

/** What of a mesh has one material. */
interface Piece {
  readonly material: MeshStandardMaterial;
  readonly geometry: BufferGeometry;
}

/**
 * Meshes that look as all of these do, and move as their links do, to be put anywhere in the links' scene: one for each way in
 * which materials differ besides their colour. Textures are left out.
 */
export function mergeShapes(links: readonly LinkShapes[]): SkinnedMesh[] {
  const bones = links.map(({ link }) => {
    const bone = new Bone();
    link.add(bone);
    return bone;
  });
  const pieces = links.flatMap(({ meshes }, bone) => meshes.flatMap((mesh) => piecesOf(mesh, bone)));
  return alike(pieces).map((group) => skinnedMesh(group, bones));
}

/** Takes what `mergeShapes` gave out of the scene. */
export function disposeMerged(meshes: readonly SkinnedMesh[]): void {
  for (const mesh of meshes) {
    mesh.removeFromParent();
    mesh.geometry.dispose();
    mesh.skeleton.dispose();
    for (const bone of mesh.skeleton.bones) bone.removeFromParent();
  }
}

function skinnedMesh(pieces: readonly Piece[], bones: Bone[]): SkinnedMesh {
  const { opacity, transparent, side, roughness } = pieces[0].material;
  const material = new MeshStandardMaterial({ vertexColors: true, opacity, transparent, side, roughness });
  const mesh = new SkinnedMesh(mergeGeometries(pieces.map(({ geometry }) => geometry))!, material);
  mesh.bind(
    new Skeleton(
      bones,
      bones.map(() => new Matrix4()),
    ),
    new Matrix4(),
  );
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  mesh.frustumCulled = false; // its bounds would have to be found anew at each pose
  return mesh;
}

function alike(pieces: readonly Piece[]): Piece[][] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const { opacity, transparent, side } = piece.material;
    const look = [opacity, transparent, side].join();
    groups.set(look, [...(groups.get(look) ?? []), piece]);
  }
  return [...groups.values()];
}

/** One for each material. Their vertices are in the link's frame. */
function piecesOf(mesh: LinkShapes["meshes"][number], bone: number): Piece[] {
  const { geometry, material } = mesh;
  mesh.updateWorldMatrix(true, false);
  const toLink = mesh.matrixWorld;
  const count = (geometry.index ?? geometry.getAttribute("position")).count;
  const groups = Array.isArray(material) ? geometry.groups : [{ start: 0, count, materialIndex: 0 }];
  return groups.map(({ start, count, materialIndex }) => {
    const own = [material].flat()[materialIndex ?? 0];
    const part = cut(geometry, start, count).applyMatrix4(toLink);
    if (toLink.determinant() < 0) part.getIndex()!.array.reverse(); // a mirror turns triangles inside out
    addColor(part, own.color);
    addBone(part, bone);
    return { material: own, geometry: part };
  });
}

/** `count` corners of triangles from the `start`th on, with those vertices only that they need. */
function cut(geometry: BufferGeometry, start: number, count: number): BufferGeometry {
  const { index } = geometry;
  const position = geometry.getAttribute("position");
  const newPlace = new Int32Array(position.count).fill(-1);
  const kept: number[] = [];
  const corners = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const vertex = index ? index.getX(start + i) : start + i;
    if (newPlace[vertex] < 0) newPlace[vertex] = kept.push(vertex) - 1;
    corners[i] = newPlace[vertex];
  }
  const part = new BufferGeometry();
  for (const name of ["position", "normal"]) {
    const whole = geometry.getAttribute(name);
    if (!whole) continue;
    const values = new BufferAttribute(new Float32Array(3 * kept.length), 3);
    for (const [i, vertex] of kept.entries()) {
      values.setXYZ(i, whole.getX(vertex), whole.getY(vertex), whole.getZ(vertex));
    }
    part.setAttribute(name, values);
  }
  part.setIndex(new BufferAttribute(corners, 1));
  if (!part.hasAttribute("normal")) part.computeVertexNormals();
  return part;
}

function addColor(part: BufferGeometry, color: Color): void {
  const colors = new Float32Array(3 * part.getAttribute("position").count);
  for (let at = 0; at < colors.length; at += 3) color.toArray(colors, at);
  part.setAttribute("color", new BufferAttribute(colors, 3));
}

/** Has all of it follow one bone. */
function addBone(part: BufferGeometry, bone: number): void {
  const indices = new Uint16Array(4 * part.getAttribute("position").count);
  const weights = new Float32Array(indices.length);
  for (let at = 0; at < indices.length; at += 4) {
    indices[at] = bone;
    weights[at] = 1;
  }
  part.setAttribute("skinIndex", new BufferAttribute(indices, 4));
  part.setAttribute("skinWeight", new BufferAttribute(weights, 4));
}
